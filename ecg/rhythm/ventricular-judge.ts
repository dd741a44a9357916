/**
 * Which beats count as ventricular in runs and patterns. It begins with the classifier's label and looks at two
 * things a network that sees one beat at a time is weak in:
 *
 * - a beat called ventricular without certainty that has the shape of the patient's usual beat is not;
 * - an early beat that follows a ventricular one, unlike the usual beat and like a recent ventricular one, is: in
 *   the middle of a run the intervals on both sides are alike, and networks take it for something else.
 *
 * Published labels stay the classifier's. Thresholds from DS1, where 5 % of the usual beats are below 0.9 and
 * most ventricular ones below 0.75; matching a patient's own templates is old practice (Feldman 1977, ARGUS).
 */
import { BEAT_LABELS, type BeatLabel } from '../types.ts';
import { ShapeMemory } from './shape-memory.ts';

const USUAL_ABOVE = 0.9;
const UNUSUAL_BELOW = 0.75;
const RECENT_ABOVE = 0.8;
/** From this probability on the label stands whatever the shape: some ventricular beats look usual in one lead. */
const CERTAIN = 0.9;
/** Early: an interval below this share of the median of the last ones. */
const EARLY_SHARE = 0.85;
/** Neighbours in ventricular tachycardias of DS1 are above 0.6, runs of noise below 0.4. */
const ALIKE_ABOVE = 0.5;
const USUAL_KEPT = 9;
const USUAL_NEEDED = 5;
const RECENT_KEPT = 6;
const INTERVALS_KEPT = 12;
/** Beats of these labels are what "usual" is learned from: conducted (early ones too) or paced, block included. */
const USUAL_LABELS: readonly (BeatLabel | null)[] = ['N', 'S', 'Q', '/', 'other'];
const VENTRICULAR = BEAT_LABELS.indexOf('V');

export interface Judgement {
  readonly ventricular: boolean;
  /** Shaped like one of the two beats before it; true where the shape is not known. Noise is never twice the same. */
  readonly alike: boolean;
  /** The classifier left no doubt; true where it was not asked how sure it is. */
  readonly certain: boolean;
}

interface JudgedBeat {
  readonly sample: number;
  readonly label: BeatLabel | null;
  readonly probabilities?: Float32Array | null;
}

export class VentricularJudge {
  readonly #memory: ShapeMemory;
  readonly #usual: Float64Array[] = [];
  readonly #recent: Float64Array[] = [];
  readonly #intervals: number[] = [];
  readonly #template: Float64Array;
  readonly #previous: Float64Array[] = [];
  #previousVentricular = false;

  constructor(rateHz: number) {
    this.#memory = new ShapeMemory(rateHz);
    this.#template = new Float64Array(this.#memory.length);
  }

  pushSamples(lead: Float32Array, count: number, first: number): void {
    this.#memory.push(lead, count, first);
  }

  /** Asked once a beat, in order. @param rr samples since the beat before; null when unknown */
  judge(beat: JudgedBeat, rr: number | null): Judgement {
    const probabilities = beat.probabilities ?? null;
    if (probabilities === null) return { ventricular: beat.label === 'V', alike: true, certain: true };
    const certain = Math.max(...probabilities) >= CERTAIN;
    const early = this.#isEarly(rr);
    const shape = new Float64Array(this.#memory.length);
    if (!this.#memory.copyTo(shape, beat.sample)) {
      this.#previousVentricular = beat.label === 'V';
      return { ventricular: this.#previousVentricular, alike: true, certain };
    }
    const inRun = early && this.#previousVentricular;
    const ventricular = this.#isVentricular(beat.label, probabilities[VENTRICULAR]!, shape, inRun);
    const alike = this.#isLikeOne(this.#previous, shape, ALIKE_ABOVE);
    this.#learn(beat.label, ventricular, shape);
    this.#previousVentricular = ventricular;
    // A beat that counts for its shape, against its label, is no certain one.
    return { ventricular, alike, certain: certain && ventricular === (beat.label === 'V') };
  }

  #isLikeOne(shapes: readonly Float64Array[], shape: Float64Array, least: number): boolean {
    return shapes.some((other) => this.#memory.similarity(other, shape) >= least);
  }

  #isVentricular(label: BeatLabel | null, probability: number, shape: Float64Array, inRun: boolean): boolean {
    if (this.#usual.length < USUAL_NEEDED) return label === 'V';
    const usual = this.#memory.similarity(this.#template, shape);
    if (label === 'V') return probability >= CERTAIN || usual < USUAL_ABOVE;
    if (!inRun || label === null || usual >= UNUSUAL_BELOW) return false;
    return this.#isLikeOne(this.#recent, shape, RECENT_ABOVE);
  }

  #learn(label: BeatLabel | null, ventricular: boolean, shape: Float64Array): void {
    keep(this.#previous, shape, 2);
    if (ventricular) {
      keep(this.#recent, shape, RECENT_KEPT);
    } else if (USUAL_LABELS.includes(label)) {
      keep(this.#usual, shape, USUAL_KEPT);
      this.#updateTemplate();
    }
  }

  /** Point by point the median: one odd beat does not bend it. */
  #updateTemplate(): void {
    const values = new Float64Array(this.#usual.length);
    for (let index = 0; index < this.#template.length; index += 1) {
      for (let beat = 0; beat < values.length; beat += 1) values[beat] = this.#usual[beat]![index]!;
      values.sort();
      this.#template[index] = values[values.length >> 1]!;
    }
  }

  #isEarly(rr: number | null): boolean {
    if (rr === null) return false;
    keep(this.#intervals, rr, INTERVALS_KEPT);
    const median = [...this.#intervals].sort((a, b) => a - b)[this.#intervals.length >> 1]!;
    return rr < EARLY_SHARE * median;
  }
}

function keep<Item>(list: Item[], item: Item, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}
