/**
 * The gain that gives recorded noise a signal-to-noise ratio on a record, after WFDB's `nst` and `sigamp`:
 * the signal's power is that of a sine as high as its normal QRS complexes (peak to peak squared over 8), the
 * noise's is its mean square about the mean of each second; both are means without the 5 % highest and lowest.
 */

/** Gain at 0 dB that made the published noisy records: per record, per signal (README of the noise records). */
export const NSTDB_GAINS_AT_0_DB: ReadonlyMap<string, readonly number[]> = new Map([
  ['118', [2.96119, 7.64517]],
  ['119', [2.56369, 4.24257]],
]);

/** `sigamp` measures this many QRS complexes, and as many seconds of noise. */
const MEASUREMENTS = 300;
/** A QRS complex is looked for this far around its annotation. */
const QRS_HALF_WINDOW_S = 0.05;
const TRIMMED = 0.05;

export function gainAtSnr(gainAt0Db: number, snrDb: number): number {
  return gainAt0Db * 10 ** (-snrDb / 20);
}

/**
 * @param beats positions of normal beats in the signal
 * @returns signal units per noise unit; null when there are no beats or no noise to measure
 */
export function measureGainAt0Db(
  signal: ArrayLike<number>,
  beats: readonly number[],
  noise: ArrayLike<number>,
  rateHz: number,
): number | null {
  const amplitude = trimmedMean(qrsAmplitudes(signal, beats, rateHz));
  const noiseRms = trimmedMean(noiseRmsPerSecond(noise, rateHz));
  if (amplitude === null || noiseRms === null || noiseRms === 0) return null;
  return amplitude / (Math.sqrt(8) * noiseRms);
}

function qrsAmplitudes(signal: ArrayLike<number>, beats: readonly number[], rateHz: number): number[] {
  const half = Math.round(QRS_HALF_WINDOW_S * rateHz);
  const amplitudes: number[] = [];
  for (const beat of beats) {
    if (amplitudes.length === MEASUREMENTS) break;
    if (beat < half || beat + half >= signal.length) continue;
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = beat - half; i <= beat + half; i++) {
      lowest = Math.min(lowest, signal[i]!);
      highest = Math.max(highest, signal[i]!);
    }
    amplitudes.push(highest - lowest);
  }
  return amplitudes;
}

function noiseRmsPerSecond(noise: ArrayLike<number>, rateHz: number): number[] {
  const length = Math.round(rateHz);
  const values: number[] = [];
  for (let from = 0; from + length <= noise.length && values.length < MEASUREMENTS; from += length) {
    let sum = 0;
    let squares = 0;
    for (let i = from; i < from + length; i++) {
      sum += noise[i]!;
      squares += noise[i]! * noise[i]!;
    }
    values.push(Math.sqrt(Math.max(0, squares / length - (sum / length) ** 2)));
  }
  return values;
}

function trimmedMean(values: number[]): number | null {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const cut = Math.floor(values.length * TRIMMED);
  const kept = values.slice(cut, values.length - cut);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}
