/** 0 done, 1 the run failed, 2 bad usage or configuration, 130 interrupted. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_INTERRUPTED = 130;

const USAGE_CODES =
  /^E_(USAGE|CONFIG_.*|SOURCE_URL|BOARD_UNKNOWN|DEVICE_ID|ALERT_LIMIT|WEB_TOKEN|BROKER_OPEN)$/;

/** The status an error ends the program with. */
export function exitStatusOf(error: unknown): number {
  return error instanceof RhythmdError && USAGE_CODES.test(error.code) ? EXIT_USAGE : EXIT_FAILED;
}
