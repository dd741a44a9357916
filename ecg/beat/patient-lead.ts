/**
 * One lead of a patient as the layout `leads-context` sees it: its beat and its typical beat as strips of 0.9 s to either
 * side of the peak, and what its QRS and P wave are like beside the patient's own.
 *
 * The typical beat is the median of the last 21 beats of the usual shape, so that a bigeminy does not become typical.
 */

import { PWave } from './p-wave.ts';
import { type QrsComparison, QrsShapes } from './qrs-shapes.ts';
import { RunningLevel } from './running-level.ts';
import { SampleHistory } from './sample-history.ts';
import { TypicalBeat } from './typical-beat.ts';
import { beatReach, WINDOW_SAMPLES } from './window.ts';

/** Half a plane: 0.9 s on either side of the peak. */
export const STRIP_SAMPLES = WINDOW_SAMPLES / 2;
const STRIP_RADIUS = STRIP_SAMPLES / 2;
/** 22.7 s, as the builder's own history. */
const HISTORY_SAMPLES = 8192;

export class PatientLead {
  readonly #history = new SampleHistory(HISTORY_SAMPLES);
  readonly #level = new RunningLevel(this.#history);
  readonly #typical = new TypicalBeat(STRIP_SAMPLES);
  readonly #shapes = new QrsShapes();
  readonly #pWave = new PWave();
  readonly #strip = new Float32Array(STRIP_SAMPLES);
  #isReadable = false;

  /** Whether the samples around the last beat were there. */
  get isReadable(): boolean {
    return this.#isReadable;
  }

  /** Of the last beat; meaningless where it is not readable. */
  get qrs(): QrsComparison {
    return this.#shapes.comparison;
  }

  get pWave(): Pick<PWave, 'likeness' | 'gain' | 'size' | 'presence'> {
    return this.#pWave;
  }

  push(lead: Float32Array, count: number, first: number): void {
    this.#history.push(lead, count, first);
    this.#level.advance();
  }

  /**
   * Draws the beat at `peak` and the typical beat before it, and learns from it.
   * @param beatAt, typicalAt where in `image` the two strips begin
   * @param isOnTime the beat was not early: its P wave may be the patient's usual one
   */
  take(
    image: Float32Array,
    beatAt: number,
    typicalAt: number,
    beat: { readonly peak: number; readonly rrBefore: number | null; readonly rrAfter: number | null },
    prematurity: number,
    isOnTime: boolean,
  ): void {
    const { peak, rrBefore, rrAfter } = beat;
    const { mean, deviation } = this.#level.at(peak);
    this.#typical.write(image, typicalAt);
    this.#isReadable = this.#shapes.take(this.#history, peak, deviation, prematurity);
    if (!this.#isReadable) {
      image.fill(0, beatAt, beatAt + STRIP_SAMPLES);
      image.fill(0, typicalAt, typicalAt + STRIP_SAMPLES);
      this.#pWave.forgetStretch();
      return;
    }
    const first = peak - STRIP_RADIUS;
    const from = Math.max(0, STRIP_RADIUS - beatReach(rrBefore));
    const to = Math.min(STRIP_SAMPLES, STRIP_RADIUS + beatReach(rrAfter) + 1);
    const strip = this.#strip;
    this.#history.read(first + from, to - from, strip);
    image.fill(0, beatAt, beatAt + STRIP_SAMPLES);
    for (let i = from; i < to; i++) {
      const value = (strip[i - from]! - mean) / deviation;
      image[beatAt + i] = Number.isNaN(value) ? 0 : value;
    }
    const { isUsual } = this.qrs;
    if (isUsual) this.#typical.remember(image, beatAt);
    this.#pWave.measure(this.#history, peak, deviation);
    if (isOnTime) this.#pWave.notice();
    if (isUsual && isOnTime) this.#pWave.learn();
  }

  /** What the P wave before a later peak is like; nothing is learnt from it. */
  glanceAt(peak: number): number {
    if (!this.#isReadable) return 0;
    this.#pWave.measure(this.#history, peak, this.#level.at(peak).deviation);
    return this.#pWave.likeness;
  }
}
