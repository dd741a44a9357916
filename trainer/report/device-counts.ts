/** What `npm run bench -- paper` left behind: a beat by our own integer executor on the paper's processors, emulated. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OnDevices } from '../evaluate/result-row.ts';

export const DEVICE_COMMAND = 'npm run bench -- paper';
/** Counts what has fewer channels, into its row. */
export const ARCHIVES_COMMAND = 'npm run bench -- paper --archives';
/** The paper's Zero and the Zero 2 W; and a heart that is fast, not at its worst. */
export const CLOCK_HZ = 1e9;
export const FAST_HEART_PER_MINUTE = 180;
export const CYCLES_A_BEAT = (CLOCK_HZ * 60) / FAST_HEART_PER_MINUTE;
const countsPath = fileURLToPath(new URL('../../test/bench/results/paper.json', import.meta.url));

export interface DeviceCount extends OnDevices {
  readonly network: string;
}

/** By network, whole and in 8 bits; empty where nothing was counted. */
export function readDeviceCounts(path = countsPath): ReadonlyMap<string, DeviceCount> {
  if (!existsSync(path)) return new Map();
  const { networks } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly networks: readonly DeviceCount[];
  };
  return new Map(networks.map((count) => [count.network, count]));
}
