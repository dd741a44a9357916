/** The forward pass of quantization-aware training: weights, biases and outputs rounded as in the exported model. */
import type { FoldedNetwork } from '../../export/folded.ts';
import type { QuantizationPlan, WeightScales } from '../../export/quantization.ts';
import { inputScale } from '../../export/quantized-representation.ts';
import type { Tensor } from '../../graph/graph.ts';
import {
  fakeQuantize,
  fakeQuantizeBias,
  fakeQuantizePlaces,
  fakeQuantizeWeight,
} from '../../graph/ops/fake-quantize.ts';
import type { Tape } from '../../graph/tape.ts';
import type { Arithmetic } from '../../nets/training-graph.ts';
import type { TrainableFolded } from '../trainable-folded.ts';
import type { AffineSteps } from './affine-grid.ts';

/** What is rounded, and how. */
export interface Rounding {
  readonly folded: FoldedNetwork;
  readonly trainable: TrainableFolded;
  readonly plan: QuantizationPlan;
  readonly scales: WeightScales;
  /** Of batch normalisations that stand alone. */
  readonly affine: ReadonlyMap<string, AffineSteps>;
}

/** @param levels on either side of zero, of layers that have fewer than eight bits allow */
export function fakeQuantizedArithmetic(
  rounding: Rounding,
  levels: ReadonlyMap<string, number> = new Map(),
): Arithmetic {
  const { scales } = rounding;
  return fakeQuantized(rounding, (tape, { name }, weight) =>
    fakeQuantizeWeight(tape, weight, scales.get(name)!, levels.get(name)),
  );
}

/** The same for weights that are given as places on the grid of their channel. */
export function fakeQuantizedPlaces(rounding: Rounding): Arithmetic {
  return fakeQuantized(rounding, (tape, { name }, places) =>
    fakeQuantizePlaces(tape, places, rounding.scales.get(name)!),
  );
}

/** @param weight how weights of convolutions and dense layers are rounded */
function fakeQuantized(
  { folded, trainable, plan, scales, affine }: Rounding,
  weight: Arithmetic['weight'],
): Arithmetic {
  const bytes = new Map([...plan].map(([name, scale]) => [trainable.outputs.get(name)!, scale]));
  const units = new Map(
    folded.layers
      .filter(({ name }) => scales.has(name))
      .map((layer) => [layer.name, scales.get(layer.name)!.map((scale) => scale * inputScale(plan, layer))]),
  );
  return {
    weight: (tape, layer, tensor) => {
      const steps = affine.get(layer.name);
      return steps === undefined ? weight(tape, layer, tensor) : roundedTo(tape, tensor, steps.scale);
    },
    bias: (tape, { name }, bias) => {
      const steps = affine.get(name);
      if (steps !== undefined) return roundedTo(tape, bias, steps.shift);
      return fakeQuantizeBias(tape, bias, units.get(name)!);
    },
    output: (tape, layer, output) => {
      const byte = bytes.get(layer);
      return byte === undefined ? output : fakeQuantize(tape, output, byte.scale, byte.zeroPoint);
    },
  };
}

function roundedTo(tape: Tape, values: Tensor, step: number): Tensor {
  return fakeQuantizeWeight(tape, values, Float32Array.of(step));
}
