/** The lines of a file from some byte on, in bounded memory. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RecordFile } from './record-file.ts';

const BLOCK_BYTES = 256 * 1024;
/** A longer one is no line of numbers. */
const MAX_LINE_BYTES = 64 * 1024;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export class LineReader {
  readonly #file: RecordFile;
  #block: Buffer = Buffer.alloc(0);
  #blockStart: number;
  #at = 0;

  constructor(file: RecordFile, position: number) {
    this.#file = file;
    this.#blockStart = position;
  }

  /** Of the next line's first byte. */
  get position(): number {
    return this.#blockStart + this.#at;
  }

  /** Without its end (LF, CRLF or CR); null behind the last. @throws RhythmdError E_CSV for a line without end */
  next(): string | null {
    for (;;) {
      const end = this.#endOfLine();
      if (end >= 0) {
        const line = this.#block.toString('latin1', this.#at, end);
        this.#at = end + 1;
        if (this.#block[end] === CARRIAGE_RETURN && this.#block[end + 1] === LINE_FEED) this.#at++;
        return line;
      }
      const rest = this.#block.length - this.#at;
      if (rest > MAX_LINE_BYTES) {
        throw new RhythmdError('E_CSV', `${this.#file.name}: a line at byte ${this.position} does not end`);
      }
      if (!this.#more()) {
        if (rest === 0) return null;
        const line = this.#block.toString('latin1', this.#at);
        this.#at = this.#block.length;
        return line;
      }
    }
  }

  /** -1: not in this block. A CR at its end may be half a CRLF. */
  #endOfLine(): number {
    const feed = this.#block.indexOf(LINE_FEED, this.#at);
    const limit = feed < 0 ? this.#block.length : feed;
    const cr = this.#block.indexOf(CARRIAGE_RETURN, this.#at);
    if (cr >= 0 && cr < limit) {
      const isLast = cr === this.#block.length - 1 && this.#blockStart + this.#block.length < this.#file.size;
      return isLast ? -1 : cr;
    }
    return feed;
  }

  #more(): boolean {
    const end = this.#blockStart + this.#block.length;
    const next = this.#file.read(end, BLOCK_BYTES);
    if (next.length === 0) return false;
    this.#blockStart += this.#at;
    this.#block = Buffer.concat([this.#block.subarray(this.#at), next]);
    this.#at = 0;
    return true;
  }
}
