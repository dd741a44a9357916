/**
 * Weights with fewer bits of mantissa than 23: with 14 they differ by less than one part in 32,000, the network's answers
 * mostly by less than the export check allows between two orders of summation, and an archive is a sixth smaller, for it
 * makes nothing smaller of the last bits of floats.
 */
import type { FoldedNetwork } from '../../export/folded.ts';

const BITS = 23;

export const WHOLE_MANTISSAS: readonly number[] = [BITS];

/** Tried in turn, until the network answers as it did: EfficientNetB0 on new patients needs more than 14. */
export const SHORT_MANTISSAS: readonly number[] = [14, 17, BITS];

/** @returns the network with all its weights rounded to the nearest; biases stay */
export function withShortMantissas({ name, layers }: FoldedNetwork, bits: number): FoldedNetwork {
  const made = new Map(
    layers.map((layer) => [layer, { ...layer, weight: shortened(layer.weight, BITS - bits) }]),
  );
  return {
    name,
    layers: layers.map((layer) => {
      const short = made.get(layer)!;
      return Object.assign(short, { inputs: layer.inputs.map((input) => made.get(input)!) });
    }),
  };
}

function shortened(weight: Float32Array | null, droppedBits: number): Float32Array | null {
  if (weight === null || droppedBits === 0) return weight;
  const bits = new Int32Array(weight.slice().buffer);
  // A carry into the exponent is the next power of two, as it should be.
  for (let i = 0; i < bits.length; i++) {
    bits[i] = (bits[i]! + (1 << (droppedBits - 1))) & -(1 << droppedBits);
  }
  return new Float32Array(bits.buffer);
}
