/** What the detector knows of one lead: its bands, how high its beats and its noise are, how its beats look. */
import { BeatTemplates } from '../beat-templates.ts';
import { RunningMedian } from '../running-median.ts';
import { BAND_MASK, QrsBands, STEP_RATE_HZ } from './bands.ts';

/** The first levels come from this many windows, each long enough to hold a beat at 75 bpm (0.8 s). */
const LEARNING_WINDOWS = 4;
const LEARNING_WINDOW = Math.round(0.8 * STEP_RATE_HZ);
export const LEARNING_STEPS = LEARNING_WINDOWS * LEARNING_WINDOW;
/** A lead's own hump is looked for this far from the common one (42 ms). */
const LEAD_REACH = 5;
/** A beat counts at most this many times the level, so that one artefact cannot raise it far. */
const LEVEL_JUMP = 4;
/** Lowest level, in millivolts: below a board's noise; keeps divisions finite on a silent lead. */
const LOWEST_LEVEL_MV = 1e-4;
/** Below this level, in millivolts, a lead is silent: no QRS complex, a tenth of a board's noise. */
const SILENT_LEVEL_MV = 1e-3;
/** Keeps the clarity of a noiseless lead finite. */
const LEAST_AMBIENT = 0.01;
/** Share of each step in the running mean of the envelope: a time constant of 2 s. */
const AMBIENT_RATE = 1 / 250;
/** The running mean takes the envelope up to this many levels: more is an artefact. */
const AMBIENT_LIMIT = 2;
/** Heights of sure beats remembered. */
const HEIGHTS = 32;
/** Noise assumed before any is measured, as a share of the beats' level; the ambient mean likewise. */
const INITIAL_NOISE = 0.1;
const INITIAL_AMBIENT = 0.2;

export class QrsLead {
  readonly bands = new QrsBands();
  readonly templates = new BeatTemplates();
  readonly #beatLevels = new RunningMedian();
  readonly #noiseLevels = new RunningMedian();
  /** Height of the qrs band at usual beats, and its inverse. */
  level = LOWEST_LEVEL_MV;
  perLevel = 1 / LOWEST_LEVEL_MV;
  /** What a beat of this patient has at least: the third lowest of the last sure ones, as one may be a mistake. */
  low = 0;
  readonly #heights = new Float32Array(HEIGHTS);
  #nextHeight = 0;
  /** Its height at the last beat. */
  lastBeat = 0;
  /** Running mean of the qrs band, beats and all. */
  ambient = 0;
  #ambientStep = 0;
  /** Highest qrs band at a refused candidate since the last beat, 0 when there was none, and its step. */
  refused = 0;
  refusedStep = 0;

  /** Height of the qrs band at what was refused of late. */
  get noise(): number {
    return this.#noiseLevels.value;
  }

  /** How far beats stand out of everything else, squared as energies are; 0 for a silent lead. */
  get clarity(): number {
    if (this.level <= SILENT_LEVEL_MV) return 0;
    const share = this.ambient / this.level;
    return 1 / (LEAST_AMBIENT + share * share);
  }

  /** Takes the first levels from the `LEARNING_STEPS` from `step` on: the median of the highest points of windows. */
  learn(step: number): void {
    const { qrs } = this.bands;
    const highest = new Float32Array(LEARNING_WINDOWS);
    for (let window = 0; window < LEARNING_WINDOWS; window++) {
      for (let k = 0; k < LEARNING_WINDOW; k++) {
        const value = qrs[(step + window * LEARNING_WINDOW + k) & BAND_MASK]!;
        if (value > highest[window]!) highest[window] = value;
      }
    }
    highest.sort();
    this.#begin((highest[LEARNING_WINDOWS / 2 - 1]! + highest[LEARNING_WINDOWS / 2]!) / 2, step);
  }

  #begin(level: number, step: number): void {
    this.#setLevel(level);
    this.#beatLevels.fill(this.level);
    this.#noiseLevels.fill(INITIAL_NOISE * this.level);
    this.#heights.fill(this.level);
    this.low = this.level;
    this.lastBeat = this.level;
    this.ambient = INITIAL_AMBIENT * this.level;
    this.#ambientStep = step;
    this.refused = 0;
    this.templates.reset();
  }

  /** The step of this lead's own hump near a hump of all leads' common envelope at `n`. */
  ownHump(n: number): number {
    const { qrs } = this.bands;
    let best = n;
    for (let k = n - LEAD_REACH; k <= n + LEAD_REACH; k++) {
      if (qrs[k & BAND_MASK]! > qrs[best & BAND_MASK]!) best = k;
    }
    return best;
  }

  /** Brings the running mean up to step `n`. */
  followAmbient(n: number): void {
    const { qrs } = this.bands;
    const limit = AMBIENT_LIMIT * this.level;
    let ambient = this.ambient;
    for (let k = Math.max(this.#ambientStep, n - BAND_MASK); k < n; k++) {
      const value = qrs[k & BAND_MASK]!;
      ambient += AMBIENT_RATE * (Math.min(value, limit) - ambient);
    }
    this.ambient = ambient;
    this.#ambientStep = n;
  }

  /** @param isSure whether the beat may shape what is expected of the next */
  acceptBeat(n: number, isSure: boolean): void {
    const height = this.bands.qrs[n & BAND_MASK]!;
    this.#beatLevels.push(Math.min(height, LEVEL_JUMP * this.level));
    this.#setLevel(this.#beatLevels.value);
    this.lastBeat = height;
    this.refused = 0;
    if (!isSure) return;
    this.templates.learn(this.bands.shape, n);
    this.#heights[this.#nextHeight++ % HEIGHTS] = height;
    this.low = thirdLowest(this.#heights);
  }

  refuse(n: number): void {
    const height = this.bands.qrs[n & BAND_MASK]!;
    this.#noiseLevels.push(height);
    if (height > this.refused) {
      this.refused = height;
      this.refusedStep = n;
    }
  }

  /** After a long silence: the beats may have become this low. */
  lowerLevel(): void {
    if (this.refused === 0 || this.refused >= this.level) return;
    this.#setLevel(Math.max(this.refused, this.level / 2));
    this.#beatLevels.fill(this.level);
    this.#heights.fill(this.level);
    this.low = this.level;
  }

  #setLevel(level: number): void {
    this.level = Math.max(level, LOWEST_LEVEL_MV);
    this.perLevel = 1 / this.level;
  }
}

function thirdLowest(values: Float32Array): number {
  let lowest = Number.POSITIVE_INFINITY;
  let second = lowest;
  let third = lowest;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= third) continue;
    if (value >= second) third = value;
    else {
      third = second;
      if (value >= lowest) second = value;
      else {
        second = lowest;
        lowest = value;
      }
    }
  }
  return third;
}
