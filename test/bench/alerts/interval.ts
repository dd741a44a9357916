/** Stretches of a record, in samples, and how two lists of them agree. */

export interface Interval {
  readonly from: number;
  readonly to: number;
}

function overlapOf(one: Interval, other: Interval): number {
  return Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from));
}

/** They share at least half of the shorter one: the same episode, whatever its ends. */
function isSameEpisode(one: Interval, other: Interval): boolean {
  if (one.from > other.to || other.from > one.to) return false;
  return overlapOf(one, other) >= 0.5 * Math.min(one.to - one.from, other.to - other.from);
}

export interface EpisodeCounts {
  reference: number;
  found: number;
  alarms: number;
  true: number;
  /** Alarms that touch an ignored stretch only: neither true nor false. */
  ignored: number;
}

/** @param ignored stretches in which the reference says nothing about this kind */
export function countEpisodes(
  reference: readonly Interval[],
  alarms: readonly Interval[],
  ignored: readonly Interval[] = [],
): EpisodeCounts {
  const counts = { reference: reference.length, found: 0, alarms: 0, true: 0, ignored: 0 };
  for (const episode of reference) {
    if (alarms.some((alarm) => isSameEpisode(episode, alarm))) counts.found += 1;
  }
  for (const alarm of alarms) {
    if (reference.some((episode) => isSameEpisode(episode, alarm))) counts.true += 1;
    else if (ignored.some((stretch) => overlapOf(stretch, alarm) > 0)) {
      counts.ignored += 1;
      continue;
    }
    counts.alarms += 1;
  }
  return counts;
}

/** Stretches joined where they touch, in order. */
function joined(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const interval of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && interval.from <= last.to) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, interval.to) };
    } else result.push(interval);
  }
  return result;
}

/** Samples that lie in both lists. */
export function sharedDuration(one: readonly Interval[], other: readonly Interval[]): number {
  let sum = 0;
  for (const a of joined(one)) for (const b of joined(other)) sum += overlapOf(a, b);
  return sum;
}

export function durationOf(intervals: readonly Interval[]): number {
  return joined(intervals).reduce((sum, { from, to }) => sum + to - from, 0);
}
