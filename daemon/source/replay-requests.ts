/** The requests that concern a replay: `bench` and its verbs. */
import { readdirSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { BenchState } from '@rhythmd/protocol/requests.ts';
import { readHeader } from '@rhythmd/records/read-record.ts';
import type { RequestHandlers } from '../requests/gateway.ts';
import { REPLAY_FAULTS } from './open-replay.ts';
import type { ReplaySource } from './replay-source.ts';

const SPEEDS = [0.5, 1, 2, 5, 10, 20] as const;
/** A name, never a path: the record folders are all a page may play from. */
const RECORD_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * @param replay null: the source is a board
 * @param onRecord another record plays: another patient
 * The handlers throw E_NOT_A_REPLAY for a real board, E_RECORD_NOT_FOUND, and E_REQUEST_BODY for a fault that is none.
 */
export function replayHandlers(
  replay: ReplaySource | null,
  recordFolders: readonly string[],
  onRecord: () => Promise<void> | undefined = () => undefined,
): Pick<RequestHandlers, 'bench' | 'bench.play' | 'bench.speed' | 'bench.seek' | 'bench.fault'> {
  const playing = (): ReplaySource => {
    if (replay !== null) return replay;
    throw new RhythmdError(
      'E_NOT_A_REPLAY',
      'the source is a board, not a replay',
      'Set source.url to sim:RECORD.',
    );
  };
  const changed = async (change: (replay: ReplaySource) => Parameters<ReplaySource['change']>[0]) => {
    const source = playing();
    await source.change(change(source));
    return benchState(source, recordFolders);
  };
  return {
    bench: () => benchState(playing(), recordFolders),
    'bench.play': async ({ record }) => {
      const before = playing().current.record;
      const state = await changed(() => {
        readHeader(record, recordFolders);
        return { record, fromS: 0 };
      });
      if (record !== before) await onRecord();
      return state;
    },
    'bench.speed': ({ speed }) => changed(({ positionS }) => ({ speed, fromS: positionS })),
    'bench.seek': ({ seconds }) => changed(() => ({ fromS: seconds })),
    'bench.fault': ({ fault }) =>
      changed((source) => ({ fault: faultNamed(source, fault), fromS: source.positionS })),
  };
}

function benchState(replay: ReplaySource, recordFolders: readonly string[]): BenchState {
  const { record, speed } = replay.current;
  const durationS = durationOf(record, recordFolders);
  return {
    records: recordNames(recordFolders),
    record: durationS === null ? null : (record.split('/').at(-1) ?? null),
    speed,
    speeds: SPEEDS,
    duration_s: durationS,
    origin_sample: durationS === null ? null : replay.originSample,
    faults: canFail(replay) ? REPLAY_FAULTS : [],
  };
}

/** Only the simulated board can be broken; a file is read as it is. */
const canFail = (replay: ReplaySource): boolean => replay.url.startsWith('sim:');

/** @returns null when it is not there: a synthetic patient plays instead */
function durationOf(record: string, recordFolders: readonly string[]): number | null {
  try {
    const { sampleCount, rateHz } = readHeader(record, recordFolders);
    return sampleCount === null ? null : sampleCount / rateHz;
  } catch {
    return null;
  }
}

function recordNames(folders: readonly string[]): string[] {
  const names = new Set<string>();
  for (const folder of folders) {
    for (const file of filesOf(folder)) if (file.endsWith('.hea')) names.add(file.slice(0, -4));
  }
  return [...names].filter((name) => RECORD_NAME.test(name)).sort();
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function faultNamed(replay: ReplaySource, fault: string): string {
  const found = REPLAY_FAULTS.find((name) => name === fault);
  if (found !== undefined && canFail(replay)) return found;
  throw new RhythmdError(
    'E_REQUEST_BODY',
    `no fault "${fault}" here`,
    `There are ${REPLAY_FAULTS.join(', ')}.`,
  );
}
