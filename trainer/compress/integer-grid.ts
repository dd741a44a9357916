/** Weights as places on the integer grid of their output channel: from -1 (level -127) to 1 (level 127). */
import type { FoldedNetwork } from '../export/folded.ts';
import { LEVELS_OF_8_BITS, quantizeWeight, type WeightScales } from '../export/quantization.ts';
import type { Weights } from '../nets/parameters.ts';

export interface Grid {
  /** By weight name. */
  readonly places: ReadonlyMap<string, Float32Array>;
  /** By layer name. */
  readonly scales: WeightScales;
}

export function onGrid({ layers }: FoldedNetwork): Grid {
  const places = new Map<string, Float32Array>();
  const scales = new Map<string, Float32Array>();
  for (const { name, layer, weight } of layers) {
    if (weight === null || layer.kind === 'batchNorm' || layer.kind === 'affine') continue;
    const quantized = quantizeWeight(weight, layer.shape[0]);
    scales.set(name, quantized.scales);
    places.set(
      `${name}.weight`,
      Float32Array.from(quantized.values, (level) => level / LEVELS_OF_8_BITS),
    );
  }
  return { places, scales };
}

/** The weights that the places mean; everything else as it is. */
export function weightsOfGrid(weights: Weights, scales: WeightScales): Weights {
  const values = new Map(weights);
  for (const [layer, channelScales] of scales) {
    const places = weights.get(`${layer}.weight`)!;
    const size = places.length / channelScales.length;
    values.set(
      `${layer}.weight`,
      places.map((place, i) => Math.round(place * LEVELS_OF_8_BITS) * channelScales[Math.floor(i / size)]!),
    );
  }
  return values;
}
