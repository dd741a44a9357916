/**
 * 8-bit numbers: activations of one scale and zero point a tensor, weights of one scale a channel, as many levels on
 * either side of zero. Both lie in the file as unsigned bytes: with signed activations onnxruntime falls back to float
 * kernels here and there, and with signed weights its sums are wrong on some processors (`unsignedWeights`).
 */
import type { FoldedLayer, FoldedNetwork } from './folded.ts';

export interface ActivationScale {
  readonly scale: number;
  /** The byte that means zero. */
  readonly zeroPoint: number;
}

/** Scales by the name of the folded layer whose output they represent. */
export type QuantizationPlan = ReadonlyMap<string, ActivationScale>;

/** Layers that only move numbers keep the scale of their input. */
export function keepsScale({ layer }: FoldedLayer): boolean {
  return layer.kind === 'maxPool' || layer.kind === 'reshape' || layer.kind === 'dropout';
}

/** The image stays float where a network takes it apart first: its planes have scales of their own. */
export function isQuantized(folded: FoldedLayer, { layers }: FoldedNetwork): boolean {
  if (folded.layer.kind !== 'input') return true;
  return layers.some(({ layer, inputs }) => inputs.includes(folded) && layer.kind !== 'take');
}

/** Logits stay the sums that they are, but those of several layers: put together they are bytes of one scale. */
export function isQuantizedLast({ layer }: FoldedLayer): boolean {
  return layer.kind === 'concat';
}

/** The scale that spans [min, max], zero always among its values. */
export function scaleFor(min: number, max: number): ActivationScale {
  const low = Math.min(0, min);
  const high = Math.max(0, max, low + 1e-6);
  const scale = (high - low) / 255;
  return { scale: Math.fround(scale), zeroPoint: Math.max(0, Math.min(255, Math.round(-low / scale))) };
}

export interface QuantizedWeight {
  readonly values: Int8Array;
  /** One a channel. */
  readonly scales: Float32Array;
}

/** Scales of weights by the name of their layer, where they are not the largest weight's. */
export type WeightScales = ReadonlyMap<string, Float32Array>;

/** Levels of a signed byte on either side of zero. */
export const LEVELS_OF_8_BITS = 127;

/** Symmetric: one scale a channel, its largest weight is the last level. */
export function weightScales(
  weight: Float32Array,
  channels: number,
  levels = LEVELS_OF_8_BITS,
): Float32Array {
  const size = weight.length / channels;
  return Float32Array.from({ length: channels }, (_, c) => {
    let largest = 0;
    for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(weight[c * size + i]!));
    return largest === 0 ? 1 : largest / levels;
  });
}

export function quantizeWeight(
  weight: Float32Array,
  channels: number,
  scales = weightScales(weight, channels),
): QuantizedWeight {
  const size = weight.length / channels;
  const values = Int8Array.from(weight, (value, i) => {
    const steps = stepsOf(value, scales[Math.floor(i / size)]!);
    return Math.max(-LEVELS_OF_8_BITS, Math.min(LEVELS_OF_8_BITS, steps));
  });
  return { values, scales };
}

/** How weights lie in the file, as rows tell it: sizes measured before they did are of signed bytes. */
export const WEIGHT_BYTES = 'unsigned';
/** The byte that means a weight of zero. */
export const WEIGHT_ZERO_POINT = 128;

/**
 * As they lie in the file. On x86-64 with AVX2 and without VNNI the runtime multiplies unsigned by signed bytes with
 * `vpmaddubsw`, which adds two products in 16 bits and saturates: EfficientNetB0 answered 13.6 % of the beats of new
 * patients otherwise there. Unsigned by unsigned is added in 32 bits by every kernel, on every processor.
 */
export function unsignedWeights(values: Int8Array): Uint8Array {
  return Uint8Array.from(values, (value) => value + WEIGHT_ZERO_POINT);
}

/** 32-bit, in units of input scale times weight scale. */
export function quantizeBias(bias: Float32Array, inputScale: number, weightScales: Float32Array): Int32Array {
  return Int32Array.from(bias, (value, c) => stepsOf(value, Math.fround(inputScale * weightScales[c]!)));
}

/** As a graph of floats divides and rounds: of a million weights some lie that near to a half. */
function stepsOf(value: number, step: number): number {
  return nearestEven(Math.fround(value / step));
}

/** The nearest whole number; of two the even one, as ONNX's Round has it and not JavaScript's. */
export function nearestEven(value: number): number {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}
