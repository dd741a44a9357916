/**
 * Decimal numbers as whole ones and back: a column of a CSV file has no converter, so the one is made whose counts are the
 * digits the file gives.
 */
import { LOST_SAMPLE } from '../wfdb/signal-formats.ts';
import { isMissing, isNumber } from './csv-columns.ts';

/** Counts stay below this, or their difference from the baseline would not be exact in every format we write. */
const MAX_COUNT = 2 ** 30;
const MAX_DIGITS = 9;

/** NaN where there is no number. */
export function numberOf(cell: string, decimalComma: boolean): number {
  if (isMissing(cell) || !isNumber(cell, decimalComma)) return Number.NaN;
  return Number(decimalComma ? cell.replace(',', '.') : cell);
}

/** The scale of one column, from its numbers as text. */
export class ColumnScale {
  #digits = 0;
  #largest = 0;

  take(cell: string, value: number, decimalComma: boolean): void {
    if (Number.isNaN(value)) return;
    const magnitude = Math.abs(value);
    if (magnitude > this.#largest) this.#largest = magnitude;
    if (this.#digits >= MAX_DIGITS) return;
    const exponentAt = cell.search(/e/i);
    const mantissa = exponentAt < 0 ? cell : cell.slice(0, exponentAt);
    const point = mantissa.indexOf(decimalComma ? ',' : '.');
    const fraction = point < 0 ? 0 : mantissa.length - point - 1;
    const digits = fraction - (exponentAt < 0 ? 0 : Number(cell.slice(exponentAt + 1)));
    if (digits > this.#digits) this.#digits = Math.min(MAX_DIGITS, digits);
  }

  /** Counts per unit: a power of ten, as many digits as the file gives and the largest value leaves room for. */
  get gain(): number {
    let digits = this.#digits;
    while (digits > -MAX_DIGITS && this.#largest * 10 ** digits >= MAX_COUNT) digits--;
    return 10 ** digits;
  }
}

export function countOf(value: number, gain: number): number {
  const count = Math.round(value * gain);
  return Number.isNaN(count) || Math.abs(count) > MAX_COUNT ? LOST_SAMPLE : count;
}
