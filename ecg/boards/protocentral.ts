/**
 * The frame ProtoCentral's boards share. Source: the firmwares of the ADS1292R, ADS1293 and MAX30003 breakouts and
 * of HealthyPi v3, v4 and 5.
 *
 *   offset    field
 *   0         start    0A FA
 *   2         length   u16  of the payload
 *   4         type     u8
 *   5         payload
 *   5+length  end      00 0B
 *
 * Little-endian. No checksum, no sequence, no time. `0A FA` can occur in a payload, so start, length, type and
 * end have to agree, and a second frame has to follow before the first one is believed.
 */
import type { Board, DecoderOptions, EncoderOptions } from './board.ts';
import { Verdict } from './frame-scanner.ts';
import { FramedDecoder, FramedEncoder, type FrameLayout } from './framed-board.ts';

const OVERHEAD = 7;
const HEADER = 5;

export interface ProtocentralPayload {
  readonly length: number;
  readonly type: number;
  readonly minCount: number;
  readonly maxCount: number;
  /** A shift of the middle; electrodes have an offset, so the simulator's zero is not the wire's. */
  readonly zeroCount: number;
  readonly zerosMeanOffS: number | null;
  /** Counts in a sample; absent: one. */
  readonly channels?: number;
  /** Other frames of the same board, by type and length. */
  readonly others?: readonly ProtocentralFrame[];
  /** Whether the payload can be this board's: several boards have frames of the same type and length. */
  accepts?(bytes: Uint8Array, at: number): boolean;
  /** @returns SampleFlag bits */
  read(bytes: Uint8Array, at: number, counts: Int32Array): number;
  /** The payload is all zeros before. */
  write(bytes: Uint8Array, at: number, counts: Int32Array, flags: number): void;
}

export interface ProtocentralFrame {
  readonly type: number;
  readonly length: number;
  /** Samples in it; 0: it carries something else. */
  readonly samples: number;
  read(bytes: Uint8Array, at: number, counts: Int32Array, sample: number): number;
}

export function protocentralBoard(
  declaration: Omit<Board, 'createDecoder' | 'createEncoder' | 'countRange'>,
  payload: ProtocentralPayload,
): Board {
  const layout = new ProtocentralLayout(payload);
  const board: Board = {
    ...declaration,
    countRange: 1,
    createDecoder: (options?: DecoderOptions) => new FramedDecoder(board, layout, options),
    createEncoder: (options?: EncoderOptions) => new FramedEncoder(board, layout, options),
  };
  return board;
}

class ProtocentralLayout implements FrameLayout {
  readonly confirm = 1;
  readonly confirmInStep = 0;
  readonly channels: number;
  readonly sequenceRange = 0;
  readonly maxLength: number;
  readonly zeroCount: number;
  readonly minCount: number;
  readonly maxCount: number;
  readonly zerosMeanOffS: number | null;
  readonly #payload: ProtocentralPayload;
  readonly #others: readonly ProtocentralFrame[];

  constructor(payload: ProtocentralPayload) {
    this.#payload = payload;
    this.#others = payload.others ?? [];
    this.channels = payload.channels ?? 1;
    this.maxLength = Math.max(payload.length, ...this.#others.map(({ length }) => length)) + OVERHEAD;
    this.zeroCount = payload.zeroCount;
    this.minCount = payload.minCount;
    this.maxCount = payload.maxCount;
    this.zerosMeanOffS = payload.zerosMeanOffS;
  }

  inspect(bytes: Uint8Array, at: number, available: number): number {
    if (bytes[at] !== 0x0a) return Verdict.noStart;
    if (available < HEADER)
      return available > 1 && bytes[at + 1] !== 0xfa ? Verdict.noStart : Verdict.unfinished;
    if (bytes[at + 1] !== 0xfa) return Verdict.noStart;
    const length = bytes[at + 2]! | (bytes[at + 3]! << 8);
    const other = this.#other(bytes[at + 4]!, length);
    if (other === null && (bytes[at + 4] !== this.#payload.type || length !== this.#payload.length))
      return Verdict.badLength;
    if (available < length + OVERHEAD) return Verdict.unfinished;
    const end = at + HEADER + length;
    if (bytes[end] !== 0x00 || bytes[end + 1] !== 0x0b) return Verdict.badFooter;
    if (other === null && this.#payload.accepts?.(bytes, at + HEADER) === false) return Verdict.badLength;
    return length + OVERHEAD;
  }

  /** null: the board's first kind of frame, or none of its own. */
  #other(type: number, length: number): ProtocentralFrame | null {
    for (const other of this.#others) if (other.type === type && other.length === length) return other;
    return null;
  }

  #otherAt(bytes: Uint8Array, at: number): ProtocentralFrame | null {
    return this.#other(bytes[at + 4]!, bytes[at + 2]! | (bytes[at + 3]! << 8));
  }

  samplesIn(bytes: Uint8Array, at: number): number {
    return this.#otherAt(bytes, at)?.samples ?? 1;
  }

  sequence(): number {
    return 0;
  }

  read(bytes: Uint8Array, at: number, _length: number, counts: Int32Array, sample: number): number {
    const other = this.#otherAt(bytes, at);
    if (other !== null) return other.read(bytes, at + HEADER, counts, sample);
    return this.#payload.read(bytes, at + HEADER, counts);
  }

  write(bytes: Uint8Array, at: number, counts: Int32Array, flags: number): number {
    const { length, type } = this.#payload;
    const end = at + HEADER + length;
    bytes.fill(0, at, end + 2);
    bytes[at] = 0x0a;
    bytes[at + 1] = 0xfa;
    bytes[at + 2] = length & 0xff;
    bytes[at + 3] = length >> 8;
    bytes[at + 4] = type;
    this.#payload.write(bytes, at + HEADER, counts, flags);
    bytes[end + 1] = 0x0b;
    return length + OVERHEAD;
  }
}
