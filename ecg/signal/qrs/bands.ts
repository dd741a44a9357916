/**
 * The front end of the QRS detector: one lead at 360 Hz becomes three envelopes and a wave shape at 120 Hz.
 *
 * Each envelope is the magnitude of two filters in quadrature built from three neighbouring means of `w` samples,
 * a hat (middle minus the outer two) and a slope (last minus first): both are blind to the baseline, and their
 * magnitude has one hump however the wave is signed. Their pass bands are centred near 120 / (3 w) Hz.
 *
 *   band    w   centre   sees
 *   fine    1   40 Hz    muscle, pacing, notches
 *   qrs     2   20 Hz    the QRS complex
 *   broad   6    7 Hz    T and P waves, wide complexes, electrode motion
 */
import { isReceived, PIPELINE_RATE_HZ } from '../../types.ts';

/** Pipeline samples that are averaged into one step. */
export const STEP_SAMPLES = 3;
/** Steps a second. */
export const STEP_RATE_HZ = PIPELINE_RATE_HZ / STEP_SAMPLES;
/** Steps kept for reading: 8.5 s; the detector looks back less than 4 s. A power of two. */
export const BAND_CAPACITY = 1024;
export const BAND_MASK = BAND_CAPACITY - 1;
/** Steps from the newest input to the newest complete value of each ring. */
export const FINE_DELAY = 3;
export const QRS_DELAY = 5;
export const BROAD_DELAY = 11;
const SHAPE_DELAY = 2;
/** Pipeline samples from an event to the step it appears in, halved means included. */
export const STEP_OFFSET_SAMPLES = 2;

/** Steps whose inputs and magnitudes are kept: a batch and the longest filter. A power of two. */
const HISTORY = 256;
const MASK = HISTORY - 1;
/** Samples taken at once, at most. */
const BATCH = 3 * (HISTORY / 2);
/** Lengths of the means that smooth the magnitudes: 42 ms, and 58 ms for one hump a QRS complex. */
const FINE_SMOOTH = 5;
const QRS_SMOOTH = 7;
const BROAD_SMOOTH = 7;
const BROAD_MEAN = 6;
/** Inverses: a division costs four multiplications. */
const PER_STEP = 1 / STEP_SAMPLES;
const PER_FINE = 1 / FINE_SMOOTH;
const PER_QRS = 1 / QRS_SMOOTH;
const PER_BROAD = 1 / BROAD_SMOOTH;
const PER_BROAD_MEAN = 1 / BROAD_MEAN;

export class QrsBands {
  /** Rings by step, read at `step & BAND_MASK`, in the unit of the input. */
  readonly fine = new Float32Array(BAND_CAPACITY);
  readonly qrs = new Float32Array(BAND_CAPACITY);
  readonly broad = new Float32Array(BAND_CAPACITY);
  /** The hat of the qrs band, signed: the wave itself without its baseline. */
  readonly shape = new Float32Array(BAND_CAPACITY);
  /** Step after the newest input. */
  steps = 0;
  readonly #inputs = new Float64Array(HISTORY);
  readonly #broadMeans = new Float64Array(HISTORY);
  readonly #fineMagnitudes = new Float64Array(HISTORY);
  readonly #qrsMagnitudes = new Float64Array(HISTORY);
  readonly #broadMagnitudes = new Float64Array(HISTORY);
  #fineSum = 0;
  #qrsSum = 0;
  #broadSum = 0;
  #phase = 0;
  #partial = 0;
  #previousThird = 0;
  #lastSample = 0;
  #primed = false;

  /** Forgets the signal; the next three samples make step `step`. */
  restart(step: number): void {
    this.steps = step;
    this.#phase = 0;
    this.#partial = 0;
    this.#primed = false;
    this.#lastSample = 0;
    this.fine.fill(0);
    this.qrs.fill(0);
    this.broad.fill(0);
    this.shape.fill(0);
  }

  /** Takes samples [from, to); a lost one (NaN) is held. */
  push(values: Float32Array, from: number, to: number): void {
    for (let at = from; at < to; at += BATCH) {
      const first = this.steps;
      this.#decimate(values, at, Math.min(to, at + BATCH));
      this.#makeFine(first);
      this.#makeQrs(first);
      this.#makeBroad(first);
    }
  }

  #decimate(values: Float32Array, from: number, to: number): void {
    const inputs = this.#inputs;
    let phase = this.#phase;
    let partial = this.#partial;
    let last = this.#lastSample;
    let steps = this.steps;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (isReceived(value)) last = value;
      partial += last;
      if (++phase < STEP_SAMPLES) continue;
      const third = partial * PER_STEP;
      phase = 0;
      partial = 0;
      if (!this.#primed) this.#prime(third);
      // The mean of two neighbours at 120 Hz is blind to 60 Hz and weak at 50 Hz.
      inputs[steps++ & MASK] = (third + this.#previousThird) * 0.5;
      this.#previousThird = third;
    }
    this.steps = steps;
    this.#phase = phase;
    this.#partial = partial;
    this.#lastSample = last;
  }

  #makeFine(first: number): void {
    const inputs = this.#inputs;
    const magnitudes = this.#fineMagnitudes;
    const ring = this.fine;
    let sum = this.#fineSum;
    let y1 = inputs[(first - 1) & MASK]!;
    let y2 = inputs[(first - 2) & MASK]!;
    for (let n = first; n < this.steps; n++) {
      const y0 = inputs[n & MASK]!;
      const hat = y1 - (y0 + y2) * 0.5;
      const slope = (y0 - y2) * 0.5;
      const magnitude = Math.sqrt(hat * hat + slope * slope);
      sum += magnitude - magnitudes[(n - FINE_SMOOTH) & MASK]!;
      magnitudes[n & MASK] = magnitude;
      ring[(n - FINE_DELAY) & BAND_MASK] = sum * PER_FINE;
      y2 = y1;
      y1 = y0;
    }
    this.#fineSum = sum;
  }

  #makeQrs(first: number): void {
    const inputs = this.#inputs;
    const magnitudes = this.#qrsMagnitudes;
    const { qrs, shape } = this;
    let sum = this.#qrsSum;
    let y1 = inputs[(first - 1) & MASK]!;
    // Sums of two neighbours, the newest two steps ago and four.
    let pair1 = y1 + inputs[(first - 2) & MASK]!;
    let pair2 = inputs[(first - 2) & MASK]! + inputs[(first - 3) & MASK]!;
    let pair3 = inputs[(first - 3) & MASK]! + inputs[(first - 4) & MASK]!;
    let pair4 = inputs[(first - 4) & MASK]! + inputs[(first - 5) & MASK]!;
    for (let n = first; n < this.steps; n++) {
      const y0 = inputs[n & MASK]!;
      const pair0 = y0 + y1;
      const hat = pair2 * 0.5 - (pair0 + pair4) * 0.25;
      const slope = (pair0 - pair4) * 0.25;
      const magnitude = Math.sqrt(hat * hat + slope * slope);
      sum += magnitude - magnitudes[(n - QRS_SMOOTH) & MASK]!;
      magnitudes[n & MASK] = magnitude;
      qrs[(n - QRS_DELAY) & BAND_MASK] = sum * PER_QRS;
      shape[(n - SHAPE_DELAY) & BAND_MASK] = hat;
      y1 = y0;
      pair4 = pair3;
      pair3 = pair2;
      pair2 = pair1;
      pair1 = pair0;
    }
    this.#qrsSum = sum;
  }

  #makeBroad(first: number): void {
    const inputs = this.#inputs;
    const means = this.#broadMeans;
    const magnitudes = this.#broadMagnitudes;
    const ring = this.broad;
    let sum = this.#broadSum;
    let mean = means[(first - 1) & MASK]!;
    for (let n = first; n < this.steps; n++) {
      mean += (inputs[n & MASK]! - inputs[(n - BROAD_MEAN) & MASK]!) * PER_BROAD_MEAN;
      means[n & MASK] = mean;
      const before = means[(n - 2 * BROAD_MEAN) & MASK]!;
      const hat = means[(n - BROAD_MEAN) & MASK]! - (mean + before) * 0.5;
      const slope = (mean - before) * 0.5;
      const magnitude = Math.sqrt(hat * hat + slope * slope);
      sum += magnitude - magnitudes[(n - BROAD_SMOOTH) & MASK]!;
      magnitudes[n & MASK] = magnitude;
      ring[(n - BROAD_DELAY) & BAND_MASK] = sum * PER_BROAD;
    }
    this.#broadSum = sum;
  }

  #prime(value: number): void {
    this.#inputs.fill(value);
    this.#broadMeans.fill(value);
    this.#fineMagnitudes.fill(0);
    this.#qrsMagnitudes.fill(0);
    this.#broadMagnitudes.fill(0);
    this.#fineSum = 0;
    this.#qrsSum = 0;
    this.#broadSum = 0;
    this.#previousThird = value;
    this.#primed = true;
  }
}
