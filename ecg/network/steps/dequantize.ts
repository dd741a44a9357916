/** Bytes to the floats that they stand for: an output that was quantized. */
import type { Kernel } from '../kernel/kernel.ts';
import type { Step } from '../plan.ts';

export interface DequantizeOptions {
  readonly input: number;
  readonly output: number;
  readonly count: number;
  /** What each byte stands for. */
  readonly values: Float32Array;
}

export class Dequantize implements Step {
  readonly #kernel: Kernel;
  readonly #options: DequantizeOptions;

  constructor(kernel: Kernel, options: DequantizeOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  run(): void {
    const { bytes, floats } = this.#kernel.memory;
    const { input, output, count, values } = this.#options;
    for (let i = 0; i < count; i++) floats[(output >> 2) + i] = values[bytes[input + i]!]!;
  }
}
