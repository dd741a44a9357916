/**
 * The third plane of the layout `leads-context`: the beats before this one, this one and the next as rows, and what is
 * known of this one alone. 36 rows of 36 values; what is not named is zero.
 *
 *   rows 0 to 17   the beats 16 to 1 before, this beat (row 16) and the next (row 17); zeros where there was none
 *     column 0     ln(RR before it / RR before this beat)
 *     column 1     ln(RR before it / usual RR)
 *     column 2, 3  likeness of its P wave to the patient's, in the first and in the second lead
 *     column 4, 5  gain of its P wave
 *     column 6, 7  ln of what differs from the usual QRS, plus 2
 *     column 8     1: there was such a beat
 *   row 18         the rhythm around this beat (`writeRhythm`)
 *   rows 19, 20    this beat in the first and in the second lead (`writeLead`)
 *
 * Everything is what is known when the next peak is, or when none came within reach: one RR of delay. Values are of the
 * order of one and bounded.
 */
import type { PatientLead } from './patient-lead.ts';
import { IMAGE_SIDE } from './window.ts';

export const CONTEXT_BEATS = 18;
/** Values of one beat in rows 0 to 17, and of rows 18 to 20. */
export const BEAT_COLUMNS = 9;
export const RHYTHM_COLUMNS = 11;
export const LEAD_COLUMNS = 16;
const PAST = CONTEXT_BEATS - 2;
const RHYTHM_ROW = CONTEXT_BEATS;
const FIRST_LEAD_ROW = CONTEXT_BEATS + 1;
/** Beats kept: what the rows show and the longest mean needs. */
const KEPT = 32;
/** ln of an interval ratio counts three times, so that a premature beat's is near one. */
const INTERVAL_GAIN = 3;
const INTERVAL_BOUND = 3;
/**
 * The usual RR is the mean over this many beats. The mean of the intervals, not of their logarithms: pauses count as long
 * as they are, so that a heart of which most beats come early still has a usual interval longer than theirs.
 */
const USUAL_BEATS = 300;
/** Before anything is known: 75 a minute. */
const FIRST_USUAL = 288;
/** A beat less than 10 % early came on time, or late. */
const EARLY = 0.1;

export class BeatContext {
  readonly #lnRr = new Float64Array(KEPT);
  readonly #features = new Float64Array(KEPT * BEAT_COLUMNS);
  #count = 0;
  #usual = FIRST_USUAL;
  #lnUsual = Math.log(FIRST_USUAL);
  #intervals = 0;

  /** ln(RR / usual RR): negative for an early beat; 0 where the interval is unknown. */
  prematurityOf(rrBefore: number | null): number {
    return rrBefore === null ? 0 : bounded(Math.log(rrBefore) - this.#lnUsual);
  }

  /** Whether its P wave may be the patient's usual one. */
  isOnTime(rrBefore: number | null): boolean {
    return rrBefore !== null && this.prematurityOf(rrBefore) > -EARLY;
  }

  /**
   * Remembers a beat and draws its plane. The leads have taken the beat already.
   * @param rrAfter null: none within reach
   * @param reach the interval that is known to be without a beat then
   * @param nextPeak null where it is not known
   */
  take(
    image: Float32Array,
    offset: number,
    beat: { readonly rrBefore: number | null; readonly rrAfter: number | null },
    reach: number,
    nextPeak: number | null,
    leads: readonly PatientLead[],
  ): void {
    image.fill(0, offset, offset + IMAGE_SIDE * IMAGE_SIDE);
    const lnBefore = beat.rrBefore === null ? this.#lnUsual : Math.log(beat.rrBefore);
    const lnAfter = Math.log(Math.min(beat.rrAfter ?? reach, reach));
    this.#remember(lnBefore, leads);
    this.#writeRhythm(image, offset + RHYTHM_ROW * IMAGE_SIDE, lnBefore, lnAfter);
    for (const [i, lead] of leads.entries())
      writeLead(image, offset + (FIRST_LEAD_ROW + i) * IMAGE_SIDE, lead);
    for (let row = 0; row <= PAST; row++)
      this.#writeBeat(image, offset + row * IMAGE_SIDE, PAST - row, lnBefore);
    const next = offset + (PAST + 1) * IMAGE_SIDE;
    image[next] = interval(lnAfter - lnBefore);
    image[next + 1] = interval(lnAfter - this.#lnUsual);
    image[next + 8] = 1;
    if (nextPeak !== null)
      for (const [i, lead] of leads.entries()) image[next + 2 + i] = lead.glanceAt(nextPeak);
    if (beat.rrBefore !== null) this.#follow(beat.rrBefore);
  }

  #remember(lnRr: number, leads: readonly PatientLead[]): void {
    const slot = this.#count++ % KEPT;
    this.#lnRr[slot] = lnRr;
    const start = slot * BEAT_COLUMNS;
    this.#features.fill(0, start, start + BEAT_COLUMNS);
    for (const [i, { isReadable, pWave, qrs }] of leads.entries()) {
      if (!isReadable) continue;
      this.#features[start + 2 + i] = pWave.likeness;
      this.#features[start + 4 + i] = pWave.gain;
      this.#features[start + 6 + i] = qrs.residual + 2;
    }
  }

  /** The interval before this beat, `age` beats ago; the usual one where there was none. */
  #lnRrAgo(age: number): number {
    return age < Math.min(this.#count, KEPT) ? this.#lnRr[(this.#count - 1 - age) % KEPT]! : this.#lnUsual;
  }

  #writeBeat(image: Float32Array, at: number, age: number, lnBefore: number): void {
    if (age >= Math.min(this.#count, KEPT)) return;
    const slot = (this.#count - 1 - age) % KEPT;
    image[at] = interval(this.#lnRr[slot]! - lnBefore);
    image[at + 1] = interval(this.#lnRr[slot]! - this.#lnUsual);
    for (let i = 2; i < BEAT_COLUMNS - 1; i++) image[at + i] = this.#features[slot * BEAT_COLUMNS + i]!;
    image[at + 8] = 1;
  }

  #writeRhythm(image: Float32Array, at: number, lnBefore: number, lnAfter: number): void {
    const usual = this.#lnUsual;
    const lately = this.#meanAgo(1, 8);
    image[at] = interval(lnBefore - usual);
    image[at + 1] = interval(lnAfter - usual);
    image[at + 2] = interval(lnBefore - this.#lnRrAgo(1));
    image[at + 3] = interval(lnBefore - lately);
    image[at + 4] = interval(lnAfter - lnBefore);
    // A pause that makes up for what came early gives 0 here.
    image[at + 5] = interval(Math.log((Math.exp(lnBefore) + Math.exp(lnAfter)) / 2) - lately);
    image[at + 6] = interval(this.#scatter(8));
    image[at + 7] = interval(this.#scatter(30));
    image[at + 8] = bounded(usual - Math.log(FIRST_USUAL));
    image[at + 9] = Math.min(this.#count, KEPT) / KEPT;
    image[at + 10] = interval(lnBefore - this.#longestAgo(1, 16));
  }

  #meanAgo(from: number, count: number): number {
    let sum = 0;
    for (let age = from; age < from + count; age++) sum += this.#lnRrAgo(age);
    return sum / count;
  }

  #longestAgo(from: number, count: number): number {
    let longest = Number.NEGATIVE_INFINITY;
    for (let age = from; age < from + count; age++) longest = Math.max(longest, this.#lnRrAgo(age));
    return longest;
  }

  /** Mean absolute step from one interval to the next, over the `count` before this beat's. */
  #scatter(count: number): number {
    let sum = 0;
    for (let age = 1; age <= count; age++) sum += Math.abs(this.#lnRrAgo(age) - this.#lnRrAgo(age + 1));
    return sum / count;
  }

  #follow(rr: number): void {
    this.#intervals = Math.min(this.#intervals + 1, USUAL_BEATS);
    this.#usual += (rr - this.#usual) / this.#intervals;
    this.#lnUsual = Math.log(this.#usual);
  }
}

function writeLead(image: Float32Array, at: number, { isReadable, qrs, pWave }: PatientLead): void {
  if (!isReadable) return;
  image[at] = qrs.nearestLikeness;
  image[at + 1] = qrs.nearestShare;
  image[at + 2] = interval(qrs.nearestPrematurity);
  image[at + 3] = qrs.usualLikeness;
  image[at + 4] = qrs.usualShare;
  image[at + 5] = interval(qrs.usualPrematurity);
  image[at + 6] = qrs.isUsual ? 1 : 0;
  image[at + 7] = qrs.residual + 2;
  image[at + 8] = bounded(qrs.height);
  image[at + 9] = bounded(qrs.steepness);
  image[at + 10] = bounded(qrs.relativeWidth);
  image[at + 11] = qrs.width / 10;
  image[at + 12] = pWave.likeness;
  image[at + 13] = pWave.gain;
  image[at + 14] = bounded(pWave.size);
  image[at + 15] = 1;
}

function interval(difference: number): number {
  return Math.max(-INTERVAL_BOUND, Math.min(INTERVAL_BOUND, INTERVAL_GAIN * difference));
}

function bounded(value: number): number {
  return Math.max(-2, Math.min(2, value));
}
