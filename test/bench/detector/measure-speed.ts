/** Samples a second of one lead through the detector, in memory, by the time the processor spent on it. */
import { QrsDetector } from '@rhythmd/ecg/signal/qrs/detector.ts';
import type { ReferencedRecord } from '@rhythmd/trainer/detector/beats.ts';
import { quantile } from './measure.ts';

/** The best of so many: a shared machine only ever makes it slower. */
const ROUNDS = 8;

export interface SpeedFigures {
  /** Over records, millions of samples a second. */
  readonly medianMsamplesPerS: number;
  readonly fastestMsamplesPerS: number;
  readonly slowestMsamplesPerS: number;
}

export function measureSpeed(records: readonly ReferencedRecord[]): SpeedFigures {
  const speeds = records.map((record) => {
    let best = 0;
    for (let round = 0; round < ROUNDS; round++) best = Math.max(best, speedOf(record));
    return best;
  });
  return {
    medianMsamplesPerS: quantile(speeds, 0.5),
    fastestMsamplesPerS: Math.max(...speeds),
    slowestMsamplesPerS: Math.min(...speeds),
  };
}

function speedOf({ leads, rateHz }: ReferencedRecord): number {
  const count = leads[0]!.length;
  const samples = { first: 0, rateHz, leads: leads.slice(0, 1), count, flags: 0, lost: 0 };
  const detector = new QrsDetector({ rateHz, leads: 1 });
  let peaks = 0;
  const onPeak = (): void => void peaks++;
  const before = process.cpuUsage();
  detector.push(samples, onPeak);
  detector.flush(onPeak);
  const { user, system } = process.cpuUsage(before);
  return peaks > 0 ? count / (user + system) : 0;
}
