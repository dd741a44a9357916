/** Lines of text from a stream of bytes, bounded, parsed into numbers without making strings. */

/** Longer than any line a sketch prints per sample. */
const MAX_LINE = 64;
const MAX_FIELDS = 8;

const LF = 10;
const CR = 13;

/** Fills a buffer with bytes up to a line end. */
export class LineBuffer {
  readonly bytes = new Uint8Array(MAX_LINE);
  length = 0;
  #overflowed = false;

  /**
   * @returns bytes of the line that just ended (line end included, empty lines too), 0 while it goes on, -1
   * when it ended but was too long to keep
   */
  push(byte: number): number {
    if (byte === LF) {
      const overflowed = this.#overflowed;
      this.#overflowed = false;
      return overflowed ? -1 : this.length + 1;
    }
    if (this.length === MAX_LINE) this.#overflowed = true;
    else this.bytes[this.length++] = byte;
    return 0;
  }

  clear(): void {
    this.length = 0;
  }

  /** Content without the carriage return. */
  get end(): number {
    return this.length > 0 && this.bytes[this.length - 1] === CR ? this.length - 1 : this.length;
  }
}

/**
 * Reads `12`, `12,-3.5`, `ecg:12`, `a:1 b:2` (commas, tabs, semicolons or spaces between) into `fields`.
 * @returns how many numbers; -1 when it is no such line
 */
export function parseNumbers(bytes: Uint8Array, end: number, fields: Float64Array): number {
  let count = 0;
  let at = 0;
  while (at < end) {
    if (isSeparator(bytes[at]!)) {
      at++;
      continue;
    }
    at = skipName(bytes, at, end);
    const start = at;
    let value = 0;
    let scale = 0;
    const negative = bytes[at] === 0x2d;
    if (negative) at++;
    let digits = 0;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === 0x2e && scale === 0) {
        scale = 1;
      } else if (byte >= 0x30 && byte <= 0x39) {
        value = value * 10 + byte - 0x30;
        if (scale > 0) scale *= 10;
        digits++;
      } else {
        break;
      }
    }
    const ended = at === end || isSeparator(bytes[at]!);
    if (at === start || digits === 0 || !ended || count === MAX_FIELDS || count === fields.length) return -1;
    fields[count++] = (negative ? -value : value) / Math.max(1, scale);
  }
  return count === 0 ? -1 : count;
}

function isSeparator(byte: number): boolean {
  return byte === 0x2c || byte === 0x20 || byte === 0x09 || byte === 0x3b;
}

/** Past `name:` and the spaces after it; where it was when there is none. */
function skipName(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0x3a && at > from) {
      let after = at + 1;
      while (after < end && bytes[after] === 0x20) after++;
      return after;
    }
    const letter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
    const inside = at > from && ((byte >= 0x30 && byte <= 0x39) || byte === 0x5f);
    if (!letter && !inside && byte !== 0x5f) return from;
  }
  return from;
}
