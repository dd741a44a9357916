/** The image's floats to bytes. */
import { byteOf, type Levels } from '../arithmetic.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Places } from '../layout.ts';
import type { Step } from '../plan.ts';

export class QuantizeImage implements Step {
  readonly #bytes: Uint8Array;
  readonly #address: number;
  readonly #places: Places;
  readonly #levels: Levels;

  /** @param places of each byte's value in the image */
  constructor({ memory }: Kernel, address: number, places: Places, levels: Levels) {
    this.#bytes = memory.bytes;
    this.#address = address;
    this.#places = places;
    this.#levels = levels;
  }

  run(image: Float32Array, from: number): void {
    const places = this.#places;
    for (let i = 0; i < places.length; i++) {
      this.#bytes[this.#address + i] = byteOf(image[from + places[i]!]!, this.#levels);
    }
  }
}
