/** What every operator is compiled by: from its inputs to what its outputs stand for, planning steps on the way. */
import type { Levels } from '../arithmetic.ts';
import { inStoredOrder, isRun, type Places } from '../layout.ts';
import type { AttributeValue, ConstantTensor, OnnxNode } from '../onnx/graph.ts';
import type { Plan } from '../plan.ts';
import { unsupported } from '../shapes.ts';
import { Lookup } from '../steps/lookup.ts';
import {
  type Bytes,
  type CurveBase,
  type IntegersBase,
  isCurve,
  isMoving,
  type Moving,
  type PendingBase,
  type Value,
} from '../values.ts';

/** An operator of the graph while it is compiled. */
export class Compiling {
  readonly node: OnnxNode;
  readonly plan: Plan;
  readonly inputs: readonly (Value | null)[];

  constructor(node: OnnxNode, plan: Plan, inputs: readonly (Value | null)[]) {
    this.node = node;
    this.plan = plan;
    this.inputs = inputs;
  }

  /** As an error calls it. */
  get name(): string {
    return `${this.node.operator} "${this.node.name}"`;
  }

  refuse(why: string): never {
    throw unsupported(`${this.name} ${why}`);
  }

  value(index: number): Value {
    return this.inputs[index] ?? this.refuse(`has no input ${index}`);
  }

  moving(index: number): Moving {
    const value = this.value(index);
    return isMoving(value) ? value : this.refuse('reads constants where values are expected');
  }

  /** Bytes that stand for numbers by a scale alone: where integers are summed. */
  plain(index: number): Moving<CurveBase> {
    const value = this.moving(index);
    if (isCurve(value) && value.base.isPlain) return value;
    return this.refuse('reads floats, not the 8-bit integers of a QuantizeLinear');
  }

  constant(index: number): ConstantTensor {
    const value = this.value(index);
    return value.base.kind === 'constant'
      ? value.base.tensor
      : this.refuse(`needs a constant as input ${index}`);
  }

  /** Null: the input is left out. */
  optionalConstant(index: number): ConstantTensor | null {
    return (this.inputs[index] ?? null) === null ? null : this.constant(index);
  }

  integers(index: number): IntegersBase {
    const value = this.value(index);
    return value.base.kind === 'integers'
      ? value.base
      : this.refuse('has parameters in floats, not in integers');
  }

  number(name: string, otherwise: number): number {
    const value = this.node.attributes.get(name);
    return typeof value === 'number' ? value : otherwise;
  }

  numbers(name: string, otherwise: readonly number[]): readonly number[] {
    const value: AttributeValue | undefined = this.node.attributes.get(name);
    return Array.isArray(value) ? (value as readonly number[]) : otherwise;
  }

  text(name: string, otherwise: string): string {
    const value = this.node.attributes.get(name);
    return typeof value === 'string' ? value : otherwise;
  }
}

/** One value for each output of the node. */
export type Operator = (compiling: Compiling) => Value[];

/** The address of values that follow each other: where they are, or where a step will gather them. */
export function gathered(plan: Plan, { address }: Bytes, places: Places): number {
  if (isRun(places)) return address + (places[0] ?? 0);
  const output = plan.allocate(places.length);
  const input = places.map((place) => address + place);
  plan.add((kernel) => new Lookup(kernel, { output, count: input.length, input, table: null }));
  return output;
}

/** The address of a tensor's bytes, channels last. */
export function storedBytes(plan: Plan, { base, shape, places }: Moving<CurveBase>): number {
  return gathered(plan, base.of, inStoredOrder(places, shape));
}

/** The numbers that 256 bytes stand for. */
export function plainCurve(of: Bytes): CurveBase {
  const { scale, zeroPoint } = of.levels;
  const values = Float32Array.from({ length: 256 }, (_, byte) => (byte - zeroPoint) * scale);
  return { kind: 'curve', of, values, isPlain: true };
}

/** @param what the operator, for errors */
export function pending(
  what: string,
  quantize: PendingBase['quantize'],
  leaveFloats: PendingBase['leaveFloats'] = null,
): PendingBase {
  const [lowest, highest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return { kind: 'pending', what, lowest, highest, quantize, leaveFloats };
}

export function sameLevels(a: Levels, b: Levels): boolean {
  return a.scale === b.scale && a.zeroPoint === b.zeroPoint;
}
