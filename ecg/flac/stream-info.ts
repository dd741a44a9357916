/**
 * What stands before the frames of a FLAC file (RFC 9639, section 8):
 *
 *   4 bytes   "fLaC"
 *   blocks    1 bit: last; 7 bits: type; 24 bits: bytes that follow. Type 0 (STREAMINFO) is the first:
 *             16 bits smallest, 16 largest block in samples; 24 bits smallest, 24 largest frame in bytes, 0: unknown;
 *             20 bits rate in Hz; 3 bits channels - 1; 5 bits bits a sample - 1; 36 bits samples a channel, 0: unknown;
 *             16 bytes MD5
 */
import { RhythmdError } from '../errors.ts';
import { BitReader } from './bit-reader.ts';

export interface StreamInfo {
  /** Samples a channel of the largest frame. */
  readonly maxBlock: number;
  /** Bytes; 0: not said. */
  readonly maxFrame: number;
  readonly channels: number;
  readonly bits: number;
  /** A channel; 0: not said. */
  readonly sampleCount: number;
}

const MARK = 0x664c6143;
const INFO_BYTES = 34;
const BLOCK_HEADER_BYTES = 4;

/** Before it is known how long it is: what a first read should have. */
export const INFO_ENDS_AT = 4 + BLOCK_HEADER_BYTES + INFO_BYTES;

/** @param bytes the first of a file, `INFO_ENDS_AT` at least. @throws RhythmdError E_WFDB_FLAC */
export function parseStreamInfo(bytes: Uint8Array, name: string): StreamInfo {
  if (bytes.length < INFO_ENDS_AT) throw noFlac(name);
  const bits = new BitReader(bytes, 0);
  if (bits.unsigned(32) !== MARK) throw noFlac(name);
  bits.unsigned(1);
  if (bits.unsigned(7) !== 0 || bits.unsigned(24) !== INFO_BYTES) throw noFlac(name);
  bits.unsigned(16);
  const maxBlock = bits.unsigned(16);
  bits.unsigned(24);
  const maxFrame = bits.unsigned(24);
  bits.unsigned(20);
  const channels = bits.unsigned(3) + 1;
  const sampleBits = bits.unsigned(5) + 1;
  const sampleCount = bits.unsigned(4) * 2 ** 32 + bits.unsigned(32);
  if (maxBlock < 16 || sampleBits < 4) throw noFlac(name);
  return { maxBlock, maxFrame, channels, bits: sampleBits, sampleCount };
}

/** @returns where the next block of metadata or the first frame begins, and whether the block at `at` was the last */
export function skipBlock(
  header: Uint8Array,
  at: number,
): { readonly next: number; readonly isLast: boolean } {
  const length = (header[1]! << 16) | (header[2]! << 8) | header[3]!;
  return { next: at + BLOCK_HEADER_BYTES + length, isLast: (header[0]! & 0x80) !== 0 };
}

function noFlac(name: string): RhythmdError {
  return new RhythmdError('E_WFDB_FLAC', `${name} is no FLAC file`, 'Fetch or copy it again');
}
