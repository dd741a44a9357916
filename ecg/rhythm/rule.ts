/** What every rule of this folder is: told of beats, lost continuity and time, in sample order. */
import type { BeatLabel } from '../types.ts';
import type { RhythmEstimate } from './rhythm-estimate.ts';

export interface RhythmBeat {
  /** The id the beat is published under. */
  readonly id: string;
  readonly sample: number;
  readonly label: BeatLabel | null;
  /** What run, pattern and ectopy rules count: the label, as far as the shape agrees (ventricular-judge.ts). */
  readonly ventricular: boolean;
  /** Shaped like one of the two beats before: what high priority asks for, since noise is never twice the same. */
  readonly alike: boolean;
  /** The classifier left no doubt about the label. */
  readonly certain: boolean;
  /** Samples since the beat before; null when none is known or something unreadable lies between. */
  readonly rr: number | null;
}

export interface RhythmRule {
  /** A readable beat with its verdict. */
  beat?(beat: RhythmBeat): void;
  /** What the rhythm network says, each half second, whatever the gate says; absent without the network. */
  estimate?(estimate: RhythmEstimate): void;
  /** The sequence of beats is interrupted at `sample`: what follows is not next to what came before. */
  interrupted?(sample: number): void;
  /** The signal cannot be read from `sample` on, or again after a loss. Comes with `interrupted`. */
  unreadable?(sample: number): void;
  /** Everything before `now` has been told (verdicts may lag by a beat). */
  tick?(now: number): void;
}

/** A beat that arose above the ventricles and too early, unless its shape counts as ventricular. */
export function isSupraventricular({
  label,
  ventricular,
}: Pick<RhythmBeat, 'label' | 'ventricular'>): boolean {
  return label === 'S' && !ventricular;
}

/** Rounded to one decimal: evidence is for people. */
export function bpmOf(rrSamples: number, rateHz: number): number {
  return Math.round((600 * rateHz) / rrSamples) / 10;
}
