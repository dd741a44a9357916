/**
 * Conditions that mean something only when they last. Exact zeros are the lead-off of boards that do not say so
 * (ADS1292R and HealthyPi v3, v4 by ProtoCentral): live electrodes have an offset and noise and never do that
 * for long. A clipped R wave is still a beat; an amplifier at its limit for longer shows nothing any more.
 */
export class LastingRun {
  readonly #longestInnocent: number;
  #run = 0;

  /** @param longestInnocent samples in a row that mean nothing yet */
  constructor(longestInnocent: number) {
    this.#longestInnocent = longestInnocent;
  }

  /** @returns whether the condition has lasted too long at this sample */
  push(holds: boolean): boolean {
    this.#run = holds ? this.#run + 1 : 0;
    return this.#run > this.#longestInnocent;
  }
}

/** Clipping shorter than this is a tall wave. */
export const CLIPPED_WAVE_S = 0.1;
