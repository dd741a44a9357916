/**
 * Whether the heart beats regularly: the last beats come at even distances, and the next is not overdue; each is shaped like
 * one of the two before it, or else the detector has no doubt of them (their shapes are lost in noise, they are not). Such a heart does not fibrillate, whatever its spectrum: wide complexes one after the other
 * look like flutter to every measure that knows no beats. (It may be in ventricular tachycardia: see `bpm`.)
 */
import { medianOf } from '../median.ts';
import { ShapeMemory } from './shape-memory.ts';

const INTERVALS = 6;
/** All but one of the intervals lie this near to their median, as a share of it: one may be a premature or a lost beat. */
const NEAR_MEDIAN = 0.15;
const LEAST_NEAR = INTERVALS - 1;
const LEAST_SIMILARITY = 0.8;
/** All but one of the beats must repeat a shape: one premature or disturbed beat is nothing. */
const LEAST_ALIKE = INTERVALS - 1;
/**
 * Expected wrong decisions a beat, mean over the beats; in fibrillation a detector has 0.3 to 0.6. It only counts for what
 * is slower than flutter, which is regular too, and clear.
 */
const LARGEST_DOUBT = 0.2;
const SLOW_BPM = 150;
/** Without a beat for this many intervals, and the time in which the detector tells of one, it is no longer known. */
const OVERDUE_INTERVALS = 1.6;
const DETECTOR_DELAY_SECONDS = 0.7;
const WAITING_KEPT = 16;
/** A run: so many beats in a row, all but one of which have the shape of the beat just before. */
const RUN_BEATS = 5;
const RUN_ALIKE = RUN_BEATS - 2;
const RUN_SIMILARITY = 0.7;
/** The usual beat is known after so many, and follows with this share of each. */
const USUAL_BEATS = 8;
const USUAL_SHARE = 1 / 32;
const USUAL_SIMILARITY = 0.85;

export class RegularBeats {
  readonly #rateHz: number;
  readonly #memory: ShapeMemory;
  readonly #mayLearn: (sample: number) => boolean;
  readonly #samples: number[] = [];
  readonly #alike: boolean[] = [];
  readonly #likePrevious: boolean[] = [];
  readonly #likeUsual: boolean[] = [];
  readonly #shapes: Float64Array[] = [];
  readonly #usual: Float64Array;
  #learned = 0;
  readonly #intervals = new Float64Array(INTERVALS);
  readonly #sorted = new Float64Array(INTERVALS);
  /** Peaks whose waves have not been pushed yet. */
  readonly #waiting: { readonly sample: number; readonly doubt: number }[] = [];
  readonly #doubts: number[] = [];

  /** @param mayLearn whether the rhythm at a sample is the patient's own, as far as is known: usual beats are learned then */
  constructor(rateHz: number, mayLearn: (sample: number) => boolean) {
    this.#rateHz = rateHz;
    this.#memory = new ShapeMemory(rateHz);
    this.#usual = new Float64Array(this.#memory.length);
    this.#mayLearn = mayLearn;
  }

  pushSamples(lead: Float32Array, count: number, first: number): void {
    this.#memory.push(lead, count, first);
    while (this.#waiting.length > 0 && this.#take(this.#waiting[0]!)) this.#waiting.shift();
  }

  peak(sample: number, doubt: number): void {
    this.#waiting.push({ sample, doubt });
    if (this.#waiting.length > WAITING_KEPT) this.#waiting.shift();
  }

  restart(): void {
    this.#waiting.length = 0;
    this.#samples.length = 0;
    this.#alike.length = 0;
    this.#doubts.length = 0;
    this.#likePrevious.length = 0;
    this.#likeUsual.length = 0;
    this.#shapes.length = 0;
  }

  /** The rate of the last five beats, when they are of one shape; null otherwise. */
  runBpm(now: number): number | null {
    const count = this.#samples.length;
    if (count < RUN_BEATS) return null;
    const mean = (this.#samples[count - 1]! - this.#samples[count - RUN_BEATS]!) / (RUN_BEATS - 1);
    if (this.#isOverdue(now, mean)) return null;
    let alike = 0;
    for (let i = count - RUN_BEATS + 1; i < count; i += 1) if (this.#likePrevious[i]) alike += 1;
    return alike >= RUN_ALIKE ? (60 * this.#rateHz) / mean : null;
  }

  /** The beats that gave `bpm` are alike; else noise hides their shapes, and they are only seen to be there. */
  get areAlike(): boolean {
    return this.#alike.filter(Boolean).length >= LEAST_ALIKE;
  }

  /** The rate of a heart that beats regularly; null where it does not, or is not known to. */
  bpm(now: number): number | null {
    const count = this.#samples.length;
    if (count <= INTERVALS) return null;
    for (let i = 0; i < INTERVALS; i += 1) {
      this.#intervals[i] = this.#samples[i + 1]! - this.#samples[i]!;
    }
    this.#sorted.set(this.#intervals);
    const median = medianOf(this.#sorted);
    if (this.#isOverdue(now, median)) return null;
    const bpm = (60 * this.#rateHz) / median;
    let near = 0;
    for (const interval of this.#intervals) {
      if (Math.abs(interval - median) <= NEAR_MEDIAN * median) near += 1;
    }
    if (near < LEAST_NEAR) return null;
    if (this.areAlike) return bpm;
    const doubt = this.#doubts.reduce((sum, value) => sum + value, 0) / count;
    return bpm < SLOW_BPM && doubt <= LARGEST_DOUBT ? bpm : null;
  }

  #isOverdue(now: number, interval: number): boolean {
    const silent = now - this.#samples.at(-1)!;
    return silent > OVERDUE_INTERVALS * interval + DETECTOR_DELAY_SECONDS * this.#rateHz;
  }

  /** The last five beats have the shape this patient's beats had when the rhythm was not in question. */
  get isRunUsual(): boolean {
    const last = this.#likeUsual.slice(-RUN_BEATS);
    return last.length === RUN_BEATS && last.filter(Boolean).length > RUN_BEATS / 2;
  }

  #learn(shape: Float64Array, sample: number): void {
    if (!this.#mayLearn(sample)) return;
    this.#learned += 1;
    const share = Math.max(USUAL_SHARE, 1 / this.#learned);
    for (let i = 0; i < shape.length; i += 1) this.#usual[i]! += share * (shape[i]! - this.#usual[i]!);
  }

  /** @returns false while the beat's waves are not all there */
  #take({ sample, doubt }: { sample: number; doubt: number }): boolean {
    if (!this.#memory.reaches(sample)) return false;
    const shape = new Float64Array(this.#memory.length);
    if (!this.#memory.copyTo(shape, sample)) return true;
    const isUsual =
      this.#learned >= USUAL_BEATS && this.#memory.similarity(this.#usual, shape) >= USUAL_SIMILARITY;
    this.#likeUsual.push(isUsual);
    this.#learn(shape, sample);
    const similarities = this.#shapes.map((other) => this.#memory.similarity(other, shape));
    this.#likePrevious.push((similarities.at(-1) ?? 0) >= RUN_SIMILARITY);
    const alike = similarities.some((similarity) => similarity >= LEAST_SIMILARITY);
    this.#shapes.push(shape);
    if (this.#shapes.length > 2) this.#shapes.shift();
    this.#samples.push(sample);
    this.#alike.push(alike);
    this.#doubts.push(doubt);
    if (this.#samples.length > INTERVALS + 1) {
      this.#samples.shift();
      this.#alike.shift();
      this.#doubts.shift();
      this.#likePrevious.shift();
      this.#likeUsual.shift();
    }
    return true;
  }
}
