/** The hyperbolic tangent as onnxruntime approximates it: Eigen's rational approximation, one rounding a multiply-add. */
import { fusedMultiplyAdd } from './arithmetic.ts';

/** Of x squared, highest power first. */
const ALPHA = [
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
  1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
].map(Math.fround);
const BETA = [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3].map(
  Math.fround,
);
/** Beyond it the function is 1 or -1. */
const RANGE = 9;

export function hyperbolicTangent(value: number): number {
  const x = Math.max(-RANGE, Math.min(RANGE, value));
  const squared = Math.fround(x * x);
  const horner = (p: number, coefficient: number): number => fusedMultiplyAdd(p, squared, coefficient);
  const p = Math.fround(x * ALPHA.slice(1).reduce(horner, ALPHA[0]!));
  return Math.fround(p / BETA.slice(1).reduce(horner, BETA[0]!));
}
