import type { WeightScales } from '../../export/quantization.ts';
import type { Weights } from '../../nets/parameters.ts';

/** A weight that grew beyond its last level is that level, as it was in training. */
export function clipped(
  weights: Weights,
  scales: WeightScales,
  levels: ReadonlyMap<string, number>,
): Weights {
  const result = new Map(weights);
  for (const [layer, most] of levels) {
    const name = `${layer}.weight`;
    const channels = scales.get(layer)!;
    const values = weights.get(name)!;
    const size = values.length / channels.length;
    result.set(
      name,
      values.map((value, i) => {
        const limit = most * channels[Math.floor(i / size)]!;
        return Math.max(-limit, Math.min(limit, value));
      }),
    );
  }
  return result;
}
