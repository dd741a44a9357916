/**
 * The last seconds of one lead at the rate that the rhythm network sees, whatever the quality gate says of them.
 *
 * The low-pass is two moving averages, 6 and 7 samples of 360 Hz: 3 dB at 20 Hz, zeros at 60 and 51.4 Hz, where mains
 * hum lies. It forgets everything within 12 samples, so a lost or senseless sample cannot stay in it; such a sample is
 * replaced by the last good one, and counted.
 */
import { isReceived, PIPELINE_RATE_HZ } from '../types.ts';
import {
  RHYTHM_LEAST_RECEIVED,
  RHYTHM_RATE_HZ,
  RHYTHM_STEP_SECONDS,
  RHYTHM_WINDOW_SAMPLES,
} from './rhythm-estimate.ts';

const DECIMATION = PIPELINE_RATE_HZ / RHYTHM_RATE_HZ;
const TAPS = convolved(movingAverage(6), movingAverage(7));
const STEP_SAMPLES = RHYTHM_STEP_SECONDS * PIPELINE_RATE_HZ;
/** A power of two that holds the taps. */
const RECENT = 16;

/**
 * @param sample index after the newest pipeline sample of the window
 * @param window millivolts, oldest first, `RHYTHM_WINDOW_SAMPLES` of them; the array is reused
 * @param received the share of it that is not held
 */
export type OnRhythmWindow = (sample: number, window: Float32Array, received: number) => void;

export class RhythmSignal {
  readonly #recent = new Float64Array(RECENT);
  readonly #recentReceived = new Uint8Array(RECENT);
  readonly #ring = new Float32Array(RHYTHM_WINDOW_SAMPLES);
  readonly #received = new Uint8Array(RHYTHM_WINDOW_SAMPLES);
  readonly #window = new Float32Array(RHYTHM_WINDOW_SAMPLES);
  #receivedCount = 0;
  #next = 0;
  /** Index after the newest sample; -1 before the first. */
  #end = -1;
  #last = 0;

  /** Samples of the pipeline's rate, in millivolts; a jump of `first` is a loss. A window every half second. */
  push(values: Float32Array, count: number, first: number, onWindow: OnRhythmWindow): void {
    if (first !== this.#end) this.#holdUpTo(first, values[0]!, onWindow);
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (isReceived(value)) {
        this.#last = value;
        this.#add(value, 1, onWindow);
      } else this.#add(this.#last, 0, onWindow);
    }
  }

  /** What was lost is held at the last value; before the first sample, and after a longer loss, at the one that follows. */
  #holdUpTo(first: number, following: number, onWindow: OnRhythmWindow): void {
    const longest = (RHYTHM_WINDOW_SAMPLES + RECENT) * DECIMATION;
    const isContinued = this.#end >= 0 && first > this.#end && first - this.#end < longest;
    if (!isContinued) {
      if (isReceived(following)) this.#last = following;
      this.#end = first;
      this.#recent.fill(this.#last);
      this.#recentReceived.fill(0);
      this.#ring.fill(this.#last);
      this.#received.fill(0);
      this.#receivedCount = 0;
      return;
    }
    while (this.#end < first) this.#add(this.#last, 0, onWindow);
  }

  #add(value: number, received: number, onWindow: OnRhythmWindow): void {
    this.#recent[this.#end & (RECENT - 1)] = value;
    this.#recentReceived[this.#end & (RECENT - 1)] = received;
    this.#end++;
    if (this.#end % DECIMATION !== 0) return;
    this.#decimate();
    if (this.#end % STEP_SAMPLES === 0) this.#handOver(onWindow);
  }

  #decimate(): void {
    let sum = 0;
    for (let tap = 0; tap < TAPS.length; tap++) {
      sum += TAPS[tap]! * this.#recent[(this.#end - 1 - tap) & (RECENT - 1)]!;
    }
    let received = 1;
    for (let i = 1; i <= DECIMATION; i++) received &= this.#recentReceived[(this.#end - i) & (RECENT - 1)]!;
    this.#receivedCount += received - this.#received[this.#next]!;
    this.#ring[this.#next] = sum;
    this.#received[this.#next] = received;
    this.#next = (this.#next + 1) % RHYTHM_WINDOW_SAMPLES;
  }

  #handOver(onWindow: OnRhythmWindow): void {
    const received = this.#receivedCount / RHYTHM_WINDOW_SAMPLES;
    if (received < RHYTHM_LEAST_RECEIVED) return;
    this.#window.set(this.#ring.subarray(this.#next), 0);
    this.#window.set(this.#ring.subarray(0, this.#next), RHYTHM_WINDOW_SAMPLES - this.#next);
    onWindow(this.#end, this.#window, received);
  }
}

function movingAverage(length: number): number[] {
  return new Array<number>(length).fill(1 / length);
}

function convolved(a: readonly number[], b: readonly number[]): Float64Array {
  const result = new Float64Array(a.length + b.length - 1);
  for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) result[i + j]! += x * y;
  return result;
}
