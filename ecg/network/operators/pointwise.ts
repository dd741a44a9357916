/** Operators on each value alone: activations become tables of 256 values, two inputs a rule for two bytes. */
import { logistic } from '../arithmetic.ts';
import { broadcastPlaces, channelLast, inStoredOrder, isRun } from '../layout.ts';
import type { ConstantTensor } from '../onnx/graph.ts';
import { broadcastShape, sizeOf } from '../shapes.ts';
import { applied, Pair, type PairOperator, type PairRule } from '../steps/pair.ts';
import { hyperbolicTangent } from '../tangent.ts';
import { type CurveBase, isCurve, isMoving, type Moving, type Value } from '../values.ts';
import { type Compiling, type Operator, pending, storedBytes } from './operator.ts';

type Curve = (value: number) => number;

/** What an activation does, by its attributes. */
const ACTIVATIONS: Readonly<Record<string, (compiling: Compiling) => Curve>> = {
  Relu: () => (x) => Math.max(0, x),
  LeakyRelu: (compiling) => {
    const slope = compiling.number('alpha', Math.fround(0.01));
    return (x) => (x >= 0 ? x : x * slope);
  },
  Sigmoid: () => logistic,
  Tanh: () => hyperbolicTangent,
  HardSigmoid: (compiling) => hardSigmoid(compiling.number('alpha', 0.2), compiling.number('beta', 0.5)),
  HardSwish: () => {
    const gate = hardSigmoid(1 / 6, 0.5);
    return (x) => x * gate(x);
  },
  Neg: () => (x) => -x,
  Abs: () => Math.abs,
};

function hardSigmoid(alpha: number, beta: number): Curve {
  const [slope, offset] = [Math.fround(alpha), Math.fround(beta)];
  return (x) => Math.max(0, Math.min(1, Math.fround(Math.fround(x * slope) + offset)));
}

export const activation: Operator = (compiling) => {
  const curve = ACTIVATIONS[compiling.node.operator]!(compiling);
  const value = compiling.moving(0);
  if (isCurve(value)) return [{ ...value, base: mapped(value.base, curve) }];
  if (value.base.kind !== 'pending' || compiling.node.operator !== 'Relu') {
    return compiling.refuse('reads floats that were never quantized');
  }
  return [clamped(value, 0, Number.POSITIVE_INFINITY)];
};

export const clip: Operator = (compiling) => {
  const limit = (index: number, otherwise: number): number =>
    compiling.optionalConstant(index)?.data[0] ?? otherwise;
  const lowest = limit(1, compiling.number('min', Number.NEGATIVE_INFINITY));
  const highest = limit(2, compiling.number('max', Number.POSITIVE_INFINITY));
  const value = compiling.moving(0);
  if (isCurve(value)) {
    return [{ ...value, base: mapped(value.base, (x) => Math.max(lowest, Math.min(highest, x))) }];
  }
  return value.base.kind === 'pending'
    ? [clamped(value, lowest, highest)]
    : compiling.refuse('reads the image');
};

function clamped(value: Moving, lowest: number, highest: number): Moving {
  const { base } = value;
  if (base.kind !== 'pending') return value;
  const limits = { lowest: Math.max(base.lowest, lowest), highest: Math.min(base.highest, highest) };
  // Floats that stay floats are not clamped: nothing that was exported ends so.
  return { ...value, base: { ...base, ...limits, leaveFloats: null } };
}

function mapped(base: CurveBase, curve: Curve): CurveBase {
  return { ...base, values: base.values.map(curve), isPlain: false };
}

export const pairwise: Operator = (compiling) => {
  const operator = compiling.node.operator as PairOperator;
  if (compiling.inputs.length !== 2) return compiling.refuse('joins other than two values');
  const [a, b] = [compiling.value(0), compiling.value(1)];
  if (isMoving(a) && isMoving(b))
    return [ofTwo(compiling, operator, curveOf(compiling, a), curveOf(compiling, b))];
  if (isMoving(a))
    return [
      withConstant(compiling, curveOf(compiling, a), constantOf(compiling, b), (x, c) =>
        applied(operator, x, c),
      ),
    ];
  if (isMoving(b))
    return [
      withConstant(compiling, curveOf(compiling, b), constantOf(compiling, a), (x, c) =>
        applied(operator, c, x),
      ),
    ];
  return compiling.refuse('joins two constants');
};

function curveOf(compiling: Compiling, value: Moving): Moving<CurveBase> {
  return isCurve(value) ? value : compiling.refuse('reads floats that were never quantized');
}

/** A constant of the file, or integers that stand for one. */
function constantOf(compiling: Compiling, { base }: Value): ConstantTensor {
  if (base.kind === 'constant') return base.tensor;
  if (base.kind !== 'integers' || base.scales.length !== 1)
    return compiling.refuse('joins constants with a scale a channel');
  const { tensor, scales, zeroPoints } = base;
  const data = Float32Array.from(tensor.data, (value) => (value - zeroPoints[0]!) * scales[0]!);
  return { type: 'float', shape: tensor.shape, data };
}

function withConstant(
  compiling: Compiling,
  value: Moving<CurveBase>,
  { shape, data }: ConstantTensor,
  combine: (x: number, constant: number) => number,
): Moving {
  if (data.length === 1) return { ...value, base: mapped(value.base, (x) => combine(x, data[0]!)) };
  // One a channel: as many tables, for values that lie as they are stored.
  const [channels = 0] = value.shape;
  const own = shape.slice(-value.shape.length);
  const isPerChannel = own[0] === channels && data.length === channels && own.length === value.shape.length;
  if (!isPerChannel) {
    return compiling.refuse('joins a constant that is neither one number nor one a channel');
  }
  if (!isStored(value)) {
    if (value.base.values.length > 256) return compiling.refuse('joins values that differ by channel');
    return withConstant(compiling, inItsOrder(compiling, value), { type: 'float', shape, data }, combine);
  }
  const { values } = value.base;
  const tables = new Float32Array(channels * 256);
  for (let i = 0; i < tables.length; i++) {
    tables[i] = combine(values[values.length === 256 ? i & 255 : i]!, data[i >> 8]!);
  }
  return { ...value, base: { ...value.base, values: tables, isPlain: false } };
}

/** What lies in another order than it would be stored in (parts of a Concat): put in that order. */
function inItsOrder({ plan }: Compiling, value: Moving<CurveBase>): Moving<CurveBase> {
  const { base, shape } = value;
  const of = { ...base.of, address: storedBytes(plan, value) };
  return { base: { ...base, of }, shape, places: channelLast(shape) };
}

function isStored({ places, shape }: Moving): boolean {
  const stored = inStoredOrder(places, shape);
  return isRun(stored) && stored[0] === 0;
}

function ofTwo(
  compiling: Compiling,
  operator: PairOperator,
  a: Moving<CurveBase>,
  b: Moving<CurveBase>,
): Moving {
  const isSame =
    a.base.of === b.base.of &&
    a.places.length === b.places.length &&
    a.places.every((place, i) => place === b.places[i]);
  if (a.base.values.length > 256 || b.base.values.length > 256)
    compiling.refuse('joins values that differ by channel');
  if (isSame) {
    const values = a.base.values.map((value, byte) => applied(operator, value, b.base.values[byte]!));
    return { ...a, base: { ...a.base, values, isPlain: false } };
  }
  const shape = broadcastShape(a.shape, b.shape, compiling.name);
  const [inputA, inputB] = [a, b].map((value) => addresses(value, shape)) as [
    number | Int32Array,
    number | Int32Array,
  ];
  const rule = ruleOf(operator, a.base, b.base);
  const count = sizeOf(shape);
  const base = pending(compiling.name, (levels, limits) => {
    const output = compiling.plan.allocate(count);
    const options = { output, count, a: inputA, b: inputB, levels, limits };
    compiling.plan.add((kernel) => new Pair(kernel, options, rule));
    return output;
  });
  return { base, shape, places: channelLast(shape) };
}

function ruleOf(operator: PairOperator, a: CurveBase, b: CurveBase): PairRule {
  if (a.isPlain && b.isPlain) {
    if (operator === 'Add') return { kind: 'add', a: a.of.levels, b: b.of.levels };
    if (operator === 'Mul') return { kind: 'multiply', a: a.of.levels, b: b.of.levels };
  }
  return { kind: 'floats', a: a.values, b: b.values, operator };
}

function addresses({ base, shape, places }: Moving<CurveBase>, to: readonly number[]): number | Int32Array {
  const stored = inStoredOrder(broadcastPlaces(places, shape, to), to);
  const { address } = base.of;
  return isRun(stored) ? address + stored[0]! : stored.map((place) => address + place);
}
