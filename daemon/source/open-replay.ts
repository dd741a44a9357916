/** The source of an address, and, where it is a replay, the means to change it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenSourceOptions, openSource } from './open-source.ts';
import { type Replay, ReplaySource } from './replay-source.ts';
import { SimProgram } from './sim-program.ts';
import type { Source } from './source.ts';
import { parseSourceUrl } from './source-url.ts';

/** A fault begins this long after it was asked for, and lasts this long, in seconds of the stream. */
const FAULT_AT_S = 2;
const FAULT_FOR_S = 8;

/** Faults of the simulated board worth showing by hand. */
export const REPLAY_FAULTS = ['lead-off', 'saturation', 'hum', 'drop', 'stall', 'unplug', 'reboot'] as const;

export interface OpenedSource {
  readonly source: Source;
  /** null: a real board cannot be told what to play. */
  readonly replay: ReplaySource | null;
}

/** @throws E_SOURCE_URL, E_BOARD_UNKNOWN */
export function openSourceOrReplay(url: string, options: OpenSourceOptions): OpenedSource {
  const address = parseSourceUrl(url);
  if (address.kind !== 'sim' && address.kind !== 'wfdb')
    return { source: openSource(url, options), replay: null };
  const fromS = Number(/[?&]from=([\d.]+)/.exec(url)?.[1] ?? 0);
  // What is changed is told to the program that runs: starting another takes seconds on a small computer.
  const simProgram = new SimProgram();
  const shared = { ...options, simProgram };
  const replay = new ReplaySource({
    first: { record: address.record, speed: address.speed, fromS, fault: null },
    open: (wanted) => openSource(wanted === null ? url : replayUrl(url, wanted), shared),
    close: () => simProgram.stop(),
  });
  return { source: replay, replay };
}

/** The same kind of replay of something else: board, seed and loop stay as configured. */
export function replayUrl(configured: string, { record, speed, fromS, fault }: Replay): string {
  const [address = '', query = ''] = configured.split('?');
  const kind = address.split(':')[0]!;
  const options = new URLSearchParams(query);
  for (const name of ['duration', 'faults']) options.delete(name);
  options.set('speed', Number.isFinite(speed) ? String(speed) : 'max');
  options.set('from', fromS.toFixed(3));
  if (kind === 'sim' && fault !== null) options.set('faults', faultScript(fault));
  return `${kind}:${record}?${options}`;
}

function faultScript(kind: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'rhythmd-fault-')), 'fault.toml');
  writeFileSync(path, `[[fault]]\nkind = "${kind}"\nat = ${FAULT_AT_S}\nfor = ${FAULT_FOR_S}\n`);
  return path;
}
