/**
 * The frame ProtoCentral's boards share. Source: the firmwares of the ADS1292R and MAX30003 breakouts and of
 * HealthyPi v3, v4 and 5.
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
  /** @returns SampleFlag bits */
  read(bytes: Uint8Array, at: number, counts: Int32Array): number;
  /** The payload is all zeros before. */
  write(bytes: Uint8Array, at: number, counts: Int32Array, flags: number): void;
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
  readonly channels = 1;
  readonly sequenceRange = 0;
  readonly maxLength: number;
  readonly zeroCount: number;
  readonly minCount: number;
  readonly maxCount: number;
  readonly zerosMeanOffS: number | null;
  readonly #payload: ProtocentralPayload;

  constructor(payload: ProtocentralPayload) {
    this.#payload = payload;
    this.maxLength = payload.length + OVERHEAD;
    this.zeroCount = payload.zeroCount;
    this.minCount = payload.minCount;
    this.maxCount = payload.maxCount;
    this.zerosMeanOffS = payload.zerosMeanOffS;
  }

  inspect(bytes: Uint8Array, at: number, available: number): number {
    const { length, type } = this.#payload;
    if (bytes[at] !== 0x0a) return Verdict.noStart;
    if (available < HEADER)
      return available > 1 && bytes[at + 1] !== 0xfa ? Verdict.noStart : Verdict.unfinished;
    if (bytes[at + 1] !== 0xfa) return Verdict.noStart;
    if ((bytes[at + 2]! | (bytes[at + 3]! << 8)) !== length || bytes[at + 4] !== type)
      return Verdict.badLength;
    if (available < this.maxLength) return Verdict.unfinished;
    const end = at + HEADER + length;
    return bytes[end] === 0x00 && bytes[end + 1] === 0x0b ? this.maxLength : Verdict.badFooter;
  }

  sequence(): number {
    return 0;
  }

  read(bytes: Uint8Array, at: number, _length: number, counts: Int32Array): number {
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
    return this.maxLength;
  }
}
