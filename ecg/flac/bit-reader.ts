/** Bits of a byte stream, the highest of each byte first, as FLAC has them (RFC 9639, section 5). */

/** The bytes at hand end before what is being read does: there may be more of them. */
export class BitsEnded extends Error {}

export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** Bits of byte `#at` that were read. */
  #used = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Of the next byte that no bit was read of. */
  get position(): number {
    return this.#used === 0 ? this.#at : this.#at + 1;
  }

  /** @param count up to 33. @throws BitsEnded */
  unsigned(count: number): number {
    let value = 0;
    let left = count;
    while (left > 0) {
      if (this.#at >= this.#bytes.length) throw new BitsEnded();
      const free = 8 - this.#used;
      const taken = Math.min(free, left);
      const bits = (this.#bytes[this.#at]! >> (free - taken)) & ((1 << taken) - 1);
      // Multiplied, not shifted: a side channel of 32-bit samples has 33 bits.
      value = value * (1 << taken) + bits;
      left -= taken;
      this.#used += taken;
      if (this.#used === 8) {
        this.#used = 0;
        this.#at++;
      }
    }
    return value;
  }

  /** Two's complement. @param count up to 33. @throws BitsEnded */
  signed(count: number): number {
    const value = this.unsigned(count);
    return count > 0 && value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }

  /** The zeros before the next one; the one is read, too. @throws BitsEnded */
  zeros(): number {
    let count = 0;
    for (;;) {
      if (this.#at >= this.#bytes.length) throw new BitsEnded();
      const rest = (this.#bytes[this.#at]! << this.#used) & 0xff;
      if (rest === 0) {
        count += 8 - this.#used;
        this.#used = 0;
        this.#at++;
        continue;
      }
      const zeros = Math.clz32(rest) - 24;
      this.#used += zeros + 1;
      if (this.#used === 8) {
        this.#used = 0;
        this.#at++;
      }
      return count + zeros;
    }
  }
}
