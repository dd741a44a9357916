/** 0 done, 1 the run failed, 2 bad usage or configuration, 130 interrupted. */
import { ERROR_CODES } from '@rhythmd/ecg/error-codes.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_INTERRUPTED = 130;

/** The status an error ends the program with. */
export function exitStatusOf(error: unknown): number {
  return error instanceof RhythmdError && ERROR_CODES[error.code].usage ? EXIT_USAGE : EXIT_FAILED;
}

/**
 * The status of a command that a signal ended. The service manager's wish is the normal end of `run`; whatever else
 * is ended has not done its work.
 */
export function statusWhenInterrupted([verb]: readonly string[], signal: unknown): number {
  return verb === 'run' && signal === 'SIGTERM' ? EXIT_DONE : EXIT_INTERRUPTED;
}
