/**
 * What a listener would have heard of a record: each stretch of time in which an alert stood at one priority, and
 * where the analysed lead could not be read. In seconds of record time, for programs that score alarms.
 */
import { type AlertPriority, PIPELINE_RATE_HZ, type QualityChange } from '@rhythmd/ecg/types.ts';
import type { ToldAlert } from './record-analysis.ts';

export interface ToldAlarm {
  readonly kind: string;
  readonly priority: AlertPriority;
  /** Where the condition began, as the alert says. */
  readonly start_s: number;
  /** When the samples that made it known had arrived: from here on it stood at this priority. */
  readonly told_s: number;
  /** When it was over, or went on at another priority; null while it stands at the record's end. */
  readonly end_s: number | null;
}

/**
 * One entry for each priority an alert had: one that rises from medium to high ends as medium where it rises.
 * Acknowledgement and latching are the daemon's: here an alert ends with its condition.
 * @param alerts in the order in which they were told
 */
export function toldAlarms(alerts: readonly ToldAlert[]): ToldAlarm[] {
  const told: { -readonly [Key in keyof ToldAlarm]: ToldAlarm[Key] }[] = [];
  const standing = new Map<string, (typeof told)[number]>();
  for (const { id, kind, priority, phase, startSample, toldAt } of alerts) {
    const open = standing.get(id);
    if (phase !== 'end' && open?.priority === priority) continue;
    if (open !== undefined) open.end_s = seconds(toldAt);
    standing.delete(id);
    if (phase === 'end') continue;
    const alarm = { kind, priority, start_s: seconds(startSample), told_s: seconds(toldAt), end_s: null };
    told.push(alarm);
    standing.set(id, alarm);
  }
  return told;
}

/** @param changes of one lead, in the order they were told; a later one overrides what was assumed since its sample */
export function unreadableStretches(
  changes: readonly QualityChange[],
  sampleCount: number,
): [from: number, to: number][] {
  const stretches: [number, number][] = [];
  for (const [fromSample, toSample] of unreadableSamples(changes, sampleCount)) {
    const [from, to] = [seconds(fromSample), seconds(toSample)];
    if (to > from) stretches.push([from, to]);
  }
  return stretches;
}

/** The same in pipeline samples; stretches that touch are one. */
export function unreadableSamples(
  changes: readonly { readonly sample: number; readonly quality: QualityChange['quality'] }[],
  sampleCount: number,
): [from: number, to: number][] {
  const settled: (typeof changes)[number][] = [];
  for (const change of changes) {
    while (settled.length > 0 && settled.at(-1)!.sample >= change.sample) settled.pop();
    settled.push(change);
  }
  const stretches: [number, number][] = [];
  for (const [i, { sample, quality }] of settled.entries()) {
    if (quality === 'good') continue;
    const to = settled[i + 1]?.sample ?? sampleCount;
    const last = stretches.at(-1);
    if (last !== undefined && last[1] >= sample) last[1] = to;
    else if (to > sample) stretches.push([sample, to]);
  }
  return stretches;
}

const seconds = (sample: number): number => Math.round((1000 * sample) / PIPELINE_RATE_HZ) / 1000;
