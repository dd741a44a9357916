/** Two bytes to one, all along two tensors: what Add and Mul become. */
import { fusedMultiplyAdd, type Levels, roundToEven } from '../arithmetic.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Step } from '../plan.ts';
import type { Limits } from '../values.ts';

export interface PairOptions {
  readonly output: number;
  readonly count: number;
  /** Addresses of the bytes, or the first of so many that follow each other. */
  readonly a: number | Int32Array;
  readonly b: number | Int32Array;
  readonly levels: Levels;
  readonly limits: Limits;
}

/** A rounding of its own for each pair of operators: as runtimes with integer kernels do it. */
export type PairRule =
  | { readonly kind: 'add'; readonly a: Levels; readonly b: Levels }
  | { readonly kind: 'multiply'; readonly a: Levels; readonly b: Levels }
  /** Any other: floats of both bytes, and what is done with them, rounded once. */
  | {
      readonly kind: 'floats';
      readonly a: Float32Array;
      readonly b: Float32Array;
      readonly operator: PairOperator;
    };

export type PairOperator = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min';

export class Pair implements Step {
  readonly #bytes: Uint8Array;
  readonly #options: PairOptions;
  readonly #combine: Combine;

  constructor({ memory }: Kernel, options: PairOptions, rule: PairRule) {
    this.#bytes = memory.bytes;
    this.#options = options;
    this.#combine = combineBy(rule, options.levels);
  }

  run(): void {
    const { output, count, a, b, limits } = this.#options;
    const bytes = this.#bytes;
    const combine = this.#combine;
    for (let i = 0; i < count; i++) {
      const left = bytes[typeof a === 'number' ? a + i : a[i]!]!;
      const right = bytes[typeof b === 'number' ? b + i : b[i]!]!;
      const level = combine.level(left, right);
      bytes[output + i] =
        level < limits.lowest ? limits.lowest : level > limits.highest ? limits.highest : level;
    }
  }
}

interface Combine {
  /** A whole number that may lie beyond a byte. */
  level(a: number, b: number): number;
}

function combineBy(rule: PairRule, levels: Levels): Combine {
  if (rule.kind === 'add') return new Sum(rule.a, rule.b, levels);
  if (rule.kind === 'multiply') return new Product(rule.a, rule.b, levels);
  return new OfFloats(rule.a, rule.b, rule.operator, levels);
}

/** Both in steps of the result's scale, its zero point included, one multiply-add each. */
class Sum implements Combine {
  readonly #ratio: number;
  /** What the second byte and all zero points come to. */
  readonly #rest = new Float32Array(256);

  constructor(a: Levels, b: Levels, { scale, zeroPoint }: Levels) {
    this.#ratio = Math.fround(a.scale / scale);
    const ratio = Math.fround(b.scale / scale);
    const zeroPoints = fusedMultiplyAdd(this.#ratio, a.zeroPoint, Math.fround(ratio * b.zeroPoint));
    const fixed = Math.fround(zeroPoint - zeroPoints);
    for (let byte = 0; byte < 256; byte++) this.#rest[byte] = fusedMultiplyAdd(byte, ratio, fixed);
  }

  level(a: number, b: number): number {
    return roundToEven(Math.fround(a * this.#ratio + this.#rest[b]!));
  }
}

class Product implements Combine {
  readonly #ratio: number;
  readonly #a: number;
  readonly #b: number;
  readonly #zeroPoint: number;

  constructor(a: Levels, b: Levels, { scale, zeroPoint }: Levels) {
    this.#ratio = Math.fround(Math.fround(a.scale * b.scale) / scale);
    this.#a = a.zeroPoint;
    this.#b = b.zeroPoint;
    this.#zeroPoint = zeroPoint;
  }

  level(a: number, b: number): number {
    const product = Math.fround((a - this.#a) * (b - this.#b) * this.#ratio);
    return roundToEven(Math.fround(product + this.#zeroPoint));
  }
}

class OfFloats implements Combine {
  readonly #a: Float32Array;
  readonly #b: Float32Array;
  readonly #operator: PairOperator;
  readonly #levels: Levels;

  constructor(a: Float32Array, b: Float32Array, operator: PairOperator, levels: Levels) {
    this.#a = a;
    this.#b = b;
    this.#operator = operator;
    this.#levels = levels;
  }

  level(a: number, b: number): number {
    const { scale, zeroPoint } = this.#levels;
    const value = Math.fround(applied(this.#operator, this.#a[a]!, this.#b[b]!) / scale);
    return roundToEven(Math.max(-zeroPoint, Math.min(255 - zeroPoint, value))) + zeroPoint;
  }
}

/** One operator on two 32-bit floats. */
export function applied(operator: PairOperator, a: number, b: number): number {
  switch (operator) {
    case 'Add':
      return Math.fround(a + b);
    case 'Sub':
      return Math.fround(a - b);
    case 'Mul':
      return Math.fround(a * b);
    case 'Div':
      return Math.fround(a / b);
    case 'Max':
      return Math.max(a, b);
    case 'Min':
      return Math.min(a, b);
  }
}
