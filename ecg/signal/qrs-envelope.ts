/**
 * How much a lead looks like a QRS complex, at 120 Hz from 360 Hz: the magnitude of a pair of filters in
 * quadrature, a hat (second difference of 33 ms means, for the R wave's peak) and a slope (their first
 * difference), both blind to the baseline. Their magnitude has one hump where the wave's sign and phase vary.
 */
const DECIMATION = 3;
/** Length of the means, in 120 Hz samples: 33 ms; the pair's pass band is then centred near 11 Hz. */
const MEAN_LENGTH = 2;
const HISTORY = 16;
const MASK = HISTORY - 1;

export class QrsEnvelope {
  /** Pipeline samples from an event to the envelope's maximum. */
  static readonly delay = Math.round(DECIMATION * (1.5 * MEAN_LENGTH + 2));
  /** The newest value, in millivolts. */
  value = 0;
  readonly #means = new Float64Array(HISTORY);
  readonly #inputs = new Float64Array(HISTORY);
  readonly #magnitudes = new Float64Array(HISTORY);
  #partial = 0;
  #phase = 0;
  #previous = 0;
  #n = 0;
  #smooth = 0;
  #primed = false;

  reset(): void {
    this.#phase = 0;
    this.#partial = 0;
    this.#primed = false;
  }

  /** @returns true when a new value is ready: every third sample. */
  push(sample: number): boolean {
    if (!this.#primed) this.#prime(sample);
    this.#partial += sample;
    if (++this.#phase < DECIMATION) return false;
    this.#phase = 0;
    const third = this.#partial / DECIMATION;
    this.#partial = 0;
    // The mean of two neighbours at 120 Hz is blind to 60 Hz and weak at 50 Hz.
    const input = (third + this.#previous) / 2;
    this.#previous = third;
    const n = this.#n++;
    this.#inputs[n & MASK] = input;
    const mean =
      this.#means[(n - 1) & MASK]! + (input - this.#inputs[(n - MEAN_LENGTH) & MASK]!) / MEAN_LENGTH;
    this.#means[n & MASK] = mean;
    const before = this.#means[(n - 2 * MEAN_LENGTH) & MASK]!;
    const hat = this.#means[(n - MEAN_LENGTH) & MASK]! - (mean + before) / 2;
    const slope = (mean - before) / 2;
    const magnitude = Math.sqrt(hat * hat + slope * slope);
    this.#smooth += magnitude - this.#magnitudes[(n - 6) & MASK]!;
    this.#magnitudes[n & MASK] = magnitude;
    this.value = this.#smooth / 6;
    return true;
  }

  #prime(sample: number): void {
    this.#inputs.fill(sample);
    this.#means.fill(sample);
    this.#magnitudes.fill(0);
    this.#previous = sample;
    this.#smooth = 0;
    this.#primed = true;
  }
}
