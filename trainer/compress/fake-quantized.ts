/** The forward pass of quantization-aware training: weights and outputs rounded as a quantization plan says. */
import type { QuantizationPlan, WeightScales } from '../export/quantization.ts';
import { fakeQuantize, fakeQuantizePlaces, fakeQuantizeWeight } from '../graph/ops/fake-quantize.ts';
import type { Arithmetic } from '../nets/training-graph.ts';
import type { TrainableFolded } from './trainable-folded.ts';

/** @param scales of layers whose weights are given as places on a fixed grid; all others find their own */
export function fakeQuantizedArithmetic(
  { outputs }: TrainableFolded,
  plan: QuantizationPlan,
  scales: WeightScales = new Map(),
): Arithmetic {
  const represented = new Map([...plan].map(([name, scale]) => [outputs.get(name)!, scale]));
  return {
    weight: (tape, layer, weight) => {
      const fixed = scales.get(layer.name);
      return fixed === undefined ? fakeQuantizeWeight(tape, weight) : fakeQuantizePlaces(tape, weight, fixed);
    },
    output: (tape, layer, output) => {
      const byte = represented.get(layer);
      return byte === undefined ? output : fakeQuantize(tape, output, byte.scale, byte.zeroPoint);
    },
  };
}
