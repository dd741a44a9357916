/** What a strip needs to draw, wherever it comes from: the live stream or a recording. */
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import type { Bounded } from '../signal/bounded.ts';
import type { QualityStretch } from '../signal/quality-track.ts';
import type { ClassKey } from '../style/class-looks.ts';

export interface StripLead {
  readonly name: string;
  /** Millivolts; NaN where nothing was received. */
  readonly shown: { at(sample: number): number };
}

export interface StripBeat {
  readonly sample: number;
  readonly label: BeatLabel | null;
  readonly code: string;
  readonly rr_ms: number | null;
}

/** A stretch without waveform, and why. */
export interface Hole {
  readonly sample: number;
  readonly end: number;
  readonly cause: string;
}

export interface StripSignal {
  readonly rateHz: number;
  readonly leads: readonly StripLead[];
  readonly beats: Bounded<StripBeat & { readonly sample: number }>;
  readonly peaks: Bounded<{ readonly sample: number }>;
  readonly holes: Bounded<Hole>;
  /** The stretches of one state that touch [from, to), in order. */
  states(lead: number, from: number, to: number): Iterable<QualityStretch>;
}

export function classOf(beat: Pick<StripBeat, 'label'>): ClassKey {
  return beat.label ?? 'unclassified';
}
