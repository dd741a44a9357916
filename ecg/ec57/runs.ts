/**
 * Run-by-run comparison of ANSI/AAMI EC57 (WFDB's `rxr`): couplets (2), short runs (3 to 5) and long runs (6 or
 * more) of ectopic beats. A run of one side counts as found when the other side has a run long enough within
 * the match window around it. Flutter and fibrillation stand for a long run; an unreadable stretch ends one.
 */
import type { Annotation } from '../wfdb/annotation.ts';
import { AnnotationCode } from '../wfdb/annotation-codes.ts';
import { beatClassOf } from './beat-classes.ts';
import { type ComparePeriod, matchWindowSamples } from './compare-beats.ts';
import { rhythmIntervals, ventricularFlutter } from './rhythm-intervals.ts';
import { ratio } from './statistics.ts';
import { type Interval, isInside, isShutdownMark } from './timeline.ts';

export type RunKind = 'ventricular' | 'supraventricular';

export interface RunCounts {
  /** Reference runs that were found and missed. */
  readonly found: number;
  readonly missed: number;
  /** Test runs that are true and false. */
  readonly confirmed: number;
  readonly spurious: number;
}

export interface RunComparison {
  readonly couplets: RunCounts;
  readonly shortRuns: RunCounts;
  readonly longRuns: RunCounts;
}

/** Longer runs are not told apart. */
const LONG_RUN = 6;
const SHORT_RUN = 3;
const COUPLET = 2;

/** What ends a run has weight 0, an ectopic beat 1, an episode of flutter or fibrillation LONG_RUN. */
interface RunEvent extends Interval {
  readonly weight: number;
  /** A beat within atrial fibrillation or flutter. */
  readonly isWithin?: boolean;
}

/** Ectopic beats in a row, one or more; from the first of them to the last. */
export interface EctopicRun extends Interval {
  readonly beats: number;
  /** Flutter or fibrillation is part of it, whose beats nobody counts. */
  readonly hasEpisode: boolean;
  /** Some of its beats lie within atrial fibrillation or flutter, which a beat of another kind may have interrupted. */
  readonly isWithin: boolean;
}

export function compareRuns(
  reference: readonly Annotation[],
  test: readonly Annotation[],
  period: ComparePeriod,
  kind: RunKind,
): RunComparison {
  const referenceEvents = eventsOf(reference, kind);
  const testEvents = eventsOf(test, kind);
  const window = matchWindowSamples(period.rateHz);
  const compare = (from: readonly RunEvent[], other: readonly RunEvent[]) =>
    runsOf(from, period).map(({ start, end, beats, hasEpisode }) => ({
      length: hasEpisode ? LONG_RUN : Math.min(LONG_RUN, beats),
      counterpart: longestRun(other, start - window, end + window),
    }));
  const forward = compare(referenceEvents, testEvents);
  const backward = compare(testEvents, referenceEvents);
  const counts = (shortest: number, longest: number): RunCounts => {
    const inRange = ({ length }: { length: number }) => length >= shortest && length <= longest;
    const matched = ({ counterpart }: { counterpart: number }) => counterpart >= shortest;
    const referenceRuns = forward.filter(inRange);
    const testRuns = backward.filter(inRange);
    const found = referenceRuns.filter(matched).length;
    const confirmed = testRuns.filter(matched).length;
    return {
      found,
      missed: referenceRuns.length - found,
      confirmed,
      spurious: testRuns.length - confirmed,
    };
  };
  return {
    couplets: counts(COUPLET, COUPLET),
    shortRuns: counts(SHORT_RUN, LONG_RUN - 1),
    longRuns: counts(LONG_RUN, LONG_RUN),
  };
}

function eventsOf(annotations: readonly Annotation[], kind: RunKind): RunEvent[] {
  const flutter = ventricularFlutter(annotations);
  const atrial = kind === 'supraventricular' ? rhythmIntervals(annotations, '(AF') : [];
  const targets = kind === 'ventricular' ? 'VF' : 'S';
  const episodes = kind === 'ventricular' ? flutter : atrial;
  const events: RunEvent[] = episodes.map((interval) => ({ ...interval, weight: LONG_RUN }));
  for (const annotation of annotations) {
    const { sample, code } = annotation;
    if (isShutdownMark(annotation)) events.push({ start: sample, end: sample, weight: 0 });
    const name = beatClassOf(code);
    if (name === 'O' || code === AnnotationCode.flutterWave || isInside(flutter, sample)) continue;
    // In atrial fibrillation a normal beat is a supraventricular one.
    const isWithin = isInside(atrial, sample);
    const isTarget = targets.includes(name) || (name === 'N' && isWithin);
    events.push({ start: sample, end: sample, weight: isTarget ? 1 : 0, isWithin });
  }
  return events.sort((a, b) => a.start - b.start);
}

/** Every run of one annotator, with its length: what `compareRuns` compares. */
export function ectopicRuns(
  annotations: readonly Annotation[],
  period: ComparePeriod,
  kind: RunKind,
): EctopicRun[] {
  return runsOf(eventsOf(annotations, kind), period);
}

/** Runs within the period. */
function runsOf(events: readonly RunEvent[], { fromSample, endSample }: ComparePeriod): EctopicRun[] {
  const runs: EctopicRun[] = [];
  let run: { -readonly [Key in keyof EctopicRun]: EctopicRun[Key] } | null = null;
  for (const event of events) {
    if (event.end < fromSample || event.start > endSample) continue;
    if (event.weight === 0) {
      if (run) runs.push(run);
      run = null;
      continue;
    }
    const start = Math.max(event.start, fromSample);
    run ??= { start, end: event.end, beats: 0, hasEpisode: false, isWithin: false };
    run.end = Math.max(run.end, event.end);
    if (event.isWithin) run.isWithin = true;
    if (event.weight === LONG_RUN) run.hasEpisode = true;
    else run.beats++;
  }
  if (run) runs.push(run);
  return runs;
}

function longestRun(events: readonly RunEvent[], from: number, to: number): number {
  let longest = 0;
  let length = 0;
  for (const { start, end, weight } of events) {
    if (end < from || start > to) continue;
    length = weight === 0 ? 0 : length + weight;
    longest = Math.max(longest, length);
  }
  return Math.min(LONG_RUN, longest);
}

export function sumRuns(comparisons: readonly RunComparison[]): RunComparison {
  const add = (pick: (comparison: RunComparison) => RunCounts): RunCounts => {
    const total = (key: keyof RunCounts) =>
      comparisons.reduce((sum, comparison) => sum + pick(comparison)[key], 0);
    return {
      found: total('found'),
      missed: total('missed'),
      confirmed: total('confirmed'),
      spurious: total('spurious'),
    };
  };
  return {
    couplets: add(({ couplets }) => couplets),
    shortRuns: add(({ shortRuns }) => shortRuns),
    longRuns: add(({ longRuns }) => longRuns),
  };
}

/** Sensitivity over the reference's runs, positive predictivity over the test's. */
export function runRatios({ found, missed, confirmed, spurious }: RunCounts) {
  return { se: ratio(found, found + missed), pp: ratio(confirmed, confirmed + spurious) };
}
