/**
 * Annotations as time-stamped lists (annotation-lists.ts has their form) in a fixed number of bytes of every data record. A
 * list need not stand in the record it speaks of, so many at one moment go on in the records after it.
 */
export interface EdfMark {
  /** Seconds since the first sample. */
  readonly onsetS: number;
  readonly durationS: number | null;
  /** UTF-8, one character a byte. */
  readonly text: string;
}

/** Room for the record's own time and a few marks. */
const LEAST_BYTES = 64;

export class ListPacker {
  readonly #marks: readonly Uint8Array[];
  readonly #onsets: readonly number[];
  readonly #durationS: number;
  readonly #startS: number;
  readonly #records: number;
  /** Of every data record; even. */
  readonly bytes: number;
  #next = 0;

  /** @param marks by onset; @param startS fraction of a second at which the first sample lies */
  constructor(marks: readonly EdfMark[], records: number, durationS: number, startS: number) {
    this.#durationS = durationS;
    this.#startS = startS;
    this.#records = records;
    this.#onsets = marks.map(({ onsetS }) => onsetS);
    this.#marks = marks.map(({ onsetS, durationS: lasts, text }) => {
      const duration = lasts === null ? '' : `\x15${seconds(lasts)}`;
      return bytesOf(`+${seconds(startS + onsetS)}${duration}\x14${printable(text)}\x14\0`);
    });
    let bytes = LEAST_BYTES;
    for (const mark of this.#marks) bytes = Math.max(bytes, this.#stampBytes + mark.length);
    bytes += bytes % 2;
    while (!this.#fit(bytes)) bytes *= 2;
    this.bytes = bytes;
  }

  /** The lists of one data record, in order; padded with zeros. */
  pack(record: number): Uint8Array {
    const out = new Uint8Array(this.bytes);
    const stamp = bytesOf(`+${seconds(this.#startS + record * this.#durationS)}\x14\x14\0`);
    out.set(stamp);
    let at = stamp.length;
    for (; this.#isDue(this.#next, record); this.#next++) {
      const mark = this.#marks[this.#next]!;
      if (at + mark.length > this.bytes) break;
      out.set(mark, at);
      at += mark.length;
    }
    return out;
  }

  get #stampBytes(): number {
    return seconds(this.#startS + this.#records * this.#durationS).length + 8;
  }

  /** Everything, in the last record at the latest. */
  #isDue(mark: number, record: number): boolean {
    if (mark >= this.#marks.length) return false;
    return record === this.#records - 1 || this.#onsets[mark]! < (record + 1) * this.#durationS;
  }

  #fit(bytes: number): boolean {
    let next = 0;
    for (let record = 0; record < this.#records && next < this.#marks.length; record++) {
      let room = bytes - this.#stampBytes;
      for (; this.#isDue(next, record) && this.#marks[next]!.length <= room; next++)
        room -= this.#marks[next]!.length;
    }
    return next === this.#marks.length;
  }
}

function seconds(value: number): string {
  return String(Number(value.toFixed(4)));
}

function printable(text: string): string {
  let out = '';
  for (const character of text) out += character < ' ' ? ' ' : character;
  return out;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
