/** Weights as places on the integer grid of their output channel: from -1 (level -127) to 1 (level 127). */
import type { FoldedNetwork } from '../../export/folded.ts';
import {
  LEVELS_OF_8_BITS,
  nearestEven,
  quantizeWeight,
  type WeightScales,
} from '../../export/quantization.ts';
import type { Weights } from '../../nets/parameters.ts';

/** @returns places by weight name */
export function placesOnGrid(
  { layers }: FoldedNetwork,
  scales: WeightScales,
): ReadonlyMap<string, Float32Array> {
  const places = new Map<string, Float32Array>();
  for (const { name, layer, weight } of layers) {
    const channelScales = scales.get(name);
    if (weight === null || channelScales === undefined) continue;
    const { values } = quantizeWeight(weight, layer.shape[0], channelScales);
    places.set(
      `${name}.weight`,
      Float32Array.from(values, (level) => level / LEVELS_OF_8_BITS),
    );
  }
  return places;
}

/** The weights that the places mean; everything else as it is. */
export function weightsOfGrid(weights: Weights, scales: WeightScales): Weights {
  const values = new Map(weights);
  for (const [layer, channelScales] of scales) {
    const places = weights.get(`${layer}.weight`)!;
    const size = places.length / channelScales.length;
    values.set(
      `${layer}.weight`,
      places.map((place, i) => {
        // As training rounds it: a centre of two levels lies between them.
        const level = nearestEven(Math.fround(place * LEVELS_OF_8_BITS));
        return level * channelScales[Math.floor(i / size)]!;
      }),
    );
  }
  return values;
}
