/** What `npm run bench -- paper` left behind: a beat by our own integer executor on the paper's processors, emulated. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const DEVICE_COMMAND = 'npm run bench -- paper';
const countsPath = fileURLToPath(new URL('../../test/bench/results/paper.json', import.meta.url));

export interface DeviceCount {
  readonly network: string;
  /** Weights, and every value of a beat. */
  readonly memoryBytes: number;
  /** null: the executor refuses its graph. */
  readonly instructions: { readonly a53: number; readonly arm1176: number } | null;
}

/** By network, whole and in 8 bits; empty where nothing was counted. */
export function readDeviceCounts(path = countsPath): ReadonlyMap<string, DeviceCount> {
  if (!existsSync(path)) return new Map();
  const { networks } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly networks: readonly DeviceCount[];
  };
  return new Map(networks.map((count) => [count.network, count]));
}
