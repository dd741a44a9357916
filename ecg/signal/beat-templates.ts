/**
 * What the beats of one lead look like: a few running mean shapes, each of unit energy. A wave is compared with
 * all of them; an accepted beat is averaged into the one it resembles or starts a new one.
 */
import { BAND_MASK } from './qrs/bands.ts';

/** Normal, ectopic, and one more (fusion, paced, a second focus). */
const TEMPLATES = 3;
/** Steps on each side of the centre: a window of 142 ms, as wide as a wide QRS complex. */
const HALF_WINDOW = 8;
const WINDOW = 2 * HALF_WINDOW + 1;
/** Steps a wave is moved each way for its best fit: 17 ms. */
const REACH = 2;
const SHIFTS = 2 * REACH + 1;
/** Below this correlation a beat is of another shape. */
const SAME_SHAPE = 0.8;
/** A template is the mean of its first beats, then follows with this share of each. */
const FOLLOW_SHARE = 1 / 8;
const USE_DECAY = 0.97;

export class BeatTemplates {
  /** Of the last `match`: correlation with the best template, null when there is no template. */
  correlation: number | null = null;
  /** Correlation with the template used most. */
  mainCorrelation = 0;
  /** Size of the wave along the best template, as a share of that template's beats. */
  size = 0;
  /** What the template leaves unexplained, as a share of that template's beats. */
  residual = 0;
  /** How much the best template has been used of late, 0 to 1. */
  use = 0;
  readonly #shapes = new Float64Array(TEMPLATES * WINDOW);
  readonly #energies = new Float32Array(TEMPLATES);
  readonly #beats = new Float32Array(TEMPLATES);
  readonly #uses = new Float32Array(TEMPLATES);
  readonly #wave = new Float64Array(WINDOW + 2 * REACH);
  readonly #waveEnergies = new Float64Array(SHIFTS);
  readonly #products = new Float64Array(SHIFTS);
  #matched = -1;
  #best = -1;
  #bestShift = 0;

  reset(): void {
    this.#beats.fill(0);
    this.#uses.fill(0);
    this.#best = -1;
    this.#matched = -1;
    this.correlation = null;
  }

  /** Compares the wave around step `n` of a ring of shapes with all templates. */
  match(ring: Float32Array, n: number): void {
    const wave = this.#wave;
    const energies = this.#waveEnergies;
    const products = this.#products;
    for (let k = 0; k < WINDOW + 2 * REACH; k++) wave[k] = ring[(n - HALF_WINDOW - REACH + k) & BAND_MASK]!;
    for (let shift = 0; shift < SHIFTS; shift++) {
      let energy = 0;
      for (let k = 0; k < WINDOW; k++) energy += wave[k + shift]! * wave[k + shift]!;
      energies[shift] = energy;
    }
    let best = -1;
    let bestShift = 0;
    let bestCorrelation = -2;
    let bestProduct = 0;
    let main = -1;
    let mainCorrelation = 0;
    for (let t = 0; t < TEMPLATES; t++) {
      if (this.#beats[t] === 0) continue;
      let own = -2;
      this.#multiply(t);
      for (let shift = 0; shift < SHIFTS; shift++) {
        const product = products[shift]!;
        const energy = energies[shift]!;
        const correlation = energy > 0 ? product / Math.sqrt(energy) : 0;
        if (correlation > own) own = correlation;
        if (correlation > bestCorrelation) {
          bestCorrelation = correlation;
          best = t;
          bestShift = shift;
          bestProduct = product;
        }
      }
      if (main < 0 || this.#uses[t]! > this.#uses[main]!) {
        main = t;
        mainCorrelation = own;
      }
    }
    this.#matched = n;
    this.#best = best;
    this.#bestShift = bestShift - REACH;
    if (best < 0) {
      this.correlation = null;
      return;
    }
    const usual = this.#energies[best]!;
    const unexplained = Math.max(0, energies[bestShift]! - bestProduct * bestProduct);
    this.correlation = bestCorrelation;
    this.mainCorrelation = mainCorrelation;
    this.size = usual > 0 ? Math.max(0, bestProduct) / usual : 0;
    this.residual = usual > 0 ? Math.sqrt(unexplained) / usual : 0;
    this.use = this.#uses[best]!;
  }

  /** The wave by a template, for all shifts at once: each point of the template is read and checked once. */
  #multiply(template: number): void {
    const wave = this.#wave;
    const shapes = this.#shapes;
    const first = template * WINDOW;
    let [p0, p1, p2, p3, p4] = [0, 0, 0, 0, 0];
    for (let k = 0; k < WINDOW; k++) {
      const point = shapes[first + k]!;
      p0 += wave[k]! * point;
      p1 += wave[k + 1]! * point;
      p2 += wave[k + 2]! * point;
      p3 += wave[k + 3]! * point;
      p4 += wave[k + 4]! * point;
    }
    const products = this.#products;
    products[0] = p0;
    products[1] = p1;
    products[2] = p2;
    products[3] = p3;
    products[4] = p4;
  }

  /** Averages the beat around step `n` into the template it matches; a match at the same step is not repeated. */
  learn(ring: Float32Array, n: number): void {
    if (this.#matched !== n) this.match(ring, n);
    this.#matched = -1;
    let slot = this.#best;
    let shift = this.#bestShift;
    if (this.correlation === null || this.correlation < SAME_SHAPE) {
      slot = 0;
      for (let t = 1; t < TEMPLATES; t++) if (this.#uses[t]! < this.#uses[slot]!) slot = t;
      shift = 0;
      this.#beats[slot] = 0;
      this.#uses[slot] = 0;
      this.#shapes.fill(0, slot * WINDOW, (slot + 1) * WINDOW);
    }
    this.#average(slot, shift);
  }

  #average(slot: number, shift: number): void {
    const wave = this.#wave;
    const from = shift + REACH;
    let energy = 0;
    for (let k = 0; k < WINDOW; k++) energy += wave[k + from]! ** 2;
    if (energy === 0) return;
    const size = Math.sqrt(energy);
    const beats = this.#beats[slot]!;
    const share = Math.max(FOLLOW_SHARE, 1 / (beats + 1));
    let sum = 0;
    for (let k = 0, at = slot * WINDOW; k < WINDOW; k++, at++) {
      const value = this.#shapes[at]! * (1 - share) + (share * wave[k + from]!) / size;
      this.#shapes[at] = value;
      sum += value * value;
    }
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let k = 0, at = slot * WINDOW; k < WINDOW; k++, at++) this.#shapes[at]! *= scale;
    this.#energies[slot] = beats === 0 ? size : this.#energies[slot]! * (1 - share) + share * size;
    this.#beats[slot] = beats + 1;
    for (let t = 0; t < TEMPLATES; t++) this.#uses[t]! *= USE_DECAY;
    this.#uses[slot]! += 1 - USE_DECAY;
  }
}
