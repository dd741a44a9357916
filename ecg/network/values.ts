/** What a name in the graph stands for while it is compiled. */
import type { Levels } from './arithmetic.ts';
import type { Places } from './layout.ts';
import type { ConstantTensor } from './onnx/graph.ts';

/** Bytes in the executor's memory. */
export interface Bytes {
  readonly address: number;
  readonly levels: Levels;
}

/** The beat as it is handed in. */
export interface ImageBase {
  readonly kind: 'image';
}

/** Bytes themselves: what a QuantizeLinear made. */
export interface BytesBase {
  readonly kind: 'bytes';
  readonly bytes: Bytes;
}

/**
 * Floats that are a function of one byte: what DequantizeLinear makes of it, and any activation of that. They are never
 * computed, only tabulated.
 */
export interface CurveBase {
  readonly kind: 'curve';
  readonly of: Bytes;
  /** 256 values, one a byte; or 256 for each channel of the innermost axis that bytes are stored by. */
  readonly values: Float32Array;
  /** Nothing but DequantizeLinear was done: where integers can be summed. */
  readonly isPlain: boolean;
}

/** Floats that become bytes as soon as it is known which: sums, means, what several inputs make together. */
export interface PendingBase {
  readonly kind: 'pending';
  /** The operator, for errors. */
  readonly what: string;
  /** What activations leave of the range. */
  readonly lowest: number;
  readonly highest: number;
  /** Plans the steps that make bytes of it. @returns their address */
  readonly quantize: (levels: Levels, limits: Limits) => number;
  /** Plans the steps that leave floats; null where only bytes can be made. @returns their address */
  readonly leaveFloats: (() => number) | null;
}

export interface Limits {
  /** In levels, 0 to 255. */
  readonly lowest: number;
  readonly highest: number;
}

/** Numbers known from the start. */
export interface ConstantBase {
  readonly kind: 'constant';
  readonly tensor: ConstantTensor;
}

/** Integers of the file that stand for numbers: weights and biases. */
export interface IntegersBase {
  readonly kind: 'integers';
  readonly tensor: ConstantTensor;
  /** One, or one for each index of the axis. */
  readonly scales: Float32Array;
  readonly zeroPoints: Int32Array;
  readonly axis: number;
}

export type MovingBase = ImageBase | BytesBase | CurveBase | PendingBase;

/** Values that differ from beat to beat. */
export interface Moving<Base extends MovingBase = MovingBase> {
  readonly base: Base;
  /** The shape that one beat has, without the batch. */
  readonly shape: readonly number[];
  readonly places: Places;
}

export type Value = Moving | { readonly base: ConstantBase | IntegersBase };

export function isMoving(value: Value): value is Moving {
  return value.base.kind !== 'constant' && value.base.kind !== 'integers';
}

export function isCurve(value: Value): value is Moving<CurveBase> {
  return value.base.kind === 'curve';
}
