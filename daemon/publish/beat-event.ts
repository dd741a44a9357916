/** A beat and its verdict as the message that is published. */
import { BEAT_LABELS, type BeatLabel, PIPELINE_RATE_HZ, type Verdict } from '@rhythmd/ecg/types.ts';
import type { BeatEvent } from '@rhythmd/protocol/events.ts';

/** What a beat is once its image is no longer needed. */
export interface BeatFacts {
  readonly sample: number;
  readonly amplitudeMv: number;
  readonly rrBefore: number | null;
  readonly rrAfter: number | null;
}

export interface BeatCircumstances {
  readonly id: string;
  readonly seq: number;
  readonly timeMs: number;
  readonly timeQuality: BeatEvent['t_quality'];
  readonly quality: number | null;
  readonly lead: string;
  readonly model: string | null;
  /** The classes that the model names. */
  readonly labels: readonly BeatLabel[];
  readonly latencyMs: number;
  readonly replay: boolean;
}

/** WFDB mnemonic of a class: `other` holds every other beat, so it is `?`... */
const CODES: Readonly<Record<BeatLabel, string>> = {
  N: 'N',
  S: 'S',
  V: 'V',
  F: 'F',
  Q: 'Q',
  '/': '/',
  f: 'f',
  other: '?',
};
/** `Q`: unclassifiable. */
const UNCLASSIFIED = 'Q';

/** The annotation mnemonic a verdict is written and published as. */
export function codeOfLabel(label: BeatLabel | null): string {
  return label === null ? UNCLASSIFIED : CODES[label];
}

export function beatEvent(beat: BeatFacts, verdict: Verdict, about: BeatCircumstances): BeatEvent {
  const { label, probabilities } = verdict;
  const rr = milliseconds(beat.rrBefore);
  return {
    v: 1,
    id: about.id,
    seq: about.seq,
    t_ms: Math.round(about.timeMs),
    t_quality: about.timeQuality,
    sample: beat.sample,
    rate_hz: PIPELINE_RATE_HZ,
    label,
    code: codeOfLabel(label),
    p:
      label === null || probabilities === null
        ? null
        : rounded(probabilities[BEAT_LABELS.indexOf(label)]!, 4),
    probabilities: probabilities === null ? null : namedProbabilities(probabilities, about.labels),
    rr_ms: rr,
    rr_next_ms: milliseconds(beat.rrAfter),
    hr_bpm: rr === null ? null : rounded(60_000 / rr, 1),
    amplitude_mv: rounded(beat.amplitudeMv, 3),
    quality: about.quality === null ? null : rounded(about.quality, 2),
    lead: about.lead,
    model: about.model,
    latency_ms: Math.round(about.latencyMs),
    replay: about.replay,
  };
}

function milliseconds(samples: number | null): number | null {
  return samples === null ? null : Math.round((1000 * samples) / PIPELINE_RATE_HZ);
}

function namedProbabilities(
  values: Float32Array,
  labels: readonly BeatLabel[],
): Partial<Record<BeatLabel, number>> {
  return Object.fromEntries(labels.map((label) => [label, rounded(values[BEAT_LABELS.indexOf(label)]!, 4)]));
}

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
