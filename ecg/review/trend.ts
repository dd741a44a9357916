/** A day at a glance: heart rate and class counts by minute, from the beats of the recordings. */
import { BEAT_LABELS, type BeatLabel } from '../types.ts';
import type { RecordedBeat } from './recorded.ts';

export interface Trend {
  readonly start_ms: number;
  readonly step_s: number;
  /** Beats a minute; null where nothing was recorded or no interval could be trusted. */
  readonly mean: (number | null)[];
  readonly min: (number | null)[];
  readonly max: (number | null)[];
  readonly counts: Readonly<Record<BeatLabel, number[]>>;
  /** Share of each step that was recorded, 0 to 1. */
  readonly recorded: number[];
}

/** Longer pauses are gaps in the beats, not a heart rate; a pause alert tells of them. */
const LONGEST_RR_S = 3;
const SHORTEST_RR_S = 0.2;

export class TrendBuilder {
  readonly #fromMs: number;
  readonly #stepMs: number;
  readonly #sums: Float64Array;
  readonly #intervals: Uint32Array;
  readonly #trend: Trend;

  constructor(fromMs: number, toMs: number, stepS: number) {
    this.#fromMs = fromMs;
    this.#stepMs = stepS * 1000;
    const steps = Math.max(1, Math.ceil((toMs - fromMs) / this.#stepMs));
    this.#sums = new Float64Array(steps);
    this.#intervals = new Uint32Array(steps);
    this.#trend = {
      start_ms: fromMs,
      step_s: stepS,
      mean: Array<number | null>(steps).fill(null),
      min: Array<number | null>(steps).fill(null),
      max: Array<number | null>(steps).fill(null),
      counts: Object.fromEntries(BEAT_LABELS.map((label) => [label, Array<number>(steps).fill(0)])) as Record<
        BeatLabel,
        number[]
      >,
      recorded: Array<number>(steps).fill(0),
    };
  }

  /** One recording: where it lies, and its beats in order. */
  add(startMs: number, endMs: number, rateHz: number, beats: readonly RecordedBeat[]): void {
    this.#addRecorded(startMs, endMs);
    let before: RecordedBeat | null = null;
    for (const beat of beats) {
      const step = this.#stepOf(startMs + (beat.sample / rateHz) * 1000);
      if (step !== null) {
        if (beat.label !== null) this.#trend.counts[beat.label][step]!++;
        const rrS = before === null ? null : (beat.sample - before.sample) / rateHz;
        if (rrS !== null && rrS >= SHORTEST_RR_S && rrS <= LONGEST_RR_S) this.#addInterval(step, rrS);
      }
      before = beat;
    }
  }

  build(): Trend {
    for (let step = 0; step < this.#sums.length; step++) {
      const count = this.#intervals[step]!;
      if (count > 0) this.#trend.mean[step] = round((60 * count) / this.#sums[step]!);
    }
    return this.#trend;
  }

  #addInterval(step: number, rrS: number): void {
    this.#sums[step]! += rrS;
    this.#intervals[step]!++;
    const bpm = round(60 / rrS);
    const { min, max } = this.#trend;
    min[step] = Math.min(min[step] ?? bpm, bpm);
    max[step] = Math.max(max[step] ?? bpm, bpm);
  }

  #addRecorded(startMs: number, endMs: number): void {
    const { recorded } = this.#trend;
    const first = Math.max(0, Math.floor((startMs - this.#fromMs) / this.#stepMs));
    const last = Math.min(recorded.length - 1, Math.floor((endMs - this.#fromMs) / this.#stepMs));
    for (let step = first; step <= last; step++) {
      const stepStart = this.#fromMs + step * this.#stepMs;
      const overlap = Math.min(endMs, stepStart + this.#stepMs) - Math.max(startMs, stepStart);
      recorded[step] = Math.min(1, recorded[step]! + Math.max(0, overlap) / this.#stepMs);
    }
  }

  #stepOf(timeMs: number): number | null {
    const step = Math.floor((timeMs - this.#fromMs) / this.#stepMs);
    return step >= 0 && step < this.#sums.length ? step : null;
  }
}

function round(bpm: number): number {
  return Math.round(bpm * 10) / 10;
}
