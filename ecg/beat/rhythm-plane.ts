import { lowerMedianOf } from '../median.ts';
import { IMAGE_SIDE } from './window.ts';

/** Intervals before this beat's own that the plane shows. */
const PAST_INTERVALS = IMAGE_SIDE - 2;
/** Two octaves: four times as long or short as usual says all there is to say. */
const BOUND = 2;

/**
 * The rhythm around a beat as a plane of 36 rows, each of one value: the RR intervals as log2(RR / typical RR).
 * Rows 0 to 33 are the intervals before, oldest first; row 34 ends at this beat, row 35 begins at it. The
 * typical RR is the median of the intervals up to this beat. Unknown intervals are 0: nothing unusual known.
 */
export class RhythmPlane {
  readonly #past = new Float64Array(PAST_INTERVALS);
  readonly #sorted = new Float64Array(PAST_INTERVALS + 1);
  #count = 0;

  forget(): void {
    this.#count = 0;
  }

  /** Call once a beat, after `write`: its RR before becomes the past of the next. */
  remember(rrBefore: number | null): void {
    if (rrBefore !== null) this.#past[this.#count++ % PAST_INTERVALS] = rrBefore;
  }

  write(target: Float32Array, offset: number, rrBefore: number | null, rrAfter: number | null): void {
    const typical = this.#typical(rrBefore) ?? rrAfter;
    const known = Math.min(this.#count, PAST_INTERVALS);
    for (let row = 0; row < PAST_INTERVALS; row++) {
      const age = PAST_INTERVALS - row;
      const rr = age > known ? null : this.#past[(this.#count - age) % PAST_INTERVALS]!;
      fillRow(target, offset, row, rr, typical);
    }
    fillRow(target, offset, PAST_INTERVALS, rrBefore, typical);
    fillRow(target, offset, PAST_INTERVALS + 1, rrAfter, typical);
  }

  #typical(rrBefore: number | null): number | null {
    let count = Math.min(this.#count, PAST_INTERVALS);
    for (let i = 0; i < count; i++) this.#sorted[i] = this.#past[i]!;
    if (rrBefore !== null) this.#sorted[count++] = rrBefore;
    return count === 0 ? null : lowerMedianOf(this.#sorted, count);
  }
}

function fillRow(
  target: Float32Array,
  offset: number,
  row: number,
  rr: number | null,
  typical: number | null,
): void {
  const value =
    rr === null || typical === null ? 0 : Math.max(-BOUND, Math.min(BOUND, Math.log2(rr / typical)));
  target.fill(value, offset + row * IMAGE_SIDE, offset + (row + 1) * IMAGE_SIDE);
}
