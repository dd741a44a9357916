/**
 * Normalisation: f(x) = (x - mean) / deviation. Where the two numbers come from is what `record` and `running`
 * differ in.
 */

import { isReceived } from '../types.ts';

/** Where a signal lies and how far it swings, in millivolts. */
export interface Level {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Below this a signal is flat: 5 microvolts is one count of the MIT-BIH converter, and dividing by less would
 * show its noise as beats.
 */
export const LEAST_DEVIATION_MV = 0.005;

/** The level of a whole record (the paper's normalisation: it needs the record's end). Lost samples are NaN. */
export function recordLevel(lead: Float32Array): Level {
  let count = 0;
  let sum = 0;
  for (const value of lead) {
    if (!isReceived(value)) continue;
    sum += value;
    count++;
  }
  const mean = count === 0 ? 0 : sum / count;
  let squares = 0;
  for (const value of lead) if (isReceived(value)) squares += (value - mean) ** 2;
  return { mean, deviation: Math.max(LEAST_DEVIATION_MV, Math.sqrt(squares / Math.max(1, count))) };
}
