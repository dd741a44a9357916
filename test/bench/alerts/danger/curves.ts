/** Sensitivity against false alarms: the limits of the rhythm network moved one by one, on the records that have episodes. */
import { type RhythmLimitName, rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { type DangerNetworks, outcomeWith, readDanger, recordsOf } from './measure.ts';
import type { RecordOutcome } from './outcome.ts';

const LIMITS: readonly (readonly [RhythmLimitName, readonly number[]])[] = [
  ['fibrillationProbability', [0.6, 0.7, 0.9]],
  ['tachycardiaProbability', [0.4, 0.8]],
  ['asystoleProbability', [0.4, 0.8]],
  ['noiseProbability', [0.015, 0.06, 0.12]],
];
const DATABASES = ['cudb', 'vfdb'];

export interface CurvePoint {
  readonly alarm: string;
  readonly limit: number;
  readonly outcomes: readonly RecordOutcome[];
}

/** Each limit at its default and at others, the rest at their defaults; cross-fitted where there are such estimates. */
export async function measureCurves(
  networks: DangerNetworks,
  estimates: string | null,
  progress: (line: string) => void,
): Promise<CurvePoint[]> {
  const usual = rhythmSettings();
  const points = LIMITS.flatMap(([alarm, others]) =>
    [...others, usual[alarm]]
      .sort((a, b) => a - b)
      .map((limit) => ({ alarm, limit, isUsual: limit === usual[alarm], outcomes: [] as RecordOutcome[] })),
  );
  for (const database of DATABASES) {
    for (const name of recordsOf(database)) {
      const record = await readDanger(database, name, networks, estimates);
      const timeline = record.crossFitted ?? record.timeline;
      const asUsual = outcomeWith(record, timeline);
      for (const { alarm, limit, isUsual, outcomes } of points) {
        outcomes.push(isUsual ? asUsual : outcomeWith(record, timeline, rhythmSettings({ [alarm]: limit })));
      }
      progress(`curves: ${database}/${name} done`);
    }
  }
  return points;
}
