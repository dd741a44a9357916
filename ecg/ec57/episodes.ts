/**
 * Episode-by-episode comparison of ANSI/AAMI EC57 (WFDB's `epicmp`): ventricular flutter or fibrillation, and
 * atrial fibrillation. An episode is found when the other side's overlaps it at all; durations tell how well.
 * Atrial flutter of the reference is left out of the test's atrial fibrillation: neither right nor wrong.
 */
import type { Annotation } from '../wfdb/annotation.ts';
import type { ComparePeriod } from './compare-beats.ts';
import { rhythmIntervals, ventricularFlutter } from './rhythm-intervals.ts';
import type { RunCounts } from './runs.ts';
import { ratio } from './statistics.ts';
import type { Interval } from './timeline.ts';

export type EpisodeKind = 'ventricularFlutter' | 'atrialFibrillation';

export interface EpisodeComparison extends RunCounts {
  readonly referenceS: number;
  readonly testS: number;
  readonly overlapS: number;
}

export function compareEpisodes(
  reference: readonly Annotation[],
  test: readonly Annotation[],
  period: ComparePeriod,
  kind: EpisodeKind,
): EpisodeComparison {
  const intervalsOf = (annotations: readonly Annotation[]) =>
    clip(
      kind === 'ventricularFlutter' ? ventricularFlutter(annotations) : rhythmIntervals(annotations, '(AFIB'),
      period,
    );
  const referenceEpisodes = intervalsOf(reference);
  const excluded = kind === 'atrialFibrillation' ? clip(rhythmIntervals(reference, '(AFL'), period) : [];
  const testEpisodes = intervalsOf(test).flatMap((episode) => without(episode, excluded));
  const found = referenceEpisodes.filter((episode) => overlap(episode, testEpisodes) > 0).length;
  const confirmed = testEpisodes.filter((episode) => overlap(episode, referenceEpisodes) > 0).length;
  const seconds = (samples: number) => samples / period.rateHz;
  return {
    found,
    missed: referenceEpisodes.length - found,
    confirmed,
    spurious: testEpisodes.length - confirmed,
    referenceS: seconds(lengthOf(referenceEpisodes)),
    testS: seconds(lengthOf(testEpisodes)),
    overlapS: seconds(referenceEpisodes.reduce((sum, episode) => sum + overlap(episode, testEpisodes), 0)),
  };
}

function clip(intervals: readonly Interval[], { fromSample, endSample }: ComparePeriod): Interval[] {
  return intervals
    .map(({ start, end }) => ({ start: Math.max(start, fromSample), end: Math.min(end, endSample) }))
    .filter(({ start, end }) => end > start);
}

/** What is left of an episode outside the exclusions. */
function without(episode: Interval, excluded: readonly Interval[]): Interval[] {
  let left = [episode];
  for (const { start, end } of excluded) {
    left = left.flatMap((piece) =>
      [
        { start: piece.start, end: Math.min(piece.end, start) },
        { start: Math.max(piece.start, end), end: piece.end },
      ].filter((rest) => rest.end > rest.start),
    );
  }
  return left;
}

function overlap(episode: Interval, others: readonly Interval[]): number {
  let total = 0;
  for (const { start, end } of others) {
    total += Math.max(0, Math.min(episode.end, end) - Math.max(episode.start, start));
  }
  return total;
}

function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { start, end }) => sum + end - start, 0);
}

export function sumEpisodes(comparisons: readonly EpisodeComparison[]): EpisodeComparison {
  const total = (key: keyof EpisodeComparison) =>
    comparisons.reduce((sum, comparison) => sum + comparison[key], 0);
  return {
    found: total('found'),
    missed: total('missed'),
    confirmed: total('confirmed'),
    spurious: total('spurious'),
    referenceS: total('referenceS'),
    testS: total('testS'),
    overlapS: total('overlapS'),
  };
}

/** By count, and by duration. */
export function episodeRatios(comparison: EpisodeComparison) {
  const { found, missed, confirmed, spurious, referenceS, testS, overlapS } = comparison;
  return {
    se: ratio(found, found + missed),
    pp: ratio(confirmed, confirmed + spurious),
    durationSe: ratio(overlapS, referenceS),
    durationPp: ratio(overlapS, testS),
  };
}
