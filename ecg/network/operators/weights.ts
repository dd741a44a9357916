/** Weights as unsigned bytes, whatever the file has: signed ones are kept 128 higher, and so are their zero points. */
import type { IntegersBase } from '../values.ts';
import type { Compiling } from './operator.ts';

export interface ByteWeights {
  readonly outputs: number;
  /** A row for each output. */
  readonly values: Uint8Array;
  /** One for each output. */
  readonly zeroPoints: Int32Array;
  readonly scales: Float32Array;
}

/** @param axis of the outputs: 0, or 1 of a matrix */
export function byteWeights(
  compiling: Compiling,
  integers: IntegersBase,
  outputs: number,
  axis: 0 | 1,
): ByteWeights {
  const { tensor, scales, zeroPoints } = integers;
  if (tensor.type !== 'int8' && tensor.type !== 'uint8')
    compiling.refuse(`has weights of type ${tensor.type}`);
  if (scales.length > 1 && (scales.length !== outputs || integers.axis !== axis)) {
    compiling.refuse('has weights with scales along another axis than its outputs');
  }
  const offset = tensor.type === 'int8' ? 128 : 0;
  const depth = tensor.data.length / outputs;
  const values = new Uint8Array(tensor.data.length);
  for (let output = 0; output < outputs; output++)
    for (let i = 0; i < depth; i++) {
      const from = axis === 0 ? output * depth + i : i * outputs + output;
      values[output * depth + i] = tensor.data[from]! + offset;
    }
  const each = <T>(of: ArrayLike<T>, index: number): T => of[of.length === 1 ? 0 : index]!;
  return {
    outputs,
    values,
    zeroPoints: Int32Array.from({ length: outputs }, (_, i) => each(zeroPoints, i) + offset),
    scales: Float32Array.from({ length: outputs }, (_, i) => each(scales, i)),
  };
}

/** Groups of channels as a convolution over all of them, most of whose weights stand for zero. */
export function expandedGroups(weights: ByteWeights, group: number): ByteWeights {
  const { outputs, zeroPoints } = weights;
  const depth = weights.values.length / outputs;
  const values = new Uint8Array(outputs * depth * group);
  for (let output = 0; output < outputs; output++) {
    const row = output * depth * group;
    values.fill(zeroPoints[output]!, row, row + depth * group);
    const first = Math.floor(output / (outputs / group)) * depth;
    values.set(weights.values.subarray(output * depth, (output + 1) * depth), row + first);
  }
  return { ...weights, values };
}

/** The integers of a bias; zeros where there is none. */
export function biasOf(compiling: Compiling, outputs: number): Int32Array {
  if ((compiling.inputs[2] ?? null) === null) return new Int32Array(outputs);
  const { tensor } = compiling.integers(2);
  if (tensor.type !== 'int32' || tensor.data.length !== outputs)
    compiling.refuse('has a bias of another kind');
  return Int32Array.from(tensor.data);
}
