/** The requests that concern a replay: `bench` and its verbs (daemon/requests.ts has their bodies). */
import { readdirSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { BenchState, RequestBody } from '@rhythmd/protocol/requests.ts';
import { readHeader } from '@rhythmd/records/read-record.ts';
import { REPLAY_FAULTS } from './open-replay.ts';
import type { ReplaySource } from './replay-source.ts';

const SPEEDS = [0.5, 1, 2, 5, 10, 20] as const;
/** A name, never a path: the record folders are all a page may play from. */
const RECORD_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * @returns the answer; undefined when the verb is none of these.
 * @throws E_REQUEST_BODY; E_NOT_A_REPLAY for a real board; E_RECORD_NOT_FOUND
 */
export async function answerReplayRequest(
  replay: ReplaySource | null,
  recordFolders: readonly string[],
  verb: string,
  body: RequestBody,
): Promise<BenchState | undefined> {
  if (verb !== 'bench' && !verb.startsWith('bench.')) return undefined;
  if (replay === null) {
    throw new RhythmdError(
      'E_NOT_A_REPLAY',
      'the source is a board, not a replay',
      'Set source.url to sim:RECORD.',
    );
  }
  switch (verb) {
    case 'bench':
      break;
    case 'bench.play': {
      const record = recordIn(body);
      readHeader(record, recordFolders);
      await replay.change({ record, fromS: 0 });
      break;
    }
    case 'bench.speed':
      await replay.change({
        speed: numberIn(body, 'speed', SPEEDS[0], SPEEDS.at(-1)!),
        fromS: replay.positionS,
      });
      break;
    case 'bench.seek':
      await replay.change({ fromS: numberIn(body, 'seconds', 0, 24 * 3600) });
      break;
    case 'bench.fault':
      await replay.change({ fault: faultIn(replay, body), fromS: replay.positionS });
      break;
    default:
      return undefined;
  }
  return benchState(replay, recordFolders);
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

function recordIn({ record }: RequestBody): string {
  if (typeof record === 'string' && RECORD_NAME.test(record)) return record;
  throw new RhythmdError('E_REQUEST_BODY', 'bench.play needs the name of a record', 'Send {"record": "208"}');
}

function numberIn(body: RequestBody, key: string, least: number, most: number): number {
  const value = body[key];
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new RhythmdError(
    'E_REQUEST_BODY',
    `${key} must be a number from ${least} to ${most}`,
    `Send {"${key}": ${least}}`,
  );
}

function faultIn(replay: ReplaySource, { fault }: RequestBody): string {
  const found = REPLAY_FAULTS.find((name) => name === fault);
  if (found !== undefined && canFail(replay)) return found;
  throw new RhythmdError(
    'E_REQUEST_BODY',
    `no fault "${String(fault)}" here`,
    `There are ${REPLAY_FAULTS.join(', ')}.`,
  );
}
