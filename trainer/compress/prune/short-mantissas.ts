/**
 * Weights with 14 bits of mantissa instead of 23: they differ by less than one part in 32,000, the network's answers by
 * less than the export check allows between two orders of summation, and an archive is a sixth smaller, for it makes
 * nothing smaller of the last bits of floats.
 */
import type { FoldedNetwork } from '../../export/folded.ts';

const DROPPED_BITS = 9;

/** @returns the network with all its weights rounded to the nearest; biases stay */
export function withShortMantissas({ name, layers }: FoldedNetwork): FoldedNetwork {
  const made = new Map(layers.map((layer) => [layer, { ...layer, weight: shortened(layer.weight) }]));
  return {
    name,
    layers: layers.map((layer) => {
      const short = made.get(layer)!;
      return Object.assign(short, { inputs: layer.inputs.map((input) => made.get(input)!) });
    }),
  };
}

function shortened(weight: Float32Array | null): Float32Array | null {
  if (weight === null) return null;
  const bits = new Int32Array(weight.slice().buffer);
  // A carry into the exponent is the next power of two, as it should be.
  for (let i = 0; i < bits.length; i++) {
    bits[i] = (bits[i]! + (1 << (DROPPED_BITS - 1))) & -(1 << DROPPED_BITS);
  }
  return new Float32Array(bits.buffer);
}
