/**
 * What was asked cannot be understood. Only the reason is said here: who runs the command adds its usage and ends with
 * status 2 (dispatch.ts). Its code is the one of the project's other errors; the class is the shell's own, since the
 * shell imports nobody.
 */
export class UsageError extends Error {
  readonly code = 'E_USAGE';
  override readonly name = 'UsageError';
}

/** @throws UsageError always */
export function refuseUsage(reason: string): never {
  throw new UsageError(reason);
}
