/** What this process takes of the machine. */

import { readFileSync } from 'node:fs';
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';

/** The processor's temperature on a Raspberry Pi and most other Linux machines, in thousandths of a degree. */
const THERMAL_ZONE = '/sys/class/thermal/thermal_zone0/temp';

export class ProcessFigures {
  #cpu = process.cpuUsage();
  #atMs: number;

  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  /** CPU share since the last reading; 100 is one core. @param nowMs by the clock that nobody sets */
  read(nowMs: number): { rss_mb: number | null; cpu_percent: number | null; temperature_c: number | null } {
    const used = process.cpuUsage(this.#cpu);
    const elapsedMs = nowMs - this.#atMs;
    this.#cpu = process.cpuUsage();
    this.#atMs = nowMs;
    const cpu = elapsedMs > 0 ? (used.user + used.system) / 10 / elapsedMs : null;
    return {
      rss_mb: residentMegabytes(),
      cpu_percent: cpu === null ? null : Math.round(10 * cpu) / 10,
      temperature_c: temperature(),
    };
  }
}

/** Read from a file: with no descriptor left (EMFILE) it is unknown, and health still says the rest. */
function residentMegabytes(): number | null {
  try {
    return Math.round(process.memoryUsage.rss() / MEGABYTE);
  } catch {
    return null;
  }
}

function temperature(): number | null {
  try {
    const value = Number(readFileSync(THERMAL_ZONE, 'utf8'));
    return Number.isFinite(value) && value !== 0 ? Math.round(value / 100) / 10 : null;
  } catch {
    return null;
  }
}
