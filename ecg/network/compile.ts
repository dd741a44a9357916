/** From an ONNX graph in 8-bit integers (QuantizeLinear and DequantizeLinear) to steps. */
import { RhythmdError } from '../errors.ts';
import { inOrder } from './layout.ts';
import type { OnnxGraph, OnnxNode } from './onnx/graph.ts';
import { cast, constant, gather } from './operators/constants.ts';
import { concat } from './operators/joining.ts';
import {
  flatten,
  identity,
  reshape,
  slice,
  split,
  squeeze,
  transpose,
  unsqueeze,
} from './operators/moving.ts';
import { Compiling, gathered, type Operator } from './operators/operator.ts';
import { activation, clip, pairwise } from './operators/pointwise.ts';
import { averagePool, globalAveragePool, maxPool } from './operators/pooling.ts';
import { dequantizeLinear, quantizeLinear } from './operators/quantizing.ts';
import { convolution, gemm, matMul } from './operators/summing.ts';
import { Plan } from './plan.ts';
import { unsupported } from './shapes.ts';
import { Dequantize } from './steps/dequantize.ts';
import { isMoving, type Value } from './values.ts';

const OPERATORS: Readonly<Record<string, Operator>> = {
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
  Conv: convolution,
  Gemm: gemm,
  MatMul: matMul,
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
  Concat: concat,
  Identity: identity,
  Dropout: identity,
  Reshape: reshape,
  Flatten: flatten,
  Slice: slice,
  Split: split,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Relu: activation,
  LeakyRelu: activation,
  Sigmoid: activation,
  Tanh: activation,
  HardSigmoid: activation,
  HardSwish: activation,
  Neg: activation,
  Abs: activation,
  Clip: clip,
  Add: pairwise,
  Sub: pairwise,
  Mul: pairwise,
  Div: pairwise,
  Max: pairwise,
  Min: pairwise,
  Constant: constant,
  Cast: cast,
  Gather: gather,
};

export interface Compiled {
  readonly plan: Plan;
  /** The shape of one beat's input, without the batch. */
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Address of the output's floats. */
  readonly output: number;
}

/** @throws RhythmdError E_MODEL_UNSUPPORTED names the first operator that can't be run; E_MODEL_LOAD */
export function compile(graph: OnnxGraph): Compiled {
  const [input] = graph.inputs;
  if (input === undefined || graph.inputs.length !== 1 || graph.outputs.length !== 1) {
    throw unsupported(`it has ${graph.inputs.length} inputs and ${graph.outputs.length} outputs`);
  }
  const [batch, ...inputShape] = input.shape;
  if (input.type !== 'float' || (batch !== -1 && batch !== 1) || inputShape.some((length) => length < 1)) {
    throw unsupported(`its input is ${input.shape.join(' x ')} ${input.type ?? ''}`.trim());
  }
  const plan = new Plan();
  const values = new Map<string, Value>();
  for (const [name, tensor] of graph.constants) values.set(name, { base: { kind: 'constant', tensor } });
  values.set(input.name, { base: { kind: 'image' }, shape: inputShape, places: inOrder(inputShape) });
  for (const node of graph.nodes) compileNode(node, plan, values);
  const { output, shape } = floatsOf(values.get(graph.outputs[0]!), plan);
  return { plan, inputShape, outputShape: shape, output };
}

function compileNode(node: OnnxNode, plan: Plan, values: Map<string, Value>): void {
  const operator = OPERATORS[node.operator];
  if (operator === undefined) throw unsupported(`it has no operator ${node.operator} ("${node.name}")`);
  const inputs = node.inputs.map((name) => {
    if (name === '') return null;
    const value = values.get(name);
    if (value === undefined)
      throw new RhythmdError('E_MODEL_LOAD', `model.onnx reads "${name}" before it is made`);
    return value;
  });
  const outputs = operator(new Compiling(node, plan, inputs));
  for (const [i, name] of node.outputs.entries()) {
    const value = outputs[i];
    if (value !== undefined) values.set(name, value);
  }
}

/** Where the output's floats will lie, in ONNX's order. */
function floatsOf(
  value: Value | undefined,
  plan: Plan,
): { readonly output: number; readonly shape: readonly number[] } {
  if (value === undefined || !isMoving(value)) throw unsupported('its output does not depend on its input');
  const { base, shape, places } = value;
  if (base.kind === 'curve') {
    const input = gathered(plan, base.of, places);
    const output = plan.allocate(4 * places.length);
    const { values } = base;
    plan.add((kernel) => new Dequantize(kernel, { input, output, count: places.length, values }));
    return { output, shape };
  }
  if (base.kind !== 'pending' || base.leaveFloats === null)
    throw unsupported('its output is no sum of a dense layer');
  if (places.some((place, i) => place !== i))
    throw unsupported(`its output, of ${base.what}, is moved about`);
  return { output: base.leaveFloats(), shape };
}
