/** A recorder in a temporary folder, fed by hand. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Recorder, type RecorderOptions } from '@rhythmd/daemon/sink/recorder.ts';
import type { Samples, StreamDescription } from '@rhythmd/ecg/types.ts';

export const HOUR_START_MS = Date.UTC(2026, 10, 22, 15, 0, 0);

export function describeStream(over: Partial<StreamDescription> = {}): StreamDescription {
  return {
    board: 'native',
    rateHz: 360,
    leadNames: ['MLII', 'V1'],
    microvoltsPerCount: [5, 5],
    firmware: null,
    ...over,
  };
}

/** `count` samples from `first` on: lead 0 counts up in steps of 5 uV, lead 1 down. */
export function ramp(first: number, count: number, over: Partial<Samples> = {}): Samples {
  const up = Float32Array.from({ length: count }, (_, i) => (((first + i) % 1000) - 500) * 0.005);
  return {
    first,
    rateHz: 360,
    leads: [up, up.map((value) => -value)],
    count,
    flags: 0,
    lost: 0,
    ...over,
  };
}

export interface LoggedRecorder {
  readonly recorder: Recorder;
  readonly folder: string;
  readonly lines: string[];
}

export function makeRecorder(over: Partial<RecorderOptions> = {}): LoggedRecorder {
  const folder = over.folder ?? mkdtempSync(join(tmpdir(), 'rhythmd-recorder-'));
  const lines: string[] = [];
  const say = (message: string | (() => string)) => {
    lines.push(typeof message === 'string' ? message : message());
  };
  const recorder = new Recorder({
    folder,
    minFreeBytes: 0,
    maxBytes: Number.POSITIVE_INFINITY,
    sync: false,
    origin: 'a test',
    log: { error: say, warn: say, info: say, debug: say },
    monotonicMs: () => performance.now(),
    freeBytes: async () => Number.POSITIVE_INFINITY,
    ...over,
  });
  return { recorder, folder, lines };
}

/** What the process of recorder-process.ts feeds at a time, and how far apart its beats are, in samples. */
export const PIECE = 36;
export const BEAT_EVERY = 360;
