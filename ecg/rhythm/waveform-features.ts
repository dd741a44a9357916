/**
 * Three measures that tell a fibrillating or fluttering ventricle from a beating one without looking for QRS
 * complexes, over one window of filtered signal (1 to 20 Hz):
 *
 * - leakage: Kuo and Dillman 1978 (the VF filter). The window is shifted by half its mean period and added to
 *   itself: a sinusoid cancels (0), a signal of sharp complexes does not (towards 1).
 * - activity: share of the time the signal is away from the baseline, beyond `ACTIVE_FRACTION` of the maximum of
 *   its second (threshold crossing sample count, Arafat et al. 2011). Beats leave an isoelectric line between them.
 * - band share: power between 2.5 and 7.5 Hz, where fibrillation and flutter concentrate (Barro et al. 1989).
 */

const ACTIVE_FRACTION = 0.2;
const BAND_LOW_HZ = 2.5;
const BAND_HIGH_HZ = 7.5;
/** Where the dominant frequency is sought: 90 to 540 per minute. */
const SEARCH_LOW_HZ = 1.5;
const SEARCH_HIGH_HZ = 9;

export interface WaveformFeatures {
  leakage: number;
  activity: number;
  bandShare: number;
  dominantHz: number;
  meanAmplitudeMv: number;
}

export class WaveformFeatureExtractor {
  readonly features: WaveformFeatures = {
    leakage: 1,
    activity: 0,
    bandShare: 0,
    dominantHz: 0,
    meanAmplitudeMv: 0,
  };
  readonly #rateHz: number;
  readonly #length: number;
  readonly #taper: Float64Array;
  readonly #tapered: Float64Array;

  constructor(length: number, rateHz: number) {
    this.#rateHz = rateHz;
    this.#length = length;
    this.#tapered = new Float64Array(length);
    this.#taper = Float64Array.from(
      { length },
      (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / length),
    );
  }

  /**
   * @param window as many samples as `length`, oldest first, millivolts; its mean is removed in place.
   * @returns `features`, overwritten by the next call.
   */
  measure(window: Float64Array): WaveformFeatures {
    removeMean(window);
    let absolute = 0;
    let steps = 0;
    for (let index = 0; index < this.#length; index += 1) {
      absolute += Math.abs(window[index]!);
      if (index > 0) steps += Math.abs(window[index]! - window[index - 1]!);
    }
    this.features.meanAmplitudeMv = absolute / this.#length;
    this.features.leakage = steps === 0 ? 1 : this.#leakage(window, (Math.PI * absolute) / steps);
    this.features.activity = this.#activity(window);
    this.#spectrum(window);
    return this.features;
  }

  #leakage(window: Float64Array, halfPeriod: number): number {
    const shift = Math.max(1, Math.min(Math.floor(halfPeriod + 0.5), this.#length >> 1));
    let remaining = 0;
    let total = 0;
    for (let index = shift; index < this.#length; index += 1) {
      remaining += Math.abs(window[index]! + window[index - shift]!);
      total += Math.abs(window[index]!) + Math.abs(window[index - shift]!);
    }
    return total === 0 ? 1 : remaining / total;
  }

  #activity(window: Float64Array): number {
    let active = 0;
    for (let from = 0; from < this.#length; from += this.#rateHz) {
      const to = Math.min(this.#length, from + this.#rateHz);
      let largest = 0;
      for (let index = from; index < to; index += 1) largest = Math.max(largest, Math.abs(window[index]!));
      const threshold = ACTIVE_FRACTION * largest;
      for (let index = from; index < to; index += 1) if (Math.abs(window[index]!) > threshold) active += 1;
    }
    return active / this.#length;
  }

  #spectrum(window: Float64Array): void {
    let energy = 0;
    for (let index = 0; index < this.#length; index += 1) {
      const value = window[index]! * this.#taper[index]!;
      this.#tapered[index] = value;
      energy += value * value;
    }
    const binHz = this.#rateHz / this.#length;
    let band = 0;
    let largest = 0;
    this.features.dominantHz = 0;
    for (let bin = Math.ceil(SEARCH_LOW_HZ / binHz); bin <= Math.floor(SEARCH_HIGH_HZ / binHz); bin += 1) {
      const power = binPower(this.#tapered, bin);
      const hz = bin * binHz;
      if (hz >= BAND_LOW_HZ && hz <= BAND_HIGH_HZ) band += power;
      if (power > largest) {
        largest = power;
        this.features.dominantHz = hz;
      }
    }
    // Parseval: the bins of a real signal hold half of length x energy each side.
    this.features.bandShare = energy === 0 ? 0 : (2 * band) / (this.#length * energy);
  }
}

function removeMean(window: Float64Array): void {
  let sum = 0;
  for (let index = 0; index < window.length; index += 1) sum += window[index]!;
  const mean = sum / window.length;
  for (let index = 0; index < window.length; index += 1) window[index]! -= mean;
}

/** Goertzel: the power of one DFT bin. */
function binPower(values: Float64Array, bin: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * bin) / values.length);
  let before = 0;
  let beforeThat = 0;
  for (let index = 0; index < values.length; index += 1) {
    const now = values[index]! + coefficient * before - beforeThat;
    beforeThat = before;
    before = now;
  }
  return before * before + beforeThat * beforeThat - coefficient * before * beforeThat;
}
