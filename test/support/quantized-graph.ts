/** Graphs in 8-bit integers of a few layers, as exporters write them, and what onnxruntime answers to them. */
import assert from 'node:assert/strict';
import { Executor } from '@rhythmd/ecg/network/executor.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { Graph, sizeOf, type Tensor } from '@rhythmd/trainer/graph/graph.ts';
import { encodeModel } from '@rhythmd/trainer/graph/onnx-model.ts';
import { openSession, RuntimeTensor } from '@rhythmd/trainer/graph/runtime.ts';

export interface WeightForm {
  /** The file's bytes: signed, or unsigned as so many above it. */
  readonly zeroPoint: number | readonly number[];
  readonly type: 'int8' | 'uint8';
  /** One scale for all instead of one a channel. */
  readonly perTensor?: boolean;
}

export const SIGNED: WeightForm = { zeroPoint: 0, type: 'int8' };

export class QuantizedGraph {
  readonly graph = new Graph('made');
  readonly #random: SeededRandom;
  readonly #image: Tensor;

  constructor(seed: number, shape: readonly number[]) {
    this.#random = new SeededRandom(seed);
    this.#image = this.graph.input('image', [-1, ...shape]);
  }

  /** The image, in bytes. */
  image(scale = 0.05, zeroPoint = 120): Tensor {
    return this.quantized(this.#image, scale, zeroPoint);
  }

  quantized(value: Tensor, scale: number, zeroPoint: number, type: 'uint8' | 'int8' = 'uint8'): Tensor {
    const zero = type === 'uint8' ? Uint8Array.of(zeroPoint) : Int8Array.of(zeroPoint);
    const parameters = [this.graph.scalar(Math.fround(scale)), this.graph.constant(zero, [])];
    const bytes = this.graph.add('QuantizeLinear', [value, ...parameters], value.shape, {}, type);
    return this.graph.add('DequantizeLinear', [bytes, ...parameters], value.shape);
  }

  /** @returns weight and bias; @param axis of the outputs */
  parameters(shape: readonly number[], inputScale: number, form = SIGNED, axis = 0): Tensor[] {
    const outputs = shape[axis]!;
    const scales = Float32Array.from(
      { length: form.perTensor ? 1 : outputs },
      () => 0.002 + 0.01 * this.#random.uniform(),
    );
    const zeroPointOf = (i: number): number =>
      typeof form.zeroPoint === 'number' ? form.zeroPoint : form.zeroPoint[i % form.zeroPoint.length]!;
    const zeros = Array.from(scales, (_, i) => zeroPointOf(i));
    const [low, high] = form.type === 'int8' ? [-128, 127] : [0, 255];
    // Within seven bits of the zero point, where no processor saturates; but for some at the ends.
    const values = Array.from({ length: sizeOf(shape) }, () => {
      const value = Math.round(zeros[0]! + (this.#random.uniform() - 0.5) * 126);
      return Math.max(low!, Math.min(high!, value));
    });
    const typed = form.type === 'int8' ? Int8Array : Uint8Array;
    const scaleShape = form.perTensor ? [] : [outputs];
    const weight = this.graph.add(
      'DequantizeLinear',
      [
        this.graph.named('weight', typed.from(values), shape),
        this.graph.constant(scales, scaleShape),
        this.graph.constant(typed.from(zeros), scaleShape),
      ],
      shape,
      { axis },
    );
    const biasScales = scales.map((scale) => scale * Math.fround(inputScale));
    const bias = Int32Array.from({ length: outputs }, () =>
      Math.round((this.#random.uniform() - 0.5) * 8000),
    );
    const parts = [this.graph.named('bias', bias, [outputs]), this.graph.constant(biasScales, scaleShape)];
    const zero = this.graph.constant(new Int32Array(biasScales.length), scaleShape);
    return [weight, this.graph.add('DequantizeLinear', [...parts, zero], [outputs], { axis: 0 })];
  }

  /** A file that answers with `value`. */
  model(value: Tensor): Uint8Array {
    this.graph.output('logits', value);
    return encodeModel(this.graph);
  }
}

/** Beats of noise with some values far outside any range, one that is no number, and a flat one. */
export function images(size: number, count: number): Float32Array {
  const random = new SeededRandom(7);
  const values = Float32Array.from({ length: size * count }, () => (random.uniform() - 0.5) * 12);
  for (let i = 0; i < values.length; i += 97) values[i] = (random.uniform() - 0.5) * 1e6;
  values.fill(0, 0, size);
  values[size + 1] = Number.NaN;
  return values;
}

/** Both kernels answer as the runtime does, to the last bit. */
export async function assertAnswersLikeRuntime(model: Uint8Array, count = 6): Promise<void> {
  const session = await openSession(model, 'all');
  for (const kernel of ['typescript', 'webassembly', 'webassembly-simd'] as const) {
    const executor = new Executor(model, kernel);
    const beats = images(executor.inputSize, count);
    const answers = new Float32Array(count * executor.outputSize);
    executor.run(beats, count, answers);
    for (let beat = 0; beat < count; beat++) {
      const image = beats.slice(beat * executor.inputSize, (beat + 1) * executor.inputSize);
      const tensor = new RuntimeTensor('float32', image, [1, ...executor.inputShape]);
      const expected = (await session.run({ image: tensor })).logits!.data as Float32Array;
      const row = answers.subarray(beat * executor.outputSize, (beat + 1) * executor.outputSize);
      assert.deepEqual([...row], [...expected], `${kernel}, beat ${beat}`);
    }
  }
  await session.release();
}
