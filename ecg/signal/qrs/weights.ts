import { LEAD_WEIGHTS } from './weight-table.ts';

let shipped: Float32Array | null = null;

/** The weights the detector ships with; docs/detector.md says how they were learned. */
export function shippedWeights(): Float32Array {
  shipped ??= decodeWeights(LEAD_WEIGHTS);
  return shipped;
}

/** 32-bit floats, little-endian, in base64. */
export function decodeWeights(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
