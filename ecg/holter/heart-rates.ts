/**
 * What the distances between beats say: rate, pauses, variability. A distance counts where everything between the two
 * beats can be read and is no flutter.
 */
import type { Interval } from '../ec57/timeline.ts';
import { RHYTHM_LIMITS } from '../rhythm/settings.ts';
import { type HolterRecording, ReadableWay, type ReadRecording } from './recording.ts';
import type { HeartRateVariability, Pause, RateAt } from './report.ts';

/** The live rate's own averaging, so that the report's fastest is one that the page could have shown. */
export const RATE_INTERVALS = RHYTHM_LIMITS.rateIntervals.default;
/** Nearer beats are one beat found twice. */
const SHORTEST_RR_S = 0.2;
/** A heart that stands still for longer has no rate then; the pause is told all the same. */
const LONGEST_RR_S = 10;
/** Outside of these an interval between normal beats is a beat missed or found twice. */
const SHORTEST_NN_S = 0.3;
const LONGEST_NN_S = 2;
/** Fewer intervals say nothing about variability: a little over a minute of them. */
const LEAST_NN = 100;
const NN50_MS = 50;
const PAUSES_KEPT = 20;

export interface RrInterval {
  readonly endS: number;
  readonly seconds: number;
  /** Mean of the last intervals, this one included; null while there are too few in a row. */
  readonly bpm: number | null;
}

export class HeartRates {
  readonly #pauseS: number;
  readonly #onInterval: (interval: RrInterval) => void;
  readonly #onPause: (pause: Pause) => void;
  readonly #recent: number[] = [];
  #intervals = 0;
  #totalS = 0;
  #pauseCount = 0;
  #pauses: Pause[] = [];
  slowest: RateAt | null = null;
  fastest: RateAt | null = null;
  readonly #nn = { count: 0, mean: 0, squares: 0, differences: 0, differenceSquares: 0, over50: 0 };

  constructor(pauseS: number, onInterval: (interval: RrInterval) => void, onPause: (pause: Pause) => void) {
    this.#pauseS = pauseS;
    this.#onInterval = onInterval;
    this.#onPause = onPause;
  }

  /** @param fibrillation in samples: what stands there is no sinus rhythm, whatever the beats are called */
  add(
    { fromS, rateHz }: HolterRecording,
    read: ReadRecording,
    recording: number,
    fibrillation: readonly Interval[],
  ): void {
    const way = new ReadableWay(read);
    const { beats } = read;
    let nnBefore: number | null = null;
    let episode = 0;
    this.#recent.length = 0;
    for (let i = 1; i < beats.length; i++) {
      const before = beats[i - 1]!;
      const beat = beats[i]!;
      const seconds = (beat.sample - before.sample) / rateHz;
      if (seconds < SHORTEST_RR_S || !way.between(before.sample, beat.sample)) {
        this.#recent.length = 0;
        nnBefore = null;
        continue;
      }
      const place = { at_s: fromS + before.sample / rateHz, recording, sample: before.sample };
      if (seconds >= this.#pauseS) this.#takePause({ ...place, duration_s: seconds });
      if (seconds <= LONGEST_RR_S) {
        this.#takeInterval(seconds, recording, beat.sample, fromS, rateHz);
      } else this.#recent.length = 0;
      while (episode < fibrillation.length && fibrillation[episode]!.end < before.sample) episode++;
      const isSinus =
        before.name === 'N' &&
        beat.name === 'N' &&
        seconds >= SHORTEST_NN_S &&
        seconds <= LONGEST_NN_S &&
        !((fibrillation[episode]?.start ?? Number.POSITIVE_INFINITY) <= beat.sample);
      if (isSinus) this.#takeNn(seconds * 1000, nnBefore);
      nnBefore = isSinus ? seconds * 1000 : null;
    }
  }

  get meanBpm(): number | null {
    return this.#intervals === 0 ? null : (60 * this.#intervals) / this.#totalS;
  }

  get pauseCount(): number {
    return this.#pauseCount;
  }

  /** The longest first. */
  get pauses(): readonly Pause[] {
    return this.#pauses;
  }

  /** null: there are too few intervals to say. */
  get variability(): HeartRateVariability | null {
    const { count, squares, differences, differenceSquares, over50 } = this.#nn;
    if (count < LEAST_NN || differences === 0) return null;
    return {
      nn_intervals: count,
      sdnn_ms: Math.sqrt(squares / (count - 1)),
      rmssd_ms: Math.sqrt(differenceSquares / differences),
      pnn50: over50 / differences,
    };
  }

  #takeInterval(seconds: number, recording: number, end: number, fromS: number, rateHz: number): void {
    this.#intervals++;
    this.#totalS += seconds;
    this.#recent.push(seconds);
    const totalS = this.#recent.reduce((sum, value) => sum + value, 0);
    const bpm = this.#recent.length < RATE_INTERVALS ? null : (60 * RATE_INTERVALS) / totalS;
    this.#onInterval({ endS: fromS + end / rateHz, seconds, bpm });
    if (bpm === null) return;
    // The middle of the intervals is where a strip shows them.
    const sample = Math.round(end - (totalS / 2) * rateHz);
    const place = { at_s: fromS + sample / rateHz, recording, sample, bpm };
    if (this.slowest === null || bpm < this.slowest.bpm) this.slowest = place;
    if (this.fastest === null || bpm > this.fastest.bpm) this.fastest = place;
    this.#recent.shift();
  }

  #takePause(pause: Pause): void {
    this.#pauseCount++;
    this.#onPause(pause);
    this.#pauses.push(pause);
    this.#pauses.sort((a, b) => b.duration_s - a.duration_s || a.at_s - b.at_s);
    if (this.#pauses.length > PAUSES_KEPT) this.#pauses.pop();
  }

  /** Sums of squares about the running mean (Welford 1962): a day of them loses no digit. */
  #takeNn(milliseconds: number, before: number | null): void {
    const nn = this.#nn;
    nn.count++;
    const away = milliseconds - nn.mean;
    nn.mean += away / nn.count;
    nn.squares += away * (milliseconds - nn.mean);
    if (before === null) return;
    const difference = Math.abs(milliseconds - before);
    nn.differences++;
    nn.differenceSquares += difference * difference;
    if (difference > NN50_MS) nn.over50++;
  }
}
