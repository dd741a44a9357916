/**
 * 8-bit numbers: unsigned activations (one scale and zero point a tensor), signed weights (one scale a channel,
 * zero point 0). Any other choice makes onnxruntime fall back to float kernels here and there.
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

/** Symmetric, scale = max|w| / 127. */
export function quantizeWeight(weight: Float32Array, channels: number): QuantizedWeight {
  const size = weight.length / channels;
  const scales = new Float32Array(channels);
  const values = new Int8Array(weight.length);
  for (let c = 0; c < channels; c++) {
    let largest = 0;
    for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(weight[c * size + i]!));
    scales[c] = largest === 0 ? 1 : largest / 127;
    for (let i = 0; i < size; i++) {
      const steps = Math.round(weight[c * size + i]! / scales[c]!);
      values[c * size + i] = Math.max(-127, Math.min(127, steps));
    }
  }
  return { values, scales };
}

/** 32-bit, in units of input scale times weight scale. */
export function quantizeBias(bias: Float32Array, inputScale: number, weightScales: Float32Array): Int32Array {
  return Int32Array.from(bias, (value, c) => Math.round(value / (inputScale * weightScales[c]!)));
}
