/** A recorder under test, and what it left behind. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { AlertEvent, BeatEvent } from '@rhythmd/protocol/events.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { HOUR_START_MS, makeRecorder } from '../../../support/recording.ts';

export const beat = (sample: number, code = 'N') => ({ sample, code }) as BeatEvent;
export const alert = (over: Partial<AlertEvent>) =>
  ({
    id: 'a1',
    kind: 'atrial_fibrillation',
    phase: 'start',
    t_ms: HOUR_START_MS,
    evidence: {},
    ...over,
  }) as AlertEvent;
export const recordings = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.hea'))
    .map((name) => name.slice(0, -4))
    .sort();
export const marks = (folder: string, name: string) =>
  readAnnotations(join(folder, name), 'atr').map(
    ({ sample, code, aux }) => `${sample} ${mnemonicOf(code)}${aux === null ? '' : ` ${aux}`}`,
  );
export const started = async (t: TestContext, over: Parameters<typeof makeRecorder>[0] = {}) => {
  const made = makeRecorder(over);
  await made.recorder.start();
  t.after(async () => {
    await made.recorder.stop();
    rmSync(made.folder, { recursive: true, force: true });
  });
  return made;
};
