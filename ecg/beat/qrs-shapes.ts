/**
 * The shapes that this patient's QRS complexes take in one lead: up to six running means. A beat belongs to the nearest
 * one when it correlates with it by .9 and is as large within a factor of two; otherwise it begins a shape of its own,
 * in place of the one seen least. Which shape is the usual one, how common a beat's shape is and how early its beats come
 * tell a ventricular beat from a bundle branch block better than the shape itself.
 */
import type { SampleHistory } from './sample-history.ts';

const STEP = 2;
const POINTS = 43;
/** A shape may lie 3 points (17 ms) to either side. */
const MARGIN = 3;
const STRETCH = POINTS + 2 * MARGIN;
/** 0.1 s before the peak to 0.14 s after it, without the margin. */
const FIRST = -36 - MARGIN * STEP;
const SHIFTS = 2 * MARGIN + 1;
const SHAPES = 6;
const JOINS_AT = 0.9;
const LARGEST_RATIO = 2;
/** Beats after which a new one counts no less. */
const SLOWEST = 24;
/** A shape's count is halved after 140 beats without it: the usual one changes within minutes, as patients do. */
const REMEMBERED = 0.995;
/**
 * The usual shape is the one with the largest weight * e^(2 m), m its mean prematurity. By weight alone it is a matter of a few beats in
 * a patient half of whose beats are ventricular, and what has the usual shape looks like nothing else than a normal beat.
 */
const AGAINST_EARLY = 2;

interface Shape {
  readonly mean: Float64Array;
  /** Beats, the older the less. */
  weight: number;
  beats: number;
  /** Mean of ln(RR / usual RR) before its beats. */
  prematurity: number;
}

/** How a QRS complex compares with the patient's. */
export interface QrsComparison {
  /** Correlation with the nearest shape, its share of all beats, and how early its beats come; before this beat joined. */
  readonly nearestLikeness: number;
  readonly nearestShare: number;
  readonly nearestPrematurity: number;
  /** The same of the usual shape. */
  readonly usualLikeness: number;
  readonly usualShare: number;
  readonly usualPrematurity: number;
  readonly isUsual: boolean;
  /** ln of what differs from the usual shape, relative to it. */
  readonly residual: number;
  /** ln of height, steepness and width, relative to the usual shape; and the width, in points of 5.6 ms. */
  readonly height: number;
  readonly steepness: number;
  readonly relativeWidth: number;
  readonly width: number;
}

export class QrsShapes {
  /** Of the beat measured last; null where samples were lost. Reused. */
  readonly comparison: { -readonly [Key in keyof QrsComparison]: QrsComparison[Key] } = {
    nearestLikeness: 0,
    nearestShare: 0,
    nearestPrematurity: 0,
    usualLikeness: 0,
    usualShare: 0,
    usualPrematurity: 0,
    isUsual: true,
    residual: 0,
    height: 0,
    steepness: 0,
    relativeWidth: 0,
    width: 0,
  };
  readonly #shapes: Shape[] = Array.from({ length: SHAPES }, () => ({
    mean: new Float64Array(POINTS),
    weight: 0,
    beats: 0,
    prematurity: 0,
  }));
  readonly #samples = new Float32Array(STEP * STRETCH);
  readonly #stretch = new Float64Array(STRETCH);
  /** Of the stretch at each shift: the sum of squared differences from its mean. */
  readonly #powers = new Float64Array(SHIFTS);
  readonly #products = new Float64Array(SHIFTS);
  readonly #aligned = new Float64Array(POINTS);
  #bestShift = 0;

  /**
   * Compares the complex at `peak` and lets it join. @param prematurity ln(RR / usual RR) before it
   * @returns false where samples were lost: nothing is measured
   */
  take(history: SampleHistory, peak: number, deviation: number, prematurity: number): boolean {
    if (!this.#read(history, peak, deviation)) return false;
    const c = this.comparison;
    const usual = this.#usual();
    let nearest: Shape | null = null;
    let nearestShift = MARGIN;
    let highest = -2;
    let usualShift = MARGIN;
    let total = 0;
    c.usualLikeness = 0;
    for (const shape of this.#shapes) {
      total += shape.weight;
      if (shape.weight === 0) continue;
      const likeness = this.#likeness(shape.mean);
      if (shape === usual) {
        c.usualLikeness = likeness;
        usualShift = this.#bestShift;
      }
      if (likeness <= highest) continue;
      highest = likeness;
      nearest = shape;
      nearestShift = this.#bestShift;
    }
    if (nearest === null || usual === null) {
      this.#align(MARGIN);
      this.#begin(this.#shapes[0]!, prematurity);
      this.#firstEver();
      return true;
    }
    c.nearestLikeness = highest;
    c.nearestShare = nearest.weight / total;
    c.nearestPrematurity = nearest.prematurity;
    c.usualShare = usual.weight / total;
    c.usualPrematurity = usual.prematurity;
    this.#align(usualShift);
    this.#compare(usual.mean);
    this.#align(nearestShift);
    const ratio = heightOf(this.#aligned) / (heightOf(nearest.mean) + 1e-9);
    const joins = highest >= JOINS_AT && ratio < LARGEST_RATIO && ratio > 1 / LARGEST_RATIO;
    c.isUsual = joins && nearest === usual;
    for (const shape of this.#shapes) shape.weight *= REMEMBERED;
    if (joins) this.#join(nearest, prematurity);
    else {
      this.#align(MARGIN);
      this.#begin(this.#rarest(), prematurity);
    }
    return true;
  }

  #firstEver(): void {
    const c = this.comparison;
    c.nearestLikeness = 1;
    c.usualLikeness = 1;
    c.nearestShare = 1;
    c.usualShare = 1;
    c.nearestPrematurity = 0;
    c.usualPrematurity = 0;
    c.isUsual = true;
    this.#compare(this.#aligned);
  }

  /** null before the first beat. */
  #usual(): Shape | null {
    let usual: Shape | null = null;
    let highest = 0;
    for (const shape of this.#shapes) {
      const claim = shape.weight * Math.exp(AGAINST_EARLY * shape.prematurity);
      if (claim <= highest) continue;
      highest = claim;
      usual = shape;
    }
    return usual;
  }

  #rarest(): Shape {
    let rarest = this.#shapes[0]!;
    for (const shape of this.#shapes) if (shape.weight < rarest.weight) rarest = shape;
    return rarest;
  }

  #begin(shape: Shape, prematurity: number): void {
    shape.mean.set(this.#aligned);
    shape.weight = 1;
    shape.beats = 1;
    shape.prematurity = prematurity;
  }

  #join(shape: Shape, prematurity: number): void {
    shape.weight += 1;
    shape.beats = Math.min(shape.beats + 1, SLOWEST);
    shape.prematurity += (prematurity - shape.prematurity) / shape.beats;
    for (let i = 0; i < POINTS; i++) shape.mean[i]! += (this.#aligned[i]! - shape.mean[i]!) / shape.beats;
  }

  #read(history: SampleHistory, peak: number, deviation: number): boolean {
    const samples = this.#samples;
    const stretch = this.#stretch;
    history.read(peak + FIRST, STEP * STRETCH, samples);
    for (let i = 0; i < STRETCH; i++) {
      const value = (samples[STEP * i]! + samples[STEP * i + 1]!) / 2 / deviation;
      stretch[i] = value;
      if (Number.isNaN(value)) return false;
    }
    this.#weigh();
    return true;
  }

  #weigh(): void {
    const stretch = this.#stretch;
    for (let shift = 0; shift < SHIFTS; shift++) {
      let sum = 0;
      let squares = 0;
      for (let i = shift; i < shift + POINTS; i++) {
        const value = stretch[i]!;
        sum += value;
        squares += value * value;
      }
      this.#powers[shift] = squares - (sum * sum) / POINTS;
    }
  }

  /** Takes the points from `shift`, without their mean. */
  #align(shift: number): void {
    const stretch = this.#stretch;
    const aligned = this.#aligned;
    let sum = 0;
    for (let i = 0; i < POINTS; i++) sum += stretch[shift + i]!;
    const mean = sum / POINTS;
    for (let i = 0; i < POINTS; i++) aligned[i] = stretch[shift + i]! - mean;
  }

  /** The highest correlation over all shifts; `#bestShift` is where. */
  #likeness(mean: Float64Array): number {
    const stretch = this.#stretch;
    const products = this.#products;
    let power = 0;
    let [p0, p1, p2, p3, p4, p5, p6] = [0, 0, 0, 0, 0, 0, 0];
    // All shifts at once: each point of the shape is read and checked once.
    for (let i = 0; i < POINTS; i++) {
      const point = mean[i]!;
      power += point * point;
      p0 += stretch[i]! * point;
      p1 += stretch[i + 1]! * point;
      p2 += stretch[i + 2]! * point;
      p3 += stretch[i + 3]! * point;
      p4 += stretch[i + 4]! * point;
      p5 += stretch[i + 5]! * point;
      p6 += stretch[i + 6]! * point;
    }
    products[0] = p0;
    products[1] = p1;
    products[2] = p2;
    products[3] = p3;
    products[4] = p4;
    products[5] = p5;
    products[6] = p6;
    let highest = -2;
    for (let shift = 0; shift < SHIFTS; shift++) {
      // A shape's mean is zero, so the beat's own mean drops out of the product.
      const likeness = products[shift]! / Math.sqrt(this.#powers[shift]! * power + 1e-9);
      if (likeness <= highest) continue;
      highest = likeness;
      this.#bestShift = shift;
    }
    return highest;
  }

  #compare(usual: Float64Array): void {
    const own = this.#aligned;
    const c = this.comparison;
    let differing = 0;
    let power = 0;
    for (let i = 0; i < POINTS; i++) {
      differing += (own[i]! - usual[i]!) ** 2;
      power += usual[i]! * usual[i]!;
    }
    c.residual = Math.log(Math.sqrt(differing / (power + 1e-9)) + 0.02);
    c.height = logRatio(heightOf(own), heightOf(usual));
    c.steepness = logRatio(steepnessOf(own), steepnessOf(usual));
    c.width = widthOf(own);
    c.relativeWidth = logRatio(c.width, widthOf(usual));
  }
}

function logRatio(a: number, b: number): number {
  return Math.log((a + 1e-3) / (b + 1e-3));
}

function heightOf(points: Float64Array): number {
  let low = points[0]!;
  let high = low;
  for (const value of points) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}

function steepnessOf(points: Float64Array): number {
  let steepest = 0;
  for (let i = 1; i < POINTS; i++) steepest = Math.max(steepest, Math.abs(points[i]! - points[i - 1]!));
  return steepest;
}

/** Area over height, both from the line between the ends: of two triangles the wider one is wider. */
function widthOf(points: Float64Array): number {
  const first = (points[0]! + points[1]! + points[2]!) / 3;
  const last = (points[POINTS - 1]! + points[POINTS - 2]! + points[POINTS - 3]!) / 3;
  let area = 0;
  let highest = 1e-6;
  for (let i = 0; i < POINTS; i++) {
    const height = Math.abs(points[i]! - first - ((last - first) * i) / (POINTS - 1));
    area += height;
    if (height > highest) highest = height;
  }
  return area / highest;
}
