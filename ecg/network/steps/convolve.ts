/** A convolution or a dense layer: the kernel does it. */
import type { Kernel } from '../kernel/kernel.ts';
import type { Step } from '../plan.ts';

export class Convolve implements Step {
  readonly #kernel: Kernel;
  readonly #at: number;
  readonly #isDepthwise: boolean;

  /** @param at address of the step's words */
  constructor(kernel: Kernel, at: number, isDepthwise: boolean) {
    this.#kernel = kernel;
    this.#at = at;
    this.#isDepthwise = isDepthwise;
  }

  run(): void {
    if (this.#isDepthwise) this.#kernel.convolveDepthwise(this.#at);
    else this.#kernel.convolve(this.#at);
  }
}
