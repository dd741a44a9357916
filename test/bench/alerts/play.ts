/** Plays a record's timeline through the rhythm stage, and reads its alerts as stretches of the record. */
import type { AlertKind } from '@rhythmd/ecg/rhythm/kinds.ts';
import { RhythmMonitor } from '@rhythmd/ecg/rhythm/monitor.ts';
import { type RhythmSettings, rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import type { Alert } from '@rhythmd/ecg/types.ts';
import type { Interval } from './interval.ts';
import { BLOCK_SAMPLES, type RecordTimeline } from './timeline.ts';

export interface HeardAlert extends Alert {
  /** Sample time at which the message was given: what a live listener would wait for. */
  readonly heardAt: number;
}

export function playTimeline(
  timeline: RecordTimeline,
  settings: RhythmSettings = rhythmSettings(),
): HeardAlert[] {
  const { lead } = timeline;
  const heard: HeardAlert[] = [];
  let now = 0;
  const monitor = new RhythmMonitor({
    rateHz: 360,
    leadNames: ['lead'],
    settings,
    onAlert: (alert) => heard.push({ ...alert, heardAt: now }),
  });
  let next = 0;
  for (let first = 0; first < lead.length; first += BLOCK_SAMPLES) {
    const count = Math.min(BLOCK_SAMPLES, lead.length - first);
    now = first + count;
    for (; next < timeline.events.length && timeline.events[next]!.at <= now; next += 1) {
      const event = timeline.events[next]!;
      if ('quality' in event) monitor.pushQuality(event.quality);
      else if ('estimate' in event) monitor.pushEstimate(event.estimate);
      else if ('peak' in event) monitor.pushPeak(event.peak, event.doubt);
      else monitor.pushBeat({ id: String(event.beat.sample), ...event.beat });
    }
    const leads = [lead.subarray(first, first + count)];
    monitor.pushSamples({ first, rateHz: 360, leads, count, flags: 0, lost: 0 });
  }
  return heard;
}

export interface Alarm extends Interval {
  readonly heardAt: number;
}

/** One alarm a condition: from where it began to its end. */
export function episodesHeard(heard: readonly HeardAlert[], kind: AlertKind, sampleCount: number): Alarm[] {
  const open = new Map<string, HeardAlert>();
  const alarms: Alarm[] = [];
  for (const alert of heard) {
    if (alert.kind !== kind) continue;
    if (alert.phase === 'start') open.set(alert.id, alert);
    else if (alert.phase === 'end') {
      const start = open.get(alert.id)!;
      open.delete(alert.id);
      const until = alert.evidence.until_sample;
      const to = typeof until === 'number' ? until : alert.sample;
      alarms.push({ from: start.startSample, to: Math.max(to, start.startSample), heardAt: start.heardAt });
    }
  }
  for (const start of open.values()) {
    alarms.push({ from: start.startSample, to: sampleCount, heardAt: start.heardAt });
  }
  return alarms;
}

/** One alarm an occurrence, for the kinds that gather several under one id. */
export function occurrencesHeard(heard: readonly HeardAlert[], kind: AlertKind): Alarm[] {
  const alarms: { from: number; to: number; heardAt: number }[] = [];
  for (const alert of heard) {
    if (alert.kind !== kind || alert.phase === 'end') continue;
    const from = Number(alert.evidence.event_sample);
    const last = Number(alert.evidence.until_sample ?? alert.sample);
    if (alert.evidence.event === 'occurrence') alarms.push({ from, to: last, heardAt: alert.heardAt });
    else alarms.at(-1)!.to = last;
  }
  return alarms;
}
