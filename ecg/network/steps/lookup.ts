/** Bytes to bytes by a table, or copied as they are, from anywhere in the memory to one place after the other. */
import type { Kernel } from '../kernel/kernel.ts';
import type { Step } from '../plan.ts';

export interface LookupOptions {
  readonly output: number;
  readonly count: number;
  /** Addresses of the bytes to look up, or the first of so many that follow each other. */
  readonly input: number | Int32Array;
  /** 256 bytes, or 256 for each channel in turn; null: copied. */
  readonly table: Uint8Array | null;
}

export class Lookup implements Step {
  readonly #bytes: Uint8Array;
  readonly #options: LookupOptions;

  constructor({ memory }: Kernel, options: LookupOptions) {
    this.#bytes = memory.bytes;
    this.#options = options;
  }

  run(): void {
    const bytes = this.#bytes;
    const { output, count, input, table } = this.#options;
    if (typeof input === 'number') {
      if (table === null) bytes.copyWithin(output, input, input + count);
      else if (table.length === 256)
        for (let i = 0; i < count; i++) bytes[output + i] = table[bytes[input + i]!]!;
      else this.#lookUpByChannel(input, table);
      return;
    }
    if (table === null) for (let i = 0; i < count; i++) bytes[output + i] = bytes[input[i]!]!;
    else for (let i = 0; i < count; i++) bytes[output + i] = table[bytes[input[i]!]!]!;
  }

  #lookUpByChannel(input: number, table: Uint8Array): void {
    const { output, count } = this.#options;
    let row = 0;
    for (let i = 0; i < count; i++) {
      this.#bytes[output + i] = table[row + this.#bytes[input + i]!]!;
      row += 256;
      if (row === table.length) row = 0;
    }
  }
}

export interface CopyRowsOptions {
  readonly input: number;
  readonly output: number;
  readonly rows: number;
  readonly length: number;
  /** Between the beginnings of rows where they are written. */
  readonly rowStep: number;
}

/** Rows of bytes to rows that lie farther apart: an image into a frame of zeros, which stays as it is. */
export class CopyRows implements Step {
  readonly #bytes: Uint8Array;
  readonly #options: CopyRowsOptions;

  constructor({ memory }: Kernel, options: CopyRowsOptions) {
    this.#bytes = memory.bytes;
    this.#options = options;
  }

  run(): void {
    let { input, output, rows, length, rowStep } = this.#options;
    for (; rows > 0; rows--) {
      this.#bytes.copyWithin(output, input, input + length);
      input += length;
      output += rowStep;
    }
  }
}
