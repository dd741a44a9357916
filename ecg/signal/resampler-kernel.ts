/**
 * The interpolation filter of the resampler: a sinc windowed by Kaiser, one row of taps per phase.
 * J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974.
 */

/** Zero crossings of the sinc on each side: the transition band's width. */
const HALF_LENGTH_CROSSINGS = 10;
/** Kaiser's beta: 60 dB of stop band attenuation, below the resolution of a 12-bit board at 1 mV. */
const KAISER_BETA = 5.65;
/** Pass band edge as a share of the smaller Nyquist frequency. */
const CUTOFF_SHARE = 0.92;

export interface ResamplerKernel {
  /** Taps on each side of the interpolated instant. */
  readonly halfLength: number;
  readonly phases: number;
  /** phases x (2 * halfLength) taps; tap j of phase p weighs input floor(t) - halfLength + 1 + j. */
  readonly taps: Float32Array;
}

/** Taps for the fractional positions p / phases; each row sums to 1, so a constant stays what it is. */
export function makeResamplerKernel(
  inputRateHz: number,
  outputRateHz: number,
  phases: number,
): ResamplerKernel {
  const scale = CUTOFF_SHARE * Math.min(1, outputRateHz / inputRateHz);
  const halfLength = Math.ceil(HALF_LENGTH_CROSSINGS / scale);
  const length = 2 * halfLength;
  const taps = new Float32Array(phases * length);
  for (let phase = 0; phase < phases; phase++) {
    let sum = 0;
    const row = new Float64Array(length);
    for (let j = 0; j < length; j++) {
      const distance = j - halfLength + 1 - phase / phases;
      row[j] = sinc(distance * scale) * kaiser(distance / halfLength);
      sum += row[j]!;
    }
    for (let j = 0; j < length; j++) taps[phase * length + j] = row[j]! / sum;
  }
  return { halfLength, phases, taps };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
