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
 *     column 9, 10 mean likeness of the P waves of the last beats that came on time
 *   row 18         the rhythm around this beat (`writeRhythm`)
 *   rows 19, 20    this beat in the first and in the second lead (`writeLead`)
 *
 * Everything is what is known when the next peak is, or when none came within reach: one RR of delay. Values are of the
 * order of one and bounded.
 */
import type { PatientLead } from './patient-lead.ts';
import { FIRST_USUAL, KEPT_INTERVALS, RecentIntervals } from './recent-intervals.ts';
import { IMAGE_SIDE } from './window.ts';

export const CONTEXT_BEATS = 18;
/** Values of one beat in rows 0 to 17, and of rows 18 to 20. */
export const BEAT_COLUMNS = 11;
export const RHYTHM_COLUMNS = 11;
export const LEAD_COLUMNS = 16;
/** Columns of rows 0 to 17 that are the first lead's; the next one is the second's. */
export const FIRST_LEAD_COLUMNS = [2, 4, 6, 9] as const;
/** Beats before this one that are shown. */
export const PAST_BEATS = CONTEXT_BEATS - 2;
export const RHYTHM_ROW = PAST_BEATS + 2;
const FIRST_LEAD_ROW = RHYTHM_ROW + 1;
/** ln of an interval ratio counts three times, so that a premature beat's is near one. */
const INTERVAL_GAIN = 3;
export const INTERVAL_BOUND = 3;
/** Columns of row 18 that are such logarithms, or means of them. */
export const RHYTHM_INTERVALS = [0, 1, 2, 3, 4, 5, 6, 7, 10] as const;
/** A beat less than 10 % early came on time, or late. */
const EARLY = 0.1;

export class BeatContext {
  readonly #intervals = new RecentIntervals();
  readonly #features = new Float64Array(KEPT_INTERVALS * BEAT_COLUMNS);
  #count = 0;

  /** ln(RR / usual RR): negative for an early beat; 0 where the interval is unknown. */
  prematurityOf(rrBefore: number | null): number {
    return rrBefore === null ? 0 : bounded(Math.log(rrBefore) - this.#intervals.lnUsual);
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
    const intervals = this.#intervals;
    const lnBefore = beat.rrBefore === null ? intervals.lnUsual : Math.log(beat.rrBefore);
    const lnAfter = Math.log(Math.min(beat.rrAfter ?? reach, reach));
    intervals.push(lnBefore);
    this.#remember(leads);
    writeRhythm(image, offset + RHYTHM_ROW * IMAGE_SIDE, intervals, lnAfter);
    for (const [i, lead] of leads.entries())
      writeLead(image, offset + (FIRST_LEAD_ROW + i) * IMAGE_SIDE, lead);
    writeIntervals(image, offset, intervals, lnAfter);
    for (let age = 0; age < Math.min(intervals.count, PAST_BEATS + 1); age++)
      this.#writeBeat(image, offset, age);
    const next = offset + (PAST_BEATS + 1) * IMAGE_SIDE;
    if (nextPeak !== null)
      for (const [i, lead] of leads.entries()) image[next + 2 + i] = lead.glanceAt(nextPeak);
    for (const [i, { isReadable, pWave }] of leads.entries())
      if (isReadable) image[next + 9 + i] = pWave.presence;
    if (beat.rrBefore !== null) intervals.follow(beat.rrBefore);
  }

  #remember(leads: readonly PatientLead[]): void {
    const slot = this.#count++ % KEPT_INTERVALS;
    const start = slot * BEAT_COLUMNS;
    this.#features.fill(0, start, start + BEAT_COLUMNS);
    for (const [i, { isReadable, pWave, qrs }] of leads.entries()) {
      if (!isReadable) continue;
      this.#features[start + 2 + i] = pWave.likeness;
      this.#features[start + 4 + i] = pWave.gain;
      this.#features[start + 6 + i] = qrs.residual + 2;
      this.#features[start + 9 + i] = pWave.presence;
    }
  }

  #writeBeat(image: Float32Array, offset: number, age: number): void {
    const at = offset + (PAST_BEATS - age) * IMAGE_SIDE;
    const slot = (this.#count - 1 - age) % KEPT_INTERVALS;
    for (const column of FIRST_LEAD_COLUMNS)
      for (let i = column; i < column + 2; i++) image[at + i] = this.#features[slot * BEAT_COLUMNS + i]!;
  }
}

/**
 * Columns 0, 1 and 8 of rows 0 to 17: the intervals before the beats around the last one that was pushed.
 * @param offset where the plane begins
 * @param lnAfter ln of the interval from it to the next beat
 */
export function writeIntervals(
  image: Float32Array,
  offset: number,
  intervals: RecentIntervals,
  lnAfter: number,
): void {
  const lnBefore = intervals.lnRrAgo(0);
  for (let row = 0; row < CONTEXT_BEATS; row++) {
    const age = PAST_BEATS - row;
    if (age >= intervals.count) continue;
    const lnRr = age < 0 ? lnAfter : intervals.lnRrAgo(age);
    const at = offset + row * IMAGE_SIDE;
    image[at] = interval(lnRr - lnBefore);
    image[at + 1] = interval(lnRr - intervals.lnUsual);
    image[at + 8] = 1;
  }
}

/** Row 18, from `at`: the rhythm around the beat that was pushed last. */
export function writeRhythm(
  image: Float32Array,
  at: number,
  intervals: RecentIntervals,
  lnAfter: number,
): void {
  const usual = intervals.lnUsual;
  const lnBefore = intervals.lnRrAgo(0);
  const lately = intervals.meanAgo(1, 8);
  image[at] = interval(lnBefore - usual);
  image[at + 1] = interval(lnAfter - usual);
  image[at + 2] = interval(lnBefore - intervals.lnRrAgo(1));
  image[at + 3] = interval(lnBefore - lately);
  image[at + 4] = interval(lnAfter - lnBefore);
  // A pause that makes up for what came early gives 0 here.
  image[at + 5] = interval(Math.log((Math.exp(lnBefore) + Math.exp(lnAfter)) / 2) - lately);
  image[at + 6] = interval(intervals.scatter(8));
  image[at + 7] = interval(intervals.scatter(30));
  image[at + 8] = bounded(usual - Math.log(FIRST_USUAL));
  image[at + 9] = intervals.count / KEPT_INTERVALS;
  image[at + 10] = interval(lnBefore - intervals.longestAgo(1, 16));
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
