/** Heart rate and company from the beats of the last minutes. What is not known is null. */
import { type BeatLabel, PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { VitalsEvent } from '@rhythmd/protocol/events.ts';

/** The rate is the median of this many intervals: one premature beat and its pause don't move it. */
const RATE_INTERVALS = 8;
/** Without a beat for this long the rate is unknown (the asystole alert fires before). */
const STALE_SAMPLES = 5 * PIPELINE_RATE_HZ;
const MINUTE_SAMPLES = 60 * PIPELINE_RATE_HZ;
/** Short-term variability: five minutes (Task Force of the ESC and NASPE, Circulation 1996). */
const VARIABILITY_SAMPLES = 5 * MINUTE_SAMPLES;
/** Fewer normal intervals than in half a minute say nothing about variability. */
const LEAST_INTERVALS = 30;
/** Five minutes at 400 a minute. */
const REMEMBERED_BEATS = 2048;

interface SeenBeat {
  readonly sample: number;
  readonly rr: number | null;
  readonly label: BeatLabel | null;
  /** Both ends of the interval are normal beats. */
  readonly isNormalInterval: boolean;
}

export class Vitals {
  readonly #labels: readonly BeatLabel[];
  readonly #beats: SeenBeat[] = [];
  #readableSince: number | null = null;

  /** @param labels the classes that the model names: each has its count, 0 too */
  constructor(labels: readonly BeatLabel[]) {
    this.#labels = labels;
  }

  /** @param rr samples since the beat before; null when there is none within reach */
  beat(sample: number, rr: number | null, label: BeatLabel | null): void {
    const isNormalInterval = rr !== null && label === 'N' && this.#beats.at(-1)?.label === 'N';
    this.#beats.push({ sample, rr, label, isNormalInterval });
    const oldest = sample - VARIABILITY_SAMPLES;
    while (this.#beats.length > REMEMBERED_BEATS || this.#beats[0]!.sample < oldest) this.#beats.shift();
  }

  /** The analysed lead became readable or unreadable at `sample`. */
  readable(sample: number, isReadable: boolean): void {
    if (!isReadable) this.#readableSince = null;
    else this.#readableSince ??= sample;
  }

  /** @param now the latest sample; @param quality share of the leads that can be read */
  report(now: number, timeMs: number, quality: number | null): VitalsEvent {
    const current = this.#isCurrent(now);
    const rr = current ? this.#medianInterval() : null;
    const lastRr = current ? (this.#beats.at(-1)?.rr ?? null) : null;
    return {
      v: 1,
      t_ms: timeMs,
      hr_bpm: rr === null ? null : rounded((60 * PIPELINE_RATE_HZ) / rr),
      rr_ms: lastRr === null ? null : Math.round((1000 * lastRr) / PIPELINE_RATE_HZ),
      sdnn_ms: current ? this.#sdnnMs() : null,
      beats_per_min: this.#classCounts(now),
      quality,
    };
  }

  #isCurrent(now: number): boolean {
    const last = this.#beats.at(-1);
    return this.#readableSince !== null && last !== undefined && now - last.sample <= STALE_SAMPLES;
  }

  #medianInterval(): number | null {
    const intervals: number[] = [];
    for (let i = this.#beats.length - 1; i >= 0 && intervals.length < RATE_INTERVALS; i--) {
      const { rr } = this.#beats[i]!;
      if (rr === null) break;
      intervals.push(rr);
    }
    if (intervals.length < 2) return null;
    intervals.sort((a, b) => a - b);
    const middle = intervals.length >> 1;
    return intervals.length % 2 === 1
      ? intervals[middle]!
      : (intervals[middle - 1]! + intervals[middle]!) / 2;
  }

  #sdnnMs(): number | null {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (const { rr, isNormalInterval } of this.#beats) {
      if (!isNormalInterval || rr === null) continue;
      const ms = (1000 * rr) / PIPELINE_RATE_HZ;
      count++;
      sum += ms;
      squares += ms * ms;
    }
    if (count < LEAST_INTERVALS) return null;
    return rounded(Math.sqrt(Math.max(0, (squares - (sum * sum) / count) / (count - 1))));
  }

  /** Known only once a whole minute was readable and every beat in it had its verdict. */
  #classCounts(now: number): Readonly<Partial<Record<BeatLabel, number>>> | null {
    const from = now - MINUTE_SAMPLES;
    if (this.#readableSince === null || this.#readableSince > from) return null;
    const counts: Partial<Record<BeatLabel, number>> = {};
    for (const label of this.#labels) counts[label] = 0;
    for (const { sample, label } of this.#beats) {
      if (sample <= from) continue;
      if (label === null) return null;
      counts[label] = (counts[label] ?? 0) + 1;
    }
    return counts;
  }
}

const rounded = (value: number): number => Math.round(10 * value) / 10;
