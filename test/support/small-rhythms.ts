/** Records for the rhythm network that need no database: beats, runs of ventricular ones, waves, lines. */

import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import {
  ASYSTOLE,
  FIBRILLATION,
  type ReferenceBeat,
  type RhythmDatabase,
  TACHYCARDIA,
} from '@rhythmd/trainer/rhythm/reference.ts';
import type { RecordedNoise, RhythmRecord } from '@rhythmd/trainer/rhythm/rhythm-record.ts';

const RATE = 90;
const SECONDS = 120;

export function smallRecords(): RhythmRecord[] {
  return [
    recordOf('mitdb', '100', 0),
    recordOf('svdb', '800', TACHYCARDIA),
    recordOf('vfdb', '420', FIBRILLATION),
    recordOf('cudb', 'cu01', ASYSTOLE),
  ];
}

export function smallNoise(): RecordedNoise {
  const random = new SeededRandom(11);
  const make = (): Float32Array => Float32Array.from({ length: 60 * RATE }, () => 0.3 * random.gaussian());
  const pair = (): Float32Array[] => [make(), make()];
  return { bw: pair(), em: pair(), ma: pair() };
}

/** Beats at 60 a minute; in the last half minute `c`, when it is not an organised rhythm. */
function recordOf(database: RhythmDatabase, name: string, c: number): RhythmRecord {
  const lead = new Float32Array(SECONDS * RATE);
  const reference = new Int8Array(lead.length);
  const beats: ReferenceBeat[] = [];
  const until = c === 0 ? SECONDS : SECONDS - 30;
  reference.fill(c, until * RATE);
  for (let second = 1; second < until - 1; second++) {
    // One in seven is ventricular, alone.
    beats.push({ at: second * RATE, code: codeOf(second % 7 === 0 ? 'V' : 'N')! });
  }
  for (let at = until * RATE; c === TACHYCARDIA && at < lead.length - 20; at += 0.35 * RATE) {
    beats.push({ at, code: codeOf('V')! });
  }
  for (const { at, code } of beats) {
    const width = code === codeOf('V') ? 6 : 2;
    for (let i = -30; i <= 30; i++) lead[Math.round(at) + i]! += Math.exp(-((i / width) ** 2));
  }
  if (c === FIBRILLATION) {
    for (let i = until * RATE; i < lead.length; i++) lead[i] = 0.4 * Math.sin((2 * Math.PI * 5 * i) / RATE);
  }
  return { database, name, leads: [lead, lead.map((value) => 0.5 * value)], beats, reference };
}
