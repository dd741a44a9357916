/**
 * Scales with few digits. A network has two floats a channel for scales alone, 140 KB in MobileNetV2, and as they are
 * no archive makes them smaller; with few bits of mantissa they nearly vanish. A step up to 6 % wider costs a
 * twelfth of a bit of precision, which quantization-aware training is told of.
 */
import type { FoldedNetwork } from '../../export/folded.ts';
import { type QuantizationPlan, type WeightScales, weightScales } from '../../export/quantization.ts';

const WEIGHT_BITS = 4;
/**
 * Activation scales are few, but each is a factor of all biases' scales after it. With four bits as well, sums fell so
 * often halfway between two bytes, where integers and floats round differently, that MobileNetV2 answered 46 of 27,374
 * test beats otherwise.
 */
const ACTIVATION_BITS = 11;

/**
 * Scales of all weights of convolutions and dense layers: never smaller than the largest weight needs.
 * @param levels on either side of zero, of layers that have fewer than eight bits allow
 */
export function coarseWeightScales(
  { layers }: FoldedNetwork,
  levels: ReadonlyMap<string, number> = new Map(),
): WeightScales {
  const scales = new Map<string, Float32Array>();
  for (const { name, layer, weight } of layers) {
    if (weight === null || layer.kind === 'batchNorm' || layer.kind === 'affine') continue;
    const exact = weightScales(weight, layer.shape[0], levels.get(name));
    scales.set(
      name,
      exact.map((scale) => rounded(scale, WEIGHT_BITS, Math.ceil)),
    );
  }
  return scales;
}

/**
 * Downwards: a range wider than a clip (ReLU6) would leave the clip and its convolution in floats. What little more is
 * clipped, training is told of.
 */
export function coarsePlan(plan: QuantizationPlan): QuantizationPlan {
  return new Map(
    [...plan].map(([name, { scale, zeroPoint }]) => [
      name,
      { scale: rounded(scale, ACTIVATION_BITS, Math.floor), zeroPoint },
    ]),
  );
}

/** A positive number with so many bits after the leading one. */
function rounded(value: number, bits: number, direction: (value: number) => number): number {
  const unit = 2 ** (Math.floor(Math.log2(value)) - bits);
  return direction(value / unit) * unit;
}
