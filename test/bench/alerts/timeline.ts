/**
 * What the rhythm stage is told of a record, in the order in which a live daemon would know it. Made from the
 * reference annotations, or by our own stages.
 */

import type { Classifier } from '@rhythmd/daemon/classify/classifier.ts';
import type { RhythmNetwork } from '@rhythmd/daemon/classify/rhythm-network.ts';
import { SignalStages } from '@rhythmd/daemon/signal-stages.ts';
import type { ChannelLayout } from '@rhythmd/ecg/beat/beat-builder.ts';
import { RHYTHM_CLASSES, type RhythmEstimate } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RHYTHM_IMAGE_VALUES, RhythmImageMaker } from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import { BEAT_LABELS, type BeatLabel, type Peak, type QualityChange } from '@rhythmd/ecg/types.ts';
import { perfectLabel, type ReferenceBeat } from './reference.ts';

/** Samples a live daemon gets at a time: a quarter of a second. */
export const BLOCK_SAMPLES = 90;
/** EC57's match window: 150 ms. */
const MATCH_SAMPLES = 54;
const RATE_HZ = 360;
const IMAGE_VALUES = 3 * 36 * 36;

export interface TimelineBeat {
  readonly sample: number;
  readonly label: BeatLabel | null;
  /** null: the label is the reference's. */
  readonly probabilities: Float32Array | null;
}

export type TimelineEvent =
  | { readonly at: number; readonly estimate: RhythmEstimate }
  | { readonly at: number; readonly peak: Peak; readonly doubt?: number }
  | { readonly at: number; readonly quality: QualityChange }
  | { readonly at: number; readonly beat: TimelineBeat };

export interface RecordTimeline {
  readonly events: TimelineEvent[];
  /** The analysed lead at the pipeline's rate. */
  readonly lead: Float32Array;
  /** One image a beat, in order; empty where labels come from the reference. */
  readonly images: Float32Array[];
  /** Windows for the rhythm network, with the event that waits for their estimate. */
  readonly windows: {
    readonly at: number;
    readonly estimate: RhythmEstimate;
    readonly image: Float32Array;
  }[];
}

/** Reference beats with the labels of a perfect classifier, each known when the next one is. */
export function referenceTimeline(beats: readonly ReferenceBeat[], lead: Float32Array): RecordTimeline {
  const events: TimelineEvent[] = [{ at: 0, quality: { lead: 0, sample: 0, quality: 'good' } }];
  for (const [index, { sample, code }] of beats.entries()) {
    const at = Math.min(beats[index + 1]?.sample ?? Number.POSITIVE_INFINITY, sample + 648);
    events.push({ at: sample, peak: { sample, amplitudeMv: 1, knownAt: sample } });
    events.push({ at, beat: { sample, label: perfectLabel(code), probabilities: null } });
  }
  return { events: events.sort((a, b) => a.at - b.at), lead, images: [], windows: [] };
}

/** The daemon's own stages over all leads of a record; beats have no labels and windows no estimates yet. */
export function detectedTimeline(
  leads: readonly Float32Array[],
  channels: ChannelLayout,
  options: { rateHz?: number; withWindows?: boolean } = {},
): RecordTimeline {
  const { rateHz = RATE_HZ, withWindows = false } = options;
  const events: TimelineEvent[] = [];
  const images: Float32Array[] = [];
  const windows: RecordTimeline['windows'] = [];
  const maker = new RhythmImageMaker();
  const length = leads[0]!.length;
  const lead = new Float32Array(Math.ceil((length * RATE_HZ) / rateHz) + 1);
  let known = 0;
  let at = 0;
  const stages = new SignalStages(
    { rateHz, leads: leads.length, analysedLead: 0, channels, normalisation: 'running' },
    {
      samples: ({ first, count, leads: resampled }) => {
        lead.set(resampled[0]!.subarray(0, count), first);
        known = first + count;
      },
      quality: (quality) => events.push({ at, quality }),
      peak: (peak, doubt) => events.push({ at, peak, doubt }),
      beat: (beat) => {
        images.push(beat.image.slice());
        events.push({ at, beat: { sample: beat.sample, label: null, probabilities: null } });
      },
      ...(withWindows && {
        rhythmWindow: (sample: number, window: Float32Array, received: number) => {
          const image = new Float32Array(RHYTHM_IMAGE_VALUES);
          maker.make(window, image);
          const estimate = { sample, probabilities: new Float32Array(RHYTHM_CLASSES.length), received };
          windows.push({ at, estimate, image });
          events.push({ at, estimate });
        },
      }),
    },
  );
  const block = Math.max(1, Math.round((BLOCK_SAMPLES * rateHz) / RATE_HZ));
  for (let first = 0; first < length; first += block) {
    const count = Math.min(block, length - first);
    at = Math.round(((first + count) * RATE_HZ) / rateHz);
    const parts = leads.map((values) => values.subarray(first, first + count));
    stages.push({ first, rateHz, leads: parts, count, flags: 0, lost: 0 });
  }
  stages.flush();
  return { events, lead: lead.subarray(0, known), images, windows };
}

/** Asks the network about every window; the estimates stand where the events are. */
export async function estimateWindows(timeline: RecordTimeline, network: RhythmNetwork): Promise<void> {
  for (const { estimate, image } of timeline.windows) {
    estimate.probabilities.set((await network.estimate(image, 1))[0]!);
  }
}

/** Own peaks with the label of the reference beat within 150 ms; a peak without one is taken for a normal beat. */
export function labelByReference(timeline: RecordTimeline, beats: readonly ReferenceBeat[]): RecordTimeline {
  let next = 0;
  const events = timeline.events.map((event) => {
    if (!('beat' in event)) return event;
    const { sample } = event.beat;
    while (next < beats.length && beats[next]!.sample < sample - MATCH_SAMPLES) next += 1;
    let best: ReferenceBeat | undefined;
    for (
      let index = next;
      index < beats.length && beats[index]!.sample <= sample + MATCH_SAMPLES;
      index += 1
    ) {
      const candidate = beats[index]!;
      if (best === undefined || Math.abs(candidate.sample - sample) < Math.abs(best.sample - sample)) {
        best = candidate;
      }
    }
    const label: BeatLabel = best === undefined ? 'N' : perfectLabel(best.code);
    return { at: event.at, beat: { sample, label, probabilities: null } };
  });
  return { ...timeline, events, images: [] };
}

/** Own peaks with the classifier's labels. */
export async function labelByClassifier(
  timeline: RecordTimeline,
  classifier: Classifier,
): Promise<RecordTimeline> {
  const verdicts: Float32Array[] = [];
  const size = Math.max(1, classifier.largestBatch);
  for (let from = 0; from < timeline.images.length; from += size) {
    const batch = timeline.images.slice(from, from + size);
    const packed = new Float32Array(batch.length * IMAGE_VALUES);
    for (const [index, image] of batch.entries()) packed.set(image, index * IMAGE_VALUES);
    const rows = await classifier.classify(packed, batch.length);
    const { labels } = classifier.card;
    for (let row = 0; row < batch.length; row += 1) {
      const probabilities = new Float32Array(BEAT_LABELS.length);
      for (const [index, label] of labels.entries()) {
        probabilities[BEAT_LABELS.indexOf(label)] = rows[row * labels.length + index]!;
      }
      verdicts.push(probabilities);
    }
  }
  let next = 0;
  const events = timeline.events.map((event) => {
    if (!('beat' in event)) return event;
    const probabilities = verdicts[next++]!;
    return {
      at: event.at,
      beat: { sample: event.beat.sample, label: labelOf(probabilities), probabilities },
    };
  });
  return { ...timeline, events, images: [] };
}

function labelOf(probabilities: Float32Array): BeatLabel {
  let best = 0;
  for (let index = 1; index < probabilities.length; index += 1) {
    if (probabilities[index]! > probabilities[best]!) best = index;
  }
  return BEAT_LABELS[best]!;
}
