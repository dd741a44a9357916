/**
 * The rate of waves that repeat themselves, where no QRS complex is found among them: complexes of a ventricular rhythm may be
 * so wide that a detector of steep ones passes them by, and a heart that makes them does not stand still.
 *
 * By autocorrelation, which asks for no shape: a wave and the next must be alike.
 */

const LEAST_SECONDS = 0.2;
const LONGEST_SECONDS = 0.75;
/** Of the correlation of the window with itself, one wave later. Chosen so that the noise of a standstill never has it. */
const LEAST_CORRELATION = 0.75;
/** Two waves later the correlation is as high: the first lag that comes near to the highest counts. */
const NEAR_HIGHEST = 0.9;

/**
 * @param window millivolts without baseline, oldest first, a few seconds of it
 * @returns waves a minute, 80 to 300; null where nothing repeats itself
 */
export function waveBpm(window: Float64Array, rateHz: number): number | null {
  const first = Math.round(LEAST_SECONDS * rateHz);
  const last = Math.min(Math.round(LONGEST_SECONDS * rateHz), window.length >> 1);
  const around = Float64Array.from({ length: last - first + 3 }, (_, i) =>
    correlation(window, first - 1 + i),
  );
  let highest = 0;
  for (let i = 1; i < around.length - 1; i += 1) highest = Math.max(highest, peakAt(around, i));
  if (highest < LEAST_CORRELATION) return null;
  for (let i = 1; i < around.length - 1; i += 1) {
    if (peakAt(around, i) >= NEAR_HIGHEST * highest) return (60 * rateHz) / (first - 1 + i);
  }
  return null;
}

/** The correlation at a lag that is higher there than beside it; else 0. */
function peakAt(correlations: Float64Array, i: number): number {
  const here = correlations[i]!;
  return here >= correlations[i - 1]! && here >= correlations[i + 1]! ? here : 0;
}

function correlation(window: Float64Array, lag: number): number {
  let product = 0;
  let early = 0;
  let late = 0;
  for (let i = lag; i < window.length; i += 1) {
    product += window[i]! * window[i - lag]!;
    early += window[i - lag]! ** 2;
    late += window[i]! ** 2;
  }
  return early === 0 || late === 0 ? 0 : product / Math.sqrt(early * late);
}
