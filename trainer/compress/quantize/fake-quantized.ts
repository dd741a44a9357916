/** The forward pass of quantization-aware training: weights and outputs rounded as a quantization plan says. */
import type { QuantizationPlan, WeightScales } from '../../export/quantization.ts';
import { fakeQuantize, fakeQuantizePlaces, fakeQuantizeWeight } from '../../graph/ops/fake-quantize.ts';
import type { Arithmetic } from '../../nets/training-graph.ts';
import type { TrainableFolded } from '../trainable-folded.ts';

/** @param levels on either side of zero, of layers that have fewer than eight bits allow */
export function fakeQuantizedArithmetic(
  trainable: TrainableFolded,
  plan: QuantizationPlan,
  scales: WeightScales,
  levels: ReadonlyMap<string, number> = new Map(),
): Arithmetic {
  return {
    weight: (tape, { name }, weight) => fakeQuantizeWeight(tape, weight, scales.get(name)!, levels.get(name)),
    output: quantizedOutputs(trainable, plan),
  };
}

/** The same for weights that are given as places on the grid of their channel. */
export function fakeQuantizedPlaces(
  trainable: TrainableFolded,
  plan: QuantizationPlan,
  scales: WeightScales,
): Arithmetic {
  return {
    weight: (tape, { name }, places) => fakeQuantizePlaces(tape, places, scales.get(name)!),
    output: quantizedOutputs(trainable, plan),
  };
}

function quantizedOutputs({ outputs }: TrainableFolded, plan: QuantizationPlan): Arithmetic['output'] {
  const bytes = new Map([...plan].map(([name, scale]) => [outputs.get(name)!, scale]));
  return (tape, layer, output) => {
    const byte = bytes.get(layer);
    return byte === undefined ? output : fakeQuantize(tape, output, byte.scale, byte.zeroPoint);
  };
}
