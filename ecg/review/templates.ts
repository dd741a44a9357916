/** The mean beat of each class, and how far the beats stray from it: what the classifier called alike should look alike. */
import { BEAT_LABELS, type BeatLabel } from '../types.ts';
import type { RecordedBeat } from './recorded.ts';

export interface BeatTemplate {
  readonly label: BeatLabel;
  /** Beats of the class in the stretch, and how many of them the mean was made of. */
  readonly count: number;
  readonly used: number;
  /** Seconds of the first value before R, and between values. */
  readonly before_s: number;
  readonly step_s: number;
  /** Millivolts. */
  readonly mean: number[];
  readonly deviation: number[];
}

const BEFORE_S = 0.3;
const AFTER_S = 0.5;
/** The PR segment, taken as zero: 0.12 to 0.06 s before R. */
const ZERO_FROM_S = 0.12;
const ZERO_TO_S = 0.06;
/** A mean of more beats looks no different. */
const MAX_USED = 400;

export function beatTemplates(
  lead: Float32Array,
  rateHz: number,
  beats: readonly RecordedBeat[],
): BeatTemplate[] {
  return BEAT_LABELS.flatMap((label) => {
    const ofClass = beats.filter((beat) => beat.label === label);
    const template = ofClass.length === 0 ? null : templateOf(label, lead, rateHz, ofClass);
    return template ? [template] : [];
  });
}

function templateOf(
  label: BeatLabel,
  lead: Float32Array,
  rateHz: number,
  beats: readonly RecordedBeat[],
): BeatTemplate | null {
  const before = Math.round(BEFORE_S * rateHz);
  const length = before + Math.round(AFTER_S * rateHz);
  const sums = new Float64Array(length);
  const squares = new Float64Array(length);
  const stride = Math.max(1, Math.ceil(beats.length / MAX_USED));
  let used = 0;
  for (let i = 0; i < beats.length; i += stride) {
    const start = beats[i]!.sample - before;
    const zero = zeroLevel(lead, beats[i]!.sample, rateHz);
    if (start < 0 || start + length > lead.length || Number.isNaN(zero)) continue;
    if (lead.subarray(start, start + length).some(Number.isNaN)) continue;
    for (let k = 0; k < length; k++) {
      const value = lead[start + k]! - zero;
      sums[k]! += value;
      squares[k]! += value * value;
    }
    used++;
  }
  if (used === 0) return null;
  const mean = Array.from(sums, (sum) => sum / used);
  const deviation = mean.map((value, k) => Math.sqrt(Math.max(0, squares[k]! / used - value * value)));
  return {
    label,
    count: beats.length,
    used,
    before_s: before / rateHz,
    step_s: 1 / rateHz,
    mean: mean.map(toMicrovolt),
    deviation: deviation.map(toMicrovolt),
  };
}

function zeroLevel(lead: Float32Array, r: number, rateHz: number): number {
  const from = r - Math.round(ZERO_FROM_S * rateHz);
  const to = r - Math.round(ZERO_TO_S * rateHz);
  let sum = 0;
  for (let i = from; i < to; i++) sum += lead[i] ?? Number.NaN;
  return sum / (to - from);
}

function toMicrovolt(millivolts: number): number {
  return Math.round(millivolts * 1000) / 1000;
}
