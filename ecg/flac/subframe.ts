/**
 * One channel of a FLAC frame (RFC 9639, section 9.2): samples foretold from those before them, and what they differ by.
 *
 *   1 bit 0; 6 bits: 0 constant, 1 as they are, 8 + n a fixed polynomial of order n (0 to 4), 31 + n a predictor of order n
 *   1 bit: low bits that are all zero were left out, their number in unary
 *   residual: 2 bits of coding (0: 4-bit, 1: 5-bit parameters), 4 bits: 2^n partitions; in each a Rice parameter, all ones:
 *   5 bits of width and plain numbers
 */
import type { BitReader } from './bit-reader.ts';

/** It is no frame, or one that was damaged; the message says how. */
export class DamagedFrame extends Error {}

/** The fixed polynomials: weights of the samples before, the last one first. */
const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]] as const;
const CONSTANT = 0;
const VERBATIM = 1;
const FIRST_FIXED = 8;
const FIRST_LINEAR = 32;
/** 32-bit samples have no use in an ECG, and their sums would not be exact. */
const MAX_BITS = 25;

/** @param out its first `length` are filled. @throws BitsEnded, DamagedFrame */
export function readSubframe(bits: BitReader, sampleBits: number, out: Int32Array, length: number): void {
  if (sampleBits > MAX_BITS) throw new DamagedFrame(`samples of ${sampleBits} bits are not read`);
  if (bits.unsigned(1) !== 0) throw new DamagedFrame('a channel of it is damaged');
  const type = bits.unsigned(6);
  const unused = bits.unsigned(1) === 0 ? 0 : bits.zeros() + 1;
  const width = sampleBits - unused;
  if (width < 1) throw new DamagedFrame('a channel of it is damaged');
  if (type === CONSTANT) out.fill(bits.signed(width), 0, length);
  else if (type === VERBATIM) for (let i = 0; i < length; i++) out[i] = bits.signed(width);
  else if (type >= FIRST_LINEAR) readLinear(bits, type - FIRST_LINEAR + 1, width, out, length);
  else {
    const weights = FIXED[type - FIRST_FIXED];
    if (weights === undefined) throw new DamagedFrame('a channel of it is coded in no known way');
    warmUp(bits, weights.length, width, out, length);
    readResidual(bits, weights.length, out, length);
    foretell(weights, 0, out, length);
  }
  if (unused > 0) for (let i = 0; i < length; i++) out[i] = out[i]! << unused;
}

function readLinear(bits: BitReader, order: number, width: number, out: Int32Array, length: number): void {
  warmUp(bits, order, width, out, length);
  const precision = bits.unsigned(4) + 1;
  if (precision === 16) throw new DamagedFrame('a predictor of it is damaged');
  const shift = bits.signed(5);
  if (shift < 0) throw new DamagedFrame('a predictor of it is damaged');
  const weights = Array.from({ length: order }, () => bits.signed(precision));
  readResidual(bits, order, out, length);
  foretell(weights, shift, out, length);
}

function warmUp(bits: BitReader, order: number, width: number, out: Int32Array, length: number): void {
  if (order > length) throw new DamagedFrame('it is shorter than its predictor');
  for (let i = 0; i < order; i++) out[i] = bits.signed(width);
}

function readResidual(bits: BitReader, order: number, out: Int32Array, length: number): void {
  const coding = bits.unsigned(2);
  if (coding > 1) throw new DamagedFrame('its residual is coded in no known way');
  const parameterBits = 4 + coding;
  const partitions = 2 ** bits.unsigned(4);
  const each = length / partitions;
  if (!Number.isInteger(each) || each < order) throw new DamagedFrame('its residual is damaged');
  for (let partition = 0, i = order; partition < partitions; partition++) {
    const end = (partition + 1) * each;
    const parameter = bits.unsigned(parameterBits);
    if (parameter === 2 ** parameterBits - 1) {
      const plain = bits.unsigned(5);
      for (; i < end; i++) out[i] = bits.signed(plain);
    } else {
      for (; i < end; i++) {
        const folded = bits.zeros() * 2 ** parameter + bits.unsigned(parameter);
        out[i] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      }
    }
  }
}

/**
 * Each sample is its residual and what those before it foretell. At most 32 products of 15 and 25 bits: exact in a double.
 */
function foretell(weights: readonly number[], shift: number, out: Int32Array, length: number): void {
  const order = weights.length;
  const divisor = 2 ** shift;
  for (let i = order; i < length; i++) {
    let sum = 0;
    for (let k = 0; k < order; k++) sum += weights[k]! * out[i - 1 - k]!;
    out[i] = out[i]! + Math.floor(sum / divisor);
  }
}
