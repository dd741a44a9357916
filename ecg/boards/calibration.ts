/**
 * The height of a calibration pulse: a square wave of 1 mV, as ECG amplifiers and our reference firmware give it
 * (IEC 60601-2-25 asks for 1 mV). Seen against what the board declares, it gives the true scale.
 */

/** The two levels lie here in the sorted samples: plateaus of at least a tenth of the time each. */
const LOW_SHARE = 0.1;
const HIGH_SHARE = 0.9;
/** A sample belongs to a level within this share of the height: filters round the edges and tilt the tops. */
const LEVEL_WIDTH = 0.15;
/** So many samples must belong to one: an ECG has none (its QRS takes a tenth of the time, its baseline the rest). */
const SQUARE_SHARE = 0.85;
/** Rises to count: one may be an electrode that was touched. */
const LEAST_RISES = 2;
/** Smaller is noise, whatever its shape, in millivolts as declared. */
const LEAST_HEIGHT_MV = 0.05;

/** @returns the height in the samples' own millivolts; null when this is no square wave */
export function pulseHeight(samples: Float32Array): number | null {
  if (samples.length === 0) return null;
  const sorted = samples.slice().sort();
  const low = sorted[Math.floor(LOW_SHARE * (sorted.length - 1))]!;
  const high = sorted[Math.floor(HIGH_SHARE * (sorted.length - 1))]!;
  const height = high - low;
  if (!(height >= LEAST_HEIGHT_MV)) return null;
  let highs = 0;
  let lows = 0;
  let highSum = 0;
  let lowSum = 0;
  let rises = 0;
  let wasHigh = true;
  for (const value of samples) {
    const isHigh = Math.abs(value - high) <= LEVEL_WIDTH * height;
    const isLow = Math.abs(value - low) <= LEVEL_WIDTH * height;
    if (isHigh) {
      highs++;
      highSum += value;
      if (!wasHigh) rises++;
    } else if (isLow) {
      lows++;
      lowSum += value;
    }
    if (isHigh || isLow) wasHigh = isHigh;
  }
  const isSquare = rises >= LEAST_RISES && highs + lows >= SQUARE_SHARE * samples.length;
  return isSquare ? highSum / highs - lowSum / lows : null;
}

/** The scale that makes a pulse of `heightMv`, measured with `microvoltsPerCount`, one millivolt. */
export function calibratedScale(microvoltsPerCount: number, heightMv: number): number {
  return microvoltsPerCount / heightMv;
}
