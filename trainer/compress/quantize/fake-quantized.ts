/**
 * The forward pass of quantization-aware training: weights, biases and outputs rounded as in the exported model, and
 * added as its integer kernels add them. Floats of the same numbers, multiplied and added as floats, fell on the other
 * side of a half so often that EfficientNetB0 answered one test beat in twelve of new patients otherwise.
 */
import type { FoldedLayer, FoldedNetwork } from '../../export/folded.ts';
import type { QuantizationPlan, WeightScales } from '../../export/quantization.ts';
import { inputByte, inputScale } from '../../export/quantized-representation.ts';
import { fakeQuantize, fakeQuantizeSigned } from '../../graph/ops/fake-quantize.ts';
import { meanOfBytes, type OutputRange, rescaled, sumOfBytes } from '../../graph/ops/rescaled.ts';
import {
  wholeBias,
  wholePlaces,
  wholeSharedWeight,
  wholeSteps,
  wholeWeight,
} from '../../graph/ops/whole-steps.ts';
import type { Arithmetic } from '../../nets/training-graph.ts';
import { bordersOf, type Codebook } from '../cluster/codebook.ts';
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

/**
 * @param levels on either side of zero, of layers that have fewer than eight bits allow
 * @param codebooks of layers that share a few levels
 */
export function fakeQuantizedArithmetic(
  rounding: Rounding,
  levels: ReadonlyMap<string, number> = new Map(),
  codebooks: ReadonlyMap<string, Codebook> = new Map(),
): Arithmetic {
  const { scales } = rounding;
  return fakeQuantized(rounding, (tape, { name }, weight) => {
    const codebook = codebooks.get(name);
    return codebook === undefined
      ? wholeWeight(tape, weight, scales.get(name)!, levels.get(name))
      : wholeSharedWeight(tape, weight, scales.get(name)!, codebook, bordersOf(codebook));
  });
}

/** The same for weights that are given as places on the grid of their channel. */
export function fakeQuantizedPlaces(rounding: Rounding): Arithmetic {
  return fakeQuantized(rounding, (tape, _layer, places) => wholePlaces(tape, places));
}

/** @param weight how weights of convolutions and dense layers become whole numbers */
function fakeQuantized(
  { folded, trainable, plan, scales, affine }: Rounding,
  weight: Arithmetic['weight'],
): Arithmetic {
  const sources = new Map(folded.layers.map((layer) => [layer.name, layer]));
  const units = new Map([...scales].map(([name, steps]) => [name, unitsOf(steps, plan, sources.get(name)!)]));
  const isWhole = ({ name, layer }: FoldedLayer): boolean =>
    scales.has(name) || layer.kind === 'add' || layer.kind === 'globalAverage';
  /** Of those, what follows the layer itself: a rectifier that its bytes have been through. */
  const done = new Set(
    folded.layers.filter(isWhole).flatMap(({ name, activation }) => {
      return activation === null ? [] : [trainable.outputs.get(name)!];
    }),
  );
  const bytes = new Map(
    folded.layers
      .filter((layer) => !isWhole(layer) && plan.has(layer.name))
      .map(({ name }) => [trainable.outputs.get(name)!, plan.get(name)!]),
  );
  return {
    weight: (tape, layer, tensor) => {
      const steps = affine.get(layer.name);
      return steps === undefined
        ? weight(tape, layer, tensor)
        : fakeQuantizeSigned(tape, tensor, steps.scale);
    },
    bias: (tape, { name }, bias) => {
      const steps = affine.get(name);
      return steps === undefined
        ? wholeBias(tape, bias, units.get(name)!)
        : fakeQuantizeSigned(tape, bias, steps.shift);
    },
    input: (tape, { name }, input) => wholeSteps(tape, input, inputScale(plan, sources.get(name)!)),
    lower: (tape, layer, inputs) => {
      if (done.has(layer)) return inputs[0]!;
      const source = sources.get(layer.name);
      if (layer.kind !== 'add' && layer.kind !== 'globalAverage') return null;
      const output = outputRange(plan, source!)!;
      const ranges = inputs.map((_, i) => inputByte(plan, source!, i));
      return layer.kind === 'add'
        ? sumOfBytes(tape, [inputs[0]!, inputs[1]!], [ranges[0]!, ranges[1]!], output)
        : meanOfBytes(tape, inputs[0]!, ranges[0]!, output);
    },
    output: (tape, layer, output) => {
      const unit = units.get(layer.name);
      if (unit !== undefined) {
        return rescaled(tape, output, unit, outputRange(plan, sources.get(layer.name)!));
      }
      const byte = bytes.get(layer);
      return byte === undefined ? output : fakeQuantize(tape, output, byte.scale, byte.zeroPoint);
    },
  };
}

function unitsOf(scales: Float32Array, plan: QuantizationPlan, layer: FoldedLayer): Float32Array {
  return scales.map((scale) => scale * inputScale(plan, layer));
}

/** null: the last layer, whose numbers stay floats. */
function outputRange(plan: QuantizationPlan, { name, activation }: FoldedLayer): OutputRange | null {
  const byte = plan.get(name);
  return byte === undefined ? null : { ...byte, isRectified: activation !== null };
}
