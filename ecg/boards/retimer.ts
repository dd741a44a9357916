/**
 * Gives unevenly spaced or wrongly paced samples an even spacing at the pipeline's rate. The only clocks are
 * the line (a saturated UART sends a byte every 10 bit times, exactly) and, where it is not saturated, the
 * time of arrival, averaged over seconds. Values between samples come from a cubic through the neighbours.
 */
import type { Samples } from '../types.ts';
import { SampleBatch } from './sample-batch.ts';

/** A silence as long as this is a gap and not part of the pace; a shorter one is delay, made up for later. */
const SILENCE_MS = 1000;
/** Arrival is late by this much at times: what is measured is not surer than that. */
const JITTER_MS = 100;
/** Nothing is handed on before the pace has been seen for this long. */
const LEARN_MS = 1000;
/** Pace is the mean over this long. */
const WINDOW_MS = 60_000;
const BUCKETS = 60;
/** A line this close to its capacity is saturated. */
const SATURATED = 0.1;
/** Samples waiting for a pace at most; then the nominal one is taken. */
const PENDING = 4096;
const STRIDE_EXTRA = 3;
const NEWEST = 3;

export interface RetimerOptions {
  readonly leads: number;
  readonly outputHz: number;
  /** Taken until the true pace is known, and always where arrival says nothing. */
  readonly nominalHz: number;
  /** Bytes per second the line can carry; null: not known or no such limit. */
  readonly lineBytesPerS: number | null;
  /** As in `DecoderOptions`. */
  readonly speed: number;
}

export class Retimer {
  readonly #options: RetimerOptions;
  readonly #batch: SampleBatch;
  readonly #pace = new Pace();
  /** Points waiting for a pace: bytes, flags, lost before, values. */
  #pending: number[] = [];
  #learned: boolean;
  #byLine: boolean;
  /** Four neighbouring points, oldest first: time in output samples, flags, values by lead. */
  readonly #times = new Float64Array(4);
  readonly #flags = new Int32Array(4);
  readonly #values: readonly Float64Array[];
  #points = 0;
  /** Output index of the next sample, not counting gaps. */
  #nextAt = 0;
  #lost = 0;

  constructor(options: RetimerOptions) {
    this.#options = options;
    this.#batch = new SampleBatch(options.leads, options.outputHz);
    this.#values = Array.from({ length: options.leads }, () => new Float64Array(4));
    const unpaced = options.speed === Number.POSITIVE_INFINITY;
    this.#learned = unpaced;
    this.#byLine = unpaced && options.lineBytesPerS !== null;
  }

  /** Samples per second as they come; null while unknown, or when what comes is hardly a sample. */
  get measuredHz(): number | null {
    if (this.#pace.activeMs < LEARN_MS) return null;
    const hz = this.#pace.samplesPerS;
    return hz >= SLOWEST_HZ ? hz : null;
  }

  /** Once per chunk, before its samples: what arrived with it. */
  observe(samples: number, bytes: number, arrivalMs: number): void {
    const { speed, lineBytesPerS } = this.#options;
    if (speed === Number.POSITIVE_INFINITY) return;
    this.#pace.observe(samples, bytes, arrivalMs, speed);
    if (lineBytesPerS === null || this.#pace.activeMs < LEARN_MS) return;
    const unsure = Math.max(SATURATED, this.#pace.unsure(speed));
    this.#byLine = Math.abs(this.#pace.bytesPerS / lineBytesPerS - 1) < unsure;
  }

  /**
   * @param bytes the sample took on the line
   * @param lost samples missing before it
   */
  push(
    values: ArrayLike<number>,
    flags: number,
    bytes: number,
    lost: number,
    onSamples: (samples: Samples) => void,
  ): void {
    if (!this.#learned) {
      const enough = this.#pace.activeMs >= LEARN_MS;
      if (enough || this.#pending.length > PENDING * (STRIDE_EXTRA + values.length)) {
        this.#release(values.length, onSamples);
      } else {
        this.#pending.push(bytes, flags, lost);
        for (let k = 0; k < values.length; k++) this.#pending.push(values[k]!);
        return;
      }
    }
    this.#point(values, flags, bytes, lost, onSamples);
  }

  flush(onSamples: (samples: Samples) => void): void {
    this.#batch.flush(onSamples);
  }

  #release(leads: number, onSamples: (samples: Samples) => void): void {
    const pending = this.#pending;
    this.#pending = [];
    this.#learned = true;
    const stride = STRIDE_EXTRA + leads;
    for (let at = 0; at < pending.length; at += stride) {
      const values = pending.slice(at + STRIDE_EXTRA, at + stride);
      this.#point(values, pending[at + 1]!, pending[at]!, pending[at + 2]!, onSamples);
    }
  }

  /** Output samples per input sample. */
  #stepOf(bytes: number): number {
    const { outputHz, nominalHz, lineBytesPerS } = this.#options;
    if (this.#byLine && lineBytesPerS !== null) return (bytes * outputHz) / lineBytesPerS;
    return outputHz / this.#believedHz(nominalHz);
  }

  /** The nominal pace, until the measured one contradicts it by more than it is unsure. */
  #believedHz(nominalHz: number): number {
    const measured = this.measuredHz;
    if (measured === null) return nominalHz;
    const unsure = this.#pace.unsure(this.#options.speed);
    return Math.abs(measured / nominalHz - 1) <= unsure ? nominalHz : measured;
  }

  #point(
    values: ArrayLike<number>,
    flags: number,
    bytes: number,
    lost: number,
    onSamples: (samples: Samples) => void,
  ): void {
    const step = this.#stepOf(bytes);
    if (lost > 0 && this.#points > 0) {
      // Begins anew: nothing is invented across a gap. What was not handed on before it is part of it.
      const time = this.#times[NEWEST]! + (lost + 1) * step;
      this.#lost += Math.max(0, Math.round(time) - this.#nextAt);
      this.#points = 0;
    }
    const time = this.#points === 0 ? this.#nextAt : this.#times[NEWEST]! + step;
    this.#times.copyWithin(0, 1);
    this.#flags.copyWithin(0, 1);
    for (let k = 0; k < this.#values.length; k++) this.#values[k]!.copyWithin(0, 1);
    // The first point has no past: it is its own.
    for (let at = this.#points === 0 ? 0 : NEWEST; at <= NEWEST; at++) {
      this.#times[at] = time;
      this.#flags[at] = flags;
      for (let k = 0; k < this.#values.length; k++) this.#values[k]![at] = values[k] ?? 0;
    }
    this.#points++;
    if (this.#points < 3) return;
    while (this.#nextAt <= this.#times[2]!) this.#emit(onSamples);
  }

  #emit(onSamples: (samples: Samples) => void): void {
    const position = this.#batch.next(this.#flags[1]! | this.#flags[2]!, this.#lost, onSamples);
    this.#lost = 0;
    for (let k = 0; k < this.#values.length; k++) {
      this.#batch.leads[k]![position] = this.#between(k, this.#nextAt);
    }
    this.#nextAt++;
  }

  /** Cubic Hermite between points 1 and 2, slopes from their neighbours. */
  #between(lead: number, time: number): number {
    const t = this.#times;
    const values = this.#values[lead]!;
    const v1 = values[1]!;
    const v2 = values[2]!;
    const width = t[2]! - t[1]!;
    if (width <= 0) return v2;
    const x = Math.max(0, Math.min(1, (time - t[1]!) / width));
    const slope1 = ((v2 - values[0]!) / Math.max(width, t[2]! - t[0]!)) * width;
    const slope2 = ((values[3]! - v1) / Math.max(width, t[3]! - t[1]!)) * width;
    const x2 = x * x;
    const x3 = x2 * x;
    return (
      (2 * x3 - 3 * x2 + 1) * v1 + (x3 - 2 * x2 + x) * slope1 + (3 * x2 - 2 * x3) * v2 + (x3 - x2) * slope2
    );
  }
}

/**
 * Bytes that hardly hold a sample say nothing about its pace: spaced by them the next one would lie at the end of
 * time, and whoever fills the way to it never returns.
 */
const SLOWEST_HZ = 10;

/** Samples and bytes per second of stream time over the last seconds, silences left out. */
class Pace {
  readonly #samples = new Float64Array(BUCKETS);
  readonly #bytes = new Float64Array(BUCKETS);
  readonly #ms = new Float64Array(BUCKETS);
  #bucket = 0;
  #lastMs = -1;

  observe(samples: number, bytes: number, arrivalMs: number, speed: number): void {
    const elapsed = arrivalMs - this.#lastMs;
    const first = this.#lastMs < 0;
    this.#lastMs = arrivalMs;
    if (first || elapsed > SILENCE_MS) return;
    if (this.#ms[this.#bucket]! >= WINDOW_MS / BUCKETS) {
      this.#bucket = (this.#bucket + 1) % BUCKETS;
      this.#samples[this.#bucket] = 0;
      this.#bytes[this.#bucket] = 0;
      this.#ms[this.#bucket] = 0;
    }
    this.#samples[this.#bucket]! += samples;
    this.#bytes[this.#bucket]! += bytes;
    this.#ms[this.#bucket]! += elapsed * speed;
  }

  /** How much stream time it has seen. */
  get activeMs(): number {
    return sum(this.#ms);
  }

  /** The share by which the pace may be wrong. */
  unsure(speed: number): number {
    return (JITTER_MS * speed) / Math.max(1, this.activeMs);
  }

  get samplesPerS(): number {
    return (1000 * sum(this.#samples)) / sum(this.#ms);
  }

  get bytesPerS(): number {
    return (1000 * sum(this.#bytes)) / sum(this.#ms);
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
