/** The recording that holds a moment. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { findFormat } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { readHeader } from '@rhythmd/records/read-record.ts';
import { RECORDING_NAME } from '../sink/recorder/layout.ts';

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

export interface RecordingAt {
  /** Without extension. */
  readonly path: string;
  /** Of the moment in the recording. */
  readonly fromS: number;
}

/** Is it a moment (`2026-11-22T15:20:10Z`) rather than a record's name? The zone has to be there. */
export function isMoment(text: string): boolean {
  return TIME.test(text) && !Number.isNaN(Date.parse(text));
}

/** @throws RhythmdError E_RECORDING_TIME when nothing was recorded then */
export function recordingAt(moment: string, folder: string): RecordingAt {
  const timeMs = Date.parse(moment);
  for (const name of recordingsIn(folder).reverse()) {
    const path = join(folder, name);
    const header = readHeader(path);
    const startMs = startOf(header);
    if (startMs === null || startMs > timeMs) continue;
    const fromS = (timeMs - startMs) / 1000;
    if (fromS < (header.sampleCount ?? samplesHeld(path, header)) / header.rateHz) return { path, fromS };
  }
  throw new RhythmdError(
    'E_RECORDING_TIME',
    `nothing was recorded at ${moment} in ${folder}`,
    'The names of the recordings there say when each begins, in UTC',
  );
}

/** Of one whose header gives no count: its first second is not over. */
function samplesHeld(path: string, { signals }: RecordHeader): number {
  const { samplesIn } = findFormat(signals[0]?.format ?? 16, path);
  return Math.floor(samplesIn(statSync(`${path}.dat`).size) / Math.max(1, signals.length));
}

function recordingsIn(folder: string): string[] {
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // No folder, no recordings.
  }
  return names
    .filter((name) => name.endsWith('.hea'))
    .map((name) => name.slice(0, -'.hea'.length))
    .filter((name) => RECORDING_NAME.test(name))
    .sort();
}
