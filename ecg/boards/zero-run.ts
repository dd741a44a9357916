/**
 * Lead-off of boards that do not say so: their firmware sends exact zeros instead of samples (ADS1292R and
 * HealthyPi v3, v4 by ProtoCentral). Live electrodes have an offset and noise: they never do that for long.
 */
export class ZeroRun {
  readonly #longestInnocent: number;
  #run = 0;

  /** @param longestInnocent zeros in a row that may still be signal */
  constructor(longestInnocent: number) {
    this.#longestInnocent = longestInnocent;
  }

  /** @returns whether the lead counts as off at this sample */
  push(count: number): boolean {
    this.#run = count === 0 ? this.#run + 1 : 0;
    return this.#run > this.#longestInnocent;
  }
}
