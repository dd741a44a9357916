/**
 * What a person says of a dozen beats, as a change of the classifier's odds for this patient.
 *
 * The log odds of S and of V against N are each moved by a smooth function of the beat, found by maximum a posteriori
 * under a Gaussian process prior (Rasmussen and Williams 2006, 3.4): a constant of the patient, and a part that beats
 * which are alike share. Alike are beats that come alike early and have alike pauses for S, and beats of one shape for V;
 * a shape must not tell a supraventricular beat, since it is mostly the patient's normal one. The prior is what keeps a
 * lesson of one class, or of one beat, from moving everything. Variances and widths were chosen on patients that the
 * network had not seen (docs/teaching.md).
 */
import { type BeatLook, SHAPE_POINTS, SUPRAVENTRICULAR, scaleProbability, VENTRICULAR } from './beat-look.ts';

/** What a person may say of a beat. The last two move nothing: of noise and of doubt nothing can be learnt here. */
export const ANSWERS = ['N', 'S', 'V', 'no-beat', 'unsure'] as const;
export type Answer = (typeof ANSWERS)[number];

/** A person has patience for a dozen; more would be welcome, and this bounds what is kept of them. */
export const MOST_BEATS = 48;

/** Variances of the constant and of the shared part, in squared units of log odds. */
const CONSTANT_S = 3;
const SHARED_S = 6;
const CONSTANT_V = 2;
const SHARED_V = 6;
/** Beats whose intervals differ by a fifth share little of a change; so do shapes that correlate by 0.8. */
const TIMING_WIDTH = 0.2;
const SHAPE_WIDTH = 0.2;
/** Steps of the fixed point; a dozen beats need a few tens. */
const STEPS = 200;
/** A certainty of the classifier stays one: no lesson moves odds further (ln). */
const LARGEST_CHANGE = 8;

export interface AnsweredBeat {
  readonly answer: Answer;
  readonly look: BeatLook;
}

interface Known {
  readonly look: BeatLook;
  weightS: number;
  weightV: number;
}

export class Lesson {
  readonly #known: readonly Known[];

  private constructor(known: readonly Known[]) {
    this.#known = known;
  }

  /** @param beats those that were answered N, S or V are learnt from; there may be none */
  static from(beats: readonly AnsweredBeat[]): Lesson {
    const known: Known[] = [];
    const answers: Answer[] = [];
    for (const { answer, look } of beats) {
      if (answer === 'no-beat' || answer === 'unsure') continue;
      known.push({ look, weightS: 0, weightV: 0 });
      answers.push(answer);
    }
    const alikeS = known.map((one) => known.map((other) => covarianceS(one.look, other.look)));
    const alikeV = known.map((one) => known.map((other) => covarianceV(one.look, other.look)));
    const step = 1 / (1 + 0.5 * Math.max(largestRow(alikeS), largestRow(alikeV)));
    const weights = known.map(() => ({ s: 0, v: 0 }));
    for (let n = 0; n < STEPS; n++) {
      for (const [i, { look }] of known.entries()) {
        const oddsS = Math.exp(look.oddsS + sum(alikeS[i]!, known, 'weightS'));
        const oddsV = Math.exp(look.oddsV + sum(alikeV[i]!, known, 'weightV'));
        const total = 1 + oddsS + oddsV;
        weights[i]!.s = (answers[i] === 'S' ? 1 : 0) - oddsS / total;
        weights[i]!.v = (answers[i] === 'V' ? 1 : 0) - oddsV / total;
      }
      // The posterior's mode: each beat's weight is what is still unexplained of its answer.
      for (const [i, own] of known.entries()) {
        own.weightS += step * (weights[i]!.s - own.weightS);
        own.weightV += step * (weights[i]!.v - own.weightV);
      }
    }
    return new Lesson(known);
  }

  /** Beats that it was learnt from. */
  get size(): number {
    return this.#known.length;
  }

  /** Moves the probabilities of a beat, in the order of BEAT_LABELS, in place; they still sum to 1. */
  amend(look: BeatLook, probabilities: Float32Array): void {
    if (this.#known.length === 0) return;
    let changeS = 0;
    let changeV = 0;
    for (const { look: other, weightS, weightV } of this.#known) {
      changeS += weightS * covarianceS(look, other);
      changeV += weightV * covarianceV(look, other);
    }
    scaleProbability(probabilities, SUPRAVENTRICULAR, bounded(changeS));
    scaleProbability(probabilities, VENTRICULAR, bounded(changeV));
  }
}

/** How many beats were answered how. */
export function countAnswers(beats: readonly { readonly answer: Answer }[]): Record<Answer, number> {
  const counts = Object.fromEntries(ANSWERS.map((answer) => [answer, 0])) as Record<Answer, number>;
  for (const { answer } of beats) counts[answer]++;
  return counts;
}

/** How near in time two beats came, 0 to 1. */
export function alikeInTime(one: BeatLook, other: BeatLook): number {
  const before = one.before - other.before;
  const after = one.after - other.after;
  return Math.exp(-(before * before + after * after) / (2 * TIMING_WIDTH * TIMING_WIDTH));
}

function covarianceS(one: BeatLook, other: BeatLook): number {
  return CONSTANT_S + SHARED_S * alikeInTime(one, other);
}

function covarianceV(one: BeatLook, other: BeatLook): number {
  let correlation = 0;
  for (let i = 0; i < SHAPE_POINTS; i++) correlation += one.shape[i]! * other.shape[i]!;
  return CONSTANT_V + SHARED_V * Math.exp((correlation - 1) / SHAPE_WIDTH);
}

function bounded(change: number): number {
  return Math.max(-LARGEST_CHANGE, Math.min(LARGEST_CHANGE, change));
}

function sum(row: readonly number[], known: readonly Known[], weight: 'weightS' | 'weightV'): number {
  let total = 0;
  for (let i = 0; i < row.length; i++) total += row[i]! * known[i]![weight];
  return total;
}

function largestRow(matrix: readonly (readonly number[])[]): number {
  return Math.max(0, ...matrix.map((row) => row.reduce((total, value) => total + value, 0)));
}
