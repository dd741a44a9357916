/**
 * What a lesson sees of a beat: the classifier's odds, when it came, and its shape. Made from the image that the
 * classifier saw, whatever its layout, and from the intervals around the beat: nothing of a particular network.
 */
import type { ChannelLayout } from '../beat/beat-builder.ts';
import { STRIP_SAMPLES } from '../beat/patient-lead.ts';
import { RecentIntervals } from '../beat/recent-intervals.ts';
import { WINDOW_RADIUS_SAMPLES } from '../beat/window.ts';
import { BEAT_LABELS, type Beat } from '../types.ts';

/** From 178 ms before the peak to 378 ms after it, as means of four samples (90 Hz): QRS and T wave. */
export const SHAPE_POINTS = 50;
const POOLED = 4;
const SHAPE_BEFORE = 64;
/** No probability of a float is further from certainty than this (ln). */
const LARGEST_ODDS = 30;
/** ln of a ratio of intervals: beyond it all is equally early or late. */
const LARGEST_RATIO = 1;

const NORMAL = BEAT_LABELS.indexOf('N');
export const SUPRAVENTRICULAR = BEAT_LABELS.indexOf('S');
export const VENTRICULAR = BEAT_LABELS.indexOf('V');

export interface BeatLook {
  /** ln of the odds against normal: of supraventricular, of ventricular. */
  oddsS: number;
  oddsV: number;
  /** ln of the intervals before and after the beat over the usual one, within one; 0 where unknown. */
  before: number;
  after: number;
  /** `SHAPE_POINTS` values of mean 0 and length 1, or all 0. */
  readonly shape: Float32Array;
}

export function emptyLook(): BeatLook {
  return { oddsS: 0, oddsV: 0, before: 0, after: 0, shape: new Float32Array(SHAPE_POINTS) };
}

/** A look of its own: those of `BeatLooks` are written over by the next beat. */
export function copyOfLook(look: BeatLook): BeatLook {
  return { ...look, shape: Float32Array.from(look.shape) };
}

/** Looks at the beats of one stream, in order. Nothing is allocated per beat. */
export class BeatLooks {
  readonly #intervals = new RecentIntervals();
  readonly #peakAt: number;
  readonly #look = emptyLook();

  constructor(channels: ChannelLayout) {
    this.#peakAt = channels === 'leads-context' ? STRIP_SAMPLES / 2 : WINDOW_RADIUS_SAMPLES;
  }

  /**
   * @param image 3 x 36 x 36, its first plane the masked beat
   * @param probabilities in the order of BEAT_LABELS
   * @returns reused: copy to keep
   */
  of(
    { rrBefore, rrAfter }: Pick<Beat, 'rrBefore' | 'rrAfter'>,
    image: Float32Array,
    probabilities: Float32Array,
  ): BeatLook {
    const look = this.#look;
    const usual = this.#intervals.lnUsual;
    look.before = ratio(rrBefore, usual);
    look.after = ratio(rrAfter, usual);
    if (rrBefore !== null) this.#intervals.follow(rrBefore);
    look.oddsS = lnOdds(probabilities[SUPRAVENTRICULAR]!, probabilities[NORMAL]!);
    look.oddsV = lnOdds(probabilities[VENTRICULAR]!, probabilities[NORMAL]!);
    cutShape(image, this.#peakAt - SHAPE_BEFORE, look.shape);
    return look;
  }
}

function ratio(interval: number | null, lnUsual: number): number {
  if (interval === null) return 0;
  return Math.max(-LARGEST_RATIO, Math.min(LARGEST_RATIO, Math.log(interval) - lnUsual));
}

function lnOdds(one: number, other: number): number {
  // 0 / 0, where a third class is certain: neither is more likely than the other.
  if (one === 0 && other === 0) return 0;
  return Math.max(-LARGEST_ODDS, Math.min(LARGEST_ODDS, Math.log(one / other)));
}

/** Without its mean and its size: what is left is the form. */
function cutShape(image: Float32Array, from: number, shape: Float32Array): void {
  let mean = 0;
  for (let i = 0; i < SHAPE_POINTS; i++) {
    let sum = 0;
    for (let k = 0; k < POOLED; k++) sum += image[from + i * POOLED + k]!;
    shape[i] = sum / POOLED;
    mean += sum / POOLED / SHAPE_POINTS;
  }
  let squares = 0;
  for (let i = 0; i < SHAPE_POINTS; i++) {
    shape[i] = shape[i]! - mean;
    squares += shape[i]! * shape[i]!;
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < SHAPE_POINTS; i++) shape[i] = shape[i]! * scale;
}

/**
 * Changes the odds of one class against all others by this logarithm, in place; -Infinity: it is never that class. Where
 * nothing else is possible, nothing changes.
 */
export function scaleProbability(probabilities: Float32Array, label: number, change: number): void {
  const own = probabilities[label]! * Math.exp(change);
  let total = own;
  for (let i = 0; i < BEAT_LABELS.length; i++) if (i !== label) total += probabilities[i]!;
  if (!(total > 0)) return;
  probabilities[label] = own;
  for (let i = 0; i < BEAT_LABELS.length; i++) probabilities[i]! /= total;
}
