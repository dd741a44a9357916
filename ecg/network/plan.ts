/**
 * A network about to be made: where in the executor's memory everything lies, and what is done in which order. All addresses
 * are given out before the memory exists, so that it has its size from the start.
 */
import { RhythmdError } from '../errors.ts';
import type { Kernel } from './kernel/kernel.ts';

/** What one step does to the memory. Steps hold everything they need: running one allocates nothing. */
export interface Step {
  /** @param image all values that were handed in; @param from where this beat's begin */
  run(image: Float32Array, from: number): void;
}

export type MakeStep = (kernel: Kernel) => Step;

/** A beat network takes less than one MB, EfficientNetB0 ten. */
const LARGEST_MEMORY = 256 << 20;

export class Plan {
  readonly #constants: { readonly address: number; readonly bytes: Uint8Array }[] = [];
  readonly #steps: MakeStep[] = [];
  #size = 0;

  /** @returns the address, a multiple of 16, of so many bytes, all zero */
  allocate(size: number): number {
    const address = this.#size;
    this.#size = (address + size + 15) & ~15;
    if (this.#size > LARGEST_MEMORY) {
      throw new RhythmdError('E_MODEL_LOAD', 'the network needs more than 256 MB', 'Use a smaller one');
    }
    return address;
  }

  /** The address of values that never change, or that change from these. */
  place(values: Uint8Array | Int32Array | Float32Array): number {
    const address = this.allocate(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#constants.push({ address, bytes });
    return address;
  }

  add(make: MakeStep): void {
    this.#steps.push(make);
  }

  /** Bytes that the memory must have. */
  get size(): number {
    return this.#size;
  }

  /** @returns the steps in their order, over a memory that holds the constants */
  build(kernel: Kernel): Step[] {
    for (const { address, bytes } of this.#constants) kernel.memory.bytes.set(bytes, address);
    return this.#steps.map((make) => make(kernel));
  }
}
