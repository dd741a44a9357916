/** The forward pass of quantization-aware training: weights and outputs rounded as a quantization plan says. */
import type { QuantizationPlan, WeightScales } from '../export/quantization.ts';
import { fakeQuantize, fakeQuantizePlaces, fakeQuantizeWeight } from '../graph/ops/fake-quantize.ts';
import type { Arithmetic } from '../nets/training-graph.ts';
import type { TrainableFolded } from './trainable-folded.ts';

/** @param weights as they are, or given as places on their channel's grid */
export function fakeQuantizedArithmetic(
  { outputs }: TrainableFolded,
  plan: QuantizationPlan,
  scales: WeightScales,
  weights: 'values' | 'places' = 'values',
): Arithmetic {
  const round = weights === 'values' ? fakeQuantizeWeight : fakeQuantizePlaces;
  const represented = new Map([...plan].map(([name, scale]) => [outputs.get(name)!, scale]));
  return {
    weight: (tape, layer, weight) => round(tape, weight, scales.get(layer.name)!),
    output: (tape, layer, output) => {
      const byte = represented.get(layer);
      return byte === undefined ? output : fakeQuantize(tape, output, byte.scale, byte.zeroPoint);
    },
  };
}
