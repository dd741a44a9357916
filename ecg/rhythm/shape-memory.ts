/**
 * The last seconds of the analysed lead, filtered to 1 to 20 Hz and decimated to about 90 Hz, from which the shape
 * of a beat is cut when its verdict comes, a second or two later.
 */
import { Biquad, highPass, lowPass } from '../signal/biquad.ts';

const LOW_HZ = 1;
const HIGH_HZ = 20;
const TARGET_RATE_HZ = 90;
/** Verdicts lag by a beat, and by the classifier's queue when it catches up. */
const MEMORY_SECONDS = 16;
/** What is compared: 100 ms before the R wave to 200 ms after it, the QRS and the beginning of its T wave. */
const BEFORE_SECONDS = 0.1;
const AFTER_SECONDS = 0.22;
/** Two detections of the same wave differ by up to this much. */
const JITTER_SECONDS = 0.045;
/** Samples filtered together. */
const PIECE = 36;
/** What both filters delay a QRS by. */
const FILTER_DELAY_SECONDS = 0.033;

export class ShapeMemory {
  /** Points of a shape: the core and the jitter on both sides. */
  readonly length: number;
  readonly jitter: number;
  readonly #decimation: number;
  readonly #before: number;
  readonly #delay: number;
  readonly #piece = new Float64Array(PIECE);
  readonly #ring: Float64Array;
  /** The core of a shape without its mean, and the squares of that. */
  readonly #core: Float64Array;
  readonly #squares: Float64Array;
  readonly #highPass: Biquad;
  readonly #lowPass: Biquad;
  /** Index after the newest sample, and its first after a gap; in input samples. */
  #end = -1;
  #start = 0;

  constructor(rateHz: number) {
    this.#decimation = Math.max(1, Math.round(rateHz / TARGET_RATE_HZ));
    const points = (seconds: number) => Math.round((seconds * rateHz) / this.#decimation);
    this.jitter = points(JITTER_SECONDS);
    this.#before = points(BEFORE_SECONDS) + this.jitter;
    this.#delay = points(FILTER_DELAY_SECONDS);
    this.length = this.#before + points(AFTER_SECONDS) + this.jitter;
    this.#ring = new Float64Array(points(MEMORY_SECONDS));
    this.#core = new Float64Array(this.length - 2 * this.jitter);
    this.#squares = new Float64Array(this.length - 2 * this.jitter);
    this.#highPass = new Biquad(highPass(LOW_HZ / rateHz));
    this.#lowPass = new Biquad(lowPass(HIGH_HZ / rateHz));
  }

  push(lead: Float32Array, count: number, first: number): void {
    if (first !== this.#end) {
      this.#start = first;
      this.#highPass.settleAt(lead[0]!);
      this.#lowPass.settleAt(0);
    }
    const ring = this.#ring;
    const piece = this.#piece;
    const decimation = this.#decimation;
    for (let from = 0; from < count; from += PIECE) {
      const length = Math.min(PIECE, count - from);
      for (let index = 0; index < length; index += 1) piece[index] = lead[from + index]!;
      this.#highPass.run(piece, length);
      this.#lowPass.run(piece, length);
      const next = Math.ceil((first + from) / decimation);
      for (
        let at = next, index = next * decimation - first - from;
        index < length;
        at += 1, index += decimation
      )
        ring[at % ring.length] = piece[index]!;
    }
    this.#end = first + count;
  }

  /** Whether the waves of a beat at `sample` have been pushed to their end. */
  reaches(sample: number): boolean {
    const from = Math.round(sample / this.#decimation) + this.#delay - this.#before;
    return (from + this.length - 1) * this.#decimation < this.#end;
  }

  /** Copies the shape around `sample`; false when part of it is not there. */
  copyTo(target: Float64Array, sample: number): boolean {
    const from = Math.round(sample / this.#decimation) + this.#delay - this.#before;
    const to = from + this.length;
    const oldest = Math.max(this.#start, this.#end - this.#ring.length * this.#decimation);
    if (from * this.#decimation < oldest || (to - 1) * this.#decimation >= this.#end) return false;
    for (let index = 0; index < this.length; index += 1) {
      target[index] = this.#ring[(from + index) % this.#ring.length]!;
    }
    return true;
  }

  /**
   * How alike two shapes are, at the best of the shifts within the jitter: 1 for equal ones, less where form or
   * size differ, 0 for unrelated ones (twice the covariance over the sum of the variances).
   */
  similarity(one: Float64Array, other: Float64Array): number {
    const core = this.#core;
    const coreSquares = this.#squares;
    const count = core.length;
    const mean = meanOf(one, this.jitter, count);
    for (let index = 0; index < count; index += 1) {
      const a = one[this.jitter + index]! - mean;
      core[index] = a;
      coreSquares[index] = a * a;
    }
    let best = -1;
    for (let shift = 0; shift <= 2 * this.jitter; shift += 1) {
      const otherMean = meanOf(other, shift, count);
      let product = 0;
      let squares = 0;
      for (let index = 0; index < count; index += 1) {
        const b = other[shift + index]! - otherMean;
        product += core[index]! * b;
        squares += coreSquares[index]! + b * b;
      }
      if (squares > 0) best = Math.max(best, (2 * product) / squares);
    }
    return best;
  }
}

function meanOf(values: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += values[from + index]!;
  return sum / count;
}
