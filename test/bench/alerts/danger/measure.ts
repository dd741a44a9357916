/**
 * What kills, measured on whole databases end to end: the daemon's own stages, its networks, its rules. Each record is
 * taken from the folder of its database beside the configured record folders.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toldAlarms, unreadableStretches } from '@rhythmd/daemon/analyze/told-alarms.ts';
import type { Classifier } from '@rhythmd/daemon/classify/classifier.ts';
import type { RhythmNetwork } from '@rhythmd/daemon/classify/rhythm-network.ts';
import { RHYTHM_CLASSES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { type RhythmSettings, rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { findBesideRecords } from '@rhythmd/records/folders.ts';
import { readAnnotationFile } from '@rhythmd/records/read-annotations.ts';
import { readHeader, readRecord } from '@rhythmd/records/read-record.ts';
import { playTimeline } from '../play.ts';
import {
  detectedTimeline,
  estimateWindows,
  labelByClassifier,
  type RecordTimeline,
  type TimelineEvent,
} from '../timeline.ts';
import { type ReferenceEpisodes, referenceEpisodes } from './episodes.ts';
import { outcomeOf, type RecordOutcome } from './outcome.ts';
import { keptTimeline } from './timeline-cache.ts';

export const DANGER_DATABASES = ['cudb', 'vfdb', 'svdb', 'mitdb', 'ludb'] as const;
const RATE_HZ = 360;
/** Samples between two rows of a file of cross-fitted estimates. */
const ESTIMATE_STEP = 180;

/** What the stages before the rules ask; `key` is the `stagesKey` of their models. */
export interface DangerNetworks {
  readonly classifier: Classifier | null;
  readonly rhythm: RhythmNetwork | null;
  readonly key: string;
}

export interface DangerRecord {
  readonly database: string;
  readonly name: string;
  /** With the shipped rhythm network's estimates, where it was given. */
  readonly timeline: RecordTimeline;
  /** With cross-fitted estimates; null where there are none for this record. */
  readonly crossFitted: RecordTimeline | null;
  readonly reference: ReferenceEpisodes;
}

/** Names of a database's records; none where it is not there. */
export function recordsOf(database: string): string[] {
  const list = findBesideRecords(`${database}/RECORDS`);
  return list === null ? [] : readFileSync(list, 'utf8').trim().split('\n');
}

/** @param estimates folder of cross-fitted estimates (`DATABASE-RECORD.f32` of `trainer evaluate --answers`); null: none */
export async function readDanger(
  database: string,
  name: string,
  networks: DangerNetworks,
  estimates: string | null,
): Promise<DangerRecord> {
  const path = findBesideRecords(`${database}/${name}.hea`)!.replace(/\.hea$/, '');
  const { classifier, rhythm, key } = networks;
  const { rateHz, sampleCount } = readHeader(path);
  const timeline = await keptTimeline(key, `${database}-${name}`, path, async () => {
    const record = readRecord(path);
    // ludb is about lead ii: its twelve are not what a device has.
    const leads = database === 'ludb' ? [record.leads[1]!] : record.leads;
    const channels = classifier?.card.input.channels ?? 'replicated';
    const detected = detectedTimeline(leads, channels, { rateHz, withWindows: rhythm !== null });
    if (rhythm !== null) await estimateWindows(detected, rhythm);
    return classifier === null ? detected : await labelByClassifier(detected, classifier);
  });
  const crossFitted = estimates === null ? null : join(estimates, `${database}-${name}.f32`);
  const annotations = existsSync(`${path}.atr`) ? readAnnotationFile(`${path}.atr`) : [];
  return {
    database,
    name,
    timeline,
    crossFitted:
      crossFitted !== null && existsSync(crossFitted)
        ? withEstimates(withoutEstimates(timeline), crossFitted)
        : null,
    reference: referenceEpisodes(
      annotations,
      rateHz,
      sampleCount ?? Math.round((timeline.lead.length * rateHz) / RATE_HZ),
    ),
  };
}

function withEstimates(timeline: RecordTimeline, path: string): RecordTimeline {
  const bytes = readFileSync(path);
  const values = new Float32Array(Uint8Array.from(bytes).buffer);
  const width = RHYTHM_CLASSES.length;
  const events: TimelineEvent[] = [...timeline.events];
  // The daemon gives none before half of the window was received.
  for (let row = 7; row < values.length / width; row++) {
    const sample = (row + 1) * ESTIMATE_STEP;
    const probabilities = values.slice(row * width, (row + 1) * width);
    events.push({ at: sample, estimate: { sample, probabilities, received: 1 } });
  }
  return { ...timeline, events: events.sort((a, b) => a.at - b.at) };
}

export function withoutEstimates(timeline: RecordTimeline): RecordTimeline {
  return { ...timeline, events: timeline.events.filter((event) => !('estimate' in event)) };
}

export function outcomeWith(
  { reference, database, name }: DangerRecord,
  timeline: RecordTimeline,
  settings: RhythmSettings = rhythmSettings(),
): RecordOutcome {
  const heard = playTimeline(timeline, settings);
  const quality = timeline.events.flatMap((event) =>
    'quality' in event && event.quality.lead === 0 ? [event.quality] : [],
  );
  return outcomeOf(
    database,
    name,
    reference,
    toldAlarms(heard.map((alert) => ({ ...alert, toldAt: alert.heardAt }))),
    unreadableStretches(quality, timeline.lead.length),
  );
}

/** Beats of the reference outside fibrillation against the peaks: missed and extra, within 150 ms. */
export function qrsErrors({ timeline, reference }: DangerRecord): {
  missed: number;
  extra: number;
  beats: number;
} {
  const isOutside = (atS: number) =>
    !reference.fibrillation.some(({ fromS, toS }) => fromS <= atS && atS <= toS);
  const beats = [...reference.beatsS].filter(isOutside);
  const peaks = timeline.events
    .flatMap((event) => ('peak' in event ? [event.peak.sample / RATE_HZ] : []))
    .filter(isOutside);
  let extra = 0;
  let missed = 0;
  let next = 0;
  for (const peak of peaks) {
    while (next < beats.length && beats[next]! < peak - MATCH_S) {
      missed++;
      next++;
    }
    if (next < beats.length && Math.abs(beats[next]! - peak) <= MATCH_S) next++;
    else extra++;
  }
  return { missed: missed + beats.length - next, extra, beats: beats.length };
}

/** EC57's match window. */
const MATCH_S = 0.15;
