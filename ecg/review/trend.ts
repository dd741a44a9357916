/** A day at a glance: heart rate, class counts, atrial fibrillation and readable signal by minute, from the annotations of the recordings. */
import { SHUTDOWN_BITS } from '../ec57/timeline.ts';
import { BEAT_LABELS, type BeatLabel } from '../types.ts';
import { AnnotationCode } from '../wfdb/annotation-codes.ts';
import type { RecordedBeat, RecordedMark } from './recorded.ts';

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
  /** Share of what was recorded of each step that was suspected atrial fibrillation; null where nothing says. */
  readonly fibrillation: (number | null)[];
  /** Share of what was recorded of each step in which the analysed lead could be read; null where nothing says. */
  readonly readable: (number | null)[];
}

/** WFDB's name of the rhythm. */
const FIBRILLATION = '(AFIB';

/** Longer pauses are gaps in the beats, not a heart rate; a pause alert tells of them. */
const LONGEST_RR_S = 3;
const SHORTEST_RR_S = 0.2;

export class TrendBuilder {
  readonly #fromMs: number;
  readonly #stepMs: number;
  readonly #sums: Float64Array;
  readonly #intervals: Uint32Array;
  /** Milliseconds of each step: with marks that say, of them in fibrillation, and not readable. */
  readonly #saidMs: Float64Array;
  readonly #fibrillationMs: Float64Array;
  readonly #unreadableMs: Float64Array;
  readonly #trend: Trend;

  constructor(fromMs: number, toMs: number, stepS: number) {
    this.#fromMs = fromMs;
    this.#stepMs = stepS * 1000;
    const steps = Math.max(1, Math.ceil((toMs - fromMs) / this.#stepMs));
    this.#sums = new Float64Array(steps);
    this.#intervals = new Uint32Array(steps);
    this.#saidMs = new Float64Array(steps);
    this.#fibrillationMs = new Float64Array(steps);
    this.#unreadableMs = new Float64Array(steps);
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
      fibrillation: Array<number | null>(steps).fill(null),
      readable: Array<number | null>(steps).fill(null),
    };
  }

  /**
   * One recording: where it lies, its beats and its other marks in order.
   * @param marks null: nothing says how the rhythm and the signal were
   */
  add(
    startMs: number,
    endMs: number,
    rateHz: number,
    beats: readonly RecordedBeat[],
    marks: readonly RecordedMark[] | null = null,
  ): void {
    this.#addRecorded(startMs, endMs);
    if (marks !== null) this.#addMarks(startMs, endMs, rateHz, marks);
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
      const said = this.#saidMs[step]!;
      if (said <= 0) continue;
      this.#trend.fibrillation[step] = share(this.#fibrillationMs[step]! / said);
      this.#trend.readable[step] = share(1 - this.#unreadableMs[step]! / said);
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
    this.#eachStep(startMs, endMs, (step, ms) => {
      recorded[step] = Math.min(1, recorded[step]! + ms / this.#stepMs);
    });
  }

  /** A recording begins with sinus rhythm on a good lead, unless its first marks say otherwise. */
  #addMarks(startMs: number, endMs: number, rateHz: number, marks: readonly RecordedMark[]): void {
    let fibrillationSince: number | null = null;
    let unreadableSince: number | null = null;
    const close = (sums: Float64Array, since: number | null, untilMs: number) => {
      if (since !== null)
        this.#eachStep(since, untilMs, (step, ms) => {
          sums[step]! += ms;
        });
    };
    this.#eachStep(startMs, endMs, (step, ms) => {
      this.#saidMs[step]! += ms;
    });
    for (const { sample, code, subtype, text } of marks) {
      const at = startMs + (sample / rateHz) * 1000;
      if (code === AnnotationCode.rhythm) {
        close(this.#fibrillationMs, fibrillationSince, at);
        fibrillationSince = text === FIBRILLATION ? at : null;
      } else if (code === AnnotationCode.signalQuality) {
        close(this.#unreadableMs, unreadableSince, at);
        unreadableSince = (subtype & SHUTDOWN_BITS) === SHUTDOWN_BITS ? at : null;
      }
    }
    close(this.#fibrillationMs, fibrillationSince, endMs);
    close(this.#unreadableMs, unreadableSince, endMs);
  }

  /** @param take is told of each step that [startMs, endMs) touches, and how many milliseconds of it */
  #eachStep(startMs: number, endMs: number, take: (step: number, ms: number) => void): void {
    const first = Math.max(0, Math.floor((startMs - this.#fromMs) / this.#stepMs));
    const last = Math.min(this.#sums.length - 1, Math.floor((endMs - this.#fromMs) / this.#stepMs));
    for (let step = first; step <= last; step++) {
      const stepStart = this.#fromMs + step * this.#stepMs;
      take(step, Math.max(0, Math.min(endMs, stepStart + this.#stepMs) - Math.max(startMs, stepStart)));
    }
  }

  #stepOf(timeMs: number): number | null {
    const step = Math.floor((timeMs - this.#fromMs) / this.#stepMs);
    return step >= 0 && step < this.#sums.length ? step : null;
  }
}

function share(value: number): number {
  return Math.round(1000 * Math.max(0, Math.min(1, value))) / 1000;
}

function round(bpm: number): number {
  return Math.round(bpm * 10) / 10;
}
