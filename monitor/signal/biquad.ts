/**
 * Second-order sections after R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients":
 * Butterworth low-pass and high-pass (Q = 1/sqrt 2) and a notch.
 */
export interface Coefficients {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

export function lowPass(cutoffHz: number, rateHz: number): Coefficients {
  const { cos, alpha, a0 } = prototype(cutoffHz, rateHz, Math.SQRT1_2);
  const b = (1 - cos) / 2 / a0;
  return { b0: b, b1: 2 * b, b2: b, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 };
}

export function highPass(cutoffHz: number, rateHz: number): Coefficients {
  const { cos, alpha, a0 } = prototype(cutoffHz, rateHz, Math.SQRT1_2);
  const b = (1 + cos) / 2 / a0;
  return { b0: b, b1: -2 * b, b2: b, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 };
}

export function notch(centreHz: number, rateHz: number, quality: number): Coefficients {
  const { cos, alpha, a0 } = prototype(centreHz, rateHz, quality);
  return { b0: 1 / a0, b1: (-2 * cos) / a0, b2: 1 / a0, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 };
}

function prototype(hz: number, rateHz: number, quality: number) {
  const omega = (2 * Math.PI * hz) / rateHz;
  const alpha = Math.sin(omega) / (2 * quality);
  return { cos: Math.cos(omega), alpha, a0: 1 + alpha };
}

/** One section, transposed direct form II. `settle` starts it as if its input had always been `x`. */
export class Biquad {
  readonly #c: Coefficients;
  #s1 = 0;
  #s2 = 0;

  constructor(coefficients: Coefficients) {
    this.#c = coefficients;
  }

  /** @returns the output that goes with that steady input. */
  settle(x: number): number {
    const { b0, b1, b2, a1, a2 } = this.#c;
    const y = (x * (b0 + b1 + b2)) / (1 + a1 + a2);
    this.#s2 = b2 * x - a2 * y;
    this.#s1 = b1 * x - a1 * y + this.#s2;
    return y;
  }

  step(x: number): number {
    const { b0, b1, b2, a1, a2 } = this.#c;
    const y = b0 * x + this.#s1;
    this.#s1 = b1 * x - a1 * y + this.#s2;
    this.#s2 = b2 * x - a2 * y;
    return y;
  }
}
