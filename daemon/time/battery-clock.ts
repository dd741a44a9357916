/** Whether this computer keeps time while it is switched off: a Raspberry Pi does not, unless a clock was added. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CLOCKS = '/sys/class/rtc';

/** The kernel says of each clock whether it took the time from it when it started (rtc(4), `hctosys`). @param folder for tests */
export function timeCameFromBattery(folder = CLOCKS): boolean {
  try {
    return readdirSync(folder).some(
      (name) => readFileSync(join(folder, name, 'hctosys'), 'utf8').trim() === '1',
    );
  } catch {
    return false;
  }
}
