import { EXIT_DONE, EXIT_INTERRUPTED } from '@rhythmd/shell/exit-status.ts';

/**
 * The status of a command that a signal ended. The service manager's wish is the normal end of `run` and `ward`; whatever else
 * is ended has not done its work.
 */
export function statusWhenInterrupted([verb]: readonly string[], signal: unknown): number {
  return (verb === 'run' || verb === 'ward') && signal === 'SIGTERM' ? EXIT_DONE : EXIT_INTERRUPTED;
}
