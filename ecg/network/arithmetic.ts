/**
 * Arithmetic of 32-bit floats as the processors of today do it, so that tables made here hold the bytes that a runtime
 * with vector units would make: one rounding a multiply-add, ties to even.
 */

/** Adding and subtracting it leaves a double of magnitude below 2^51 rounded to a whole number, ties to even. */
const ROUNDS_DOUBLES = 6755399441055744;

export function roundToEven(value: number): number {
  return value + ROUNDS_DOUBLES - ROUNDS_DOUBLES;
}

/** How a tensor of bytes stands for numbers: scale * (byte - zero point). */
export interface Levels {
  readonly scale: number;
  /** 0 to 255: signed bytes are kept 128 higher than they are in the file, their zero points too. */
  readonly zeroPoint: number;
}

/**
 * ONNX QuantizeLinear: the quotient rounded to a whole number, ties to even, then saturated. What is no number becomes the
 * lowest byte, as in onnxruntime.
 */
export function byteOf(value: number, { scale, zeroPoint }: Levels): number {
  const quotient = Math.fround(value / scale);
  const above = quotient > -zeroPoint ? quotient : -zeroPoint;
  return roundToEven(above < 255 - zeroPoint ? above : 255 - zeroPoint) + zeroPoint;
}

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/**
 * a * b + c of 32-bit floats, rounded once. The product is exact in a double; its sum with c may not be, and rounding twice
 * would err where the first rounding ends half-way between two floats: then the last bit is set as if it had been odd.
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const part = sum - product;
  const error = product - (sum - part) + (c - part);
  if (error === 0 || !Number.isFinite(sum)) return Math.fround(sum);
  double[0] = sum;
  if ((bits[0]! & 1n) === 0n) bits[0] = bits[0]! + (error > 0 === sum > 0 ? 1n : -1n);
  return Math.fround(double[0]!);
}

/** Numerator and denominator of the logistic function less a half, in powers of x squared: Eigen's rational approximation. */
const ALPHA = [4.37031012579801e-11, 1.15627324459942e-7, 6.08574864600143e-5, 8.51377133304701e-3].map(
  Math.fround,
);
const ALPHA_1 = Math.fround(2.48287947061529e-1);
const BETA = [6.10247389755681e-13, 5.76102136993427e-9, 6.2910678501704e-6, 1.70198817374094e-3].map(
  Math.fround,
);
const BETA_2 = Math.fround(1.16817656904453e-1);
const BETA_0 = Math.fround(9.9315192102318e-1);
/** Beyond it the function is 0 or 1. */
const LOGISTIC_RANGE = 18;

/** The logistic function as onnxruntime approximates it, to the bit on processors with fused multiply-add. */
export function logistic(value: number): number {
  const x = Math.max(-LOGISTIC_RANGE, Math.min(LOGISTIC_RANGE, value));
  const squared = Math.fround(x * x);
  const horner = (p: number, coefficient: number): number => fusedMultiplyAdd(p, squared, coefficient);
  const p = Math.fround(x * [...ALPHA.slice(1), ALPHA_1].reduce(horner, ALPHA[0]!));
  const q = [...BETA.slice(1), BETA_2, BETA_0].reduce(horner, BETA[0]!);
  return Math.max(0, Math.min(1, Math.fround(Math.fround(p / q) + 0.5)));
}
