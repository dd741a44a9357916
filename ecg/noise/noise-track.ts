/**
 * Recorded noise on a clean signal, as the MIT-BIH Noise Stress Test Database does it (Moody, Muldrow, Mark
 * 1984): blocks with and without noise in turn. In a noisy block that starts at sample b
 *   y[t] = x[t] + hold + gain * (noise[t] - noise[b - 1])
 * and what was added last (hold) stays added in the clean block after it, so that no step appears.
 * Samples go through in any unit: `gain` turns the noise's into the signal's.
 */

/** When noise is on, in seconds of the record. */
export interface NoiseSchedule {
  readonly firstOnS: number;
  readonly onS: number;
  readonly offS: number;
}

/** The database's: five clean minutes to learn from, then two minutes on, two off. */
export const NSTDB_SCHEDULE: NoiseSchedule = { firstOnS: 300, onS: 120, offS: 120 };

export interface NoiseTrackOptions {
  /** At the signal's rate, at the same sample index; starts again where it ends. */
  readonly noise: ArrayLike<number>;
  readonly gain: number;
  readonly rateHz: number;
  readonly schedule?: NoiseSchedule;
}

export class NoiseTrack {
  readonly #noise: ArrayLike<number>;
  readonly #gain: number;
  readonly #firstOn: number;
  readonly #on: number;
  readonly #period: number;
  #next = 0;
  #hold = 0;
  #added = 0;
  #origin = 0;

  constructor({ noise, gain, rateHz, schedule = NSTDB_SCHEDULE }: NoiseTrackOptions) {
    this.#noise = noise;
    this.#gain = gain;
    this.#firstOn = Math.round(schedule.firstOnS * rateHz);
    this.#on = Math.round(schedule.onS * rateHz);
    this.#period = this.#on + Math.round(schedule.offS * rateHz);
  }

  /** Adds noise in place to the next `count` samples of the signal. */
  add(signal: Float32Array | Float64Array, count = signal.length): void {
    for (let i = 0; i < count; i++) {
      signal[i] = signal[i]! + this.#step();
    }
  }

  #step(): number {
    const t = this.#next++;
    if (t < this.#firstOn) return 0;
    const inPeriod = (t - this.#firstOn) % this.#period;
    if (inPeriod === 0) {
      this.#hold = this.#added;
      this.#origin = this.#noiseAt(Math.max(0, t - 1));
    }
    if (inPeriod < this.#on) this.#added = this.#hold + this.#gain * (this.#noiseAt(t) - this.#origin);
    return this.#added;
  }

  #noiseAt(t: number): number {
    return this.#noise[t % this.#noise.length]!;
  }
}
