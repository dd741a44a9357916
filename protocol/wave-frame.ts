/**
 * Binary waveform frames of the WebSocket, little-endian, one lead each. Used by the daemon to write
 * and by the page to read; pure, so that both and the tests share it.
 *
 * | offset | type | what |
 * |---|---|---|
 * | 0 | u8 | type: 1 waveform |
 * | 1 | u8 | lead |
 * | 2 | u16 | count of samples |
 * | 4 | u32 | index of the first sample, low word |
 * | 8 | u32 | index of the first sample, high word |
 * | 12 | f32 | microvolts per unit |
 * | 16 | i16 x count | samples; -32768 is a sample without a value |
 */
const WAVE_FRAME_TYPE = 1;
export const WAVE_HEADER_BYTES = 16;
export const WAVE_MAX_SAMPLES = 0xffff;
const NO_VALUE = -32768;
const LARGEST = 32767;

export interface WaveFrame {
  readonly lead: number;
  readonly first: number;
  /** Millivolts; NaN where a sample has no value. */
  readonly samples: Float32Array;
}

/**
 * One microvolt a unit where the samples fit (up to 32.767 mV, well beyond any surface ECG); a coarser unit
 * for electrode offsets of hundreds of millivolts.
 */
export function encodeWaveFrame(
  lead: number,
  first: number,
  millivolts: Float32Array,
  count: number,
): Uint8Array<ArrayBuffer> {
  if (count > WAVE_MAX_SAMPLES) throw new RangeError(`a waveform frame holds ${WAVE_MAX_SAMPLES} samples`);
  let peak = 0;
  for (let i = 0; i < count; i++) {
    const magnitude = Math.abs(millivolts[i]!);
    if (magnitude > peak && magnitude < Infinity) peak = magnitude;
  }
  const microvoltsPerUnit = Math.fround(Math.max(1, (peak * 1000 * 1.000001) / LARGEST));
  const bytes = new Uint8Array(WAVE_HEADER_BYTES + 2 * count);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, WAVE_FRAME_TYPE);
  view.setUint8(1, lead);
  view.setUint16(2, count, true);
  view.setUint32(4, first % 2 ** 32, true);
  view.setUint32(8, Math.floor(first / 2 ** 32), true);
  view.setFloat32(12, microvoltsPerUnit, true);
  const unitsPerMillivolt = 1000 / microvoltsPerUnit;
  for (let i = 0; i < count; i++) {
    const value = millivolts[i]!;
    view.setInt16(
      WAVE_HEADER_BYTES + 2 * i,
      Number.isFinite(value) ? Math.round(value * unitsPerMillivolt) : NO_VALUE,
      true,
    );
  }
  return bytes;
}

/** @returns null for a frame of another type or one that is not as long as it says. */
export function decodeWaveFrame(data: ArrayBuffer): WaveFrame | null {
  if (data.byteLength < WAVE_HEADER_BYTES) return null;
  const view = new DataView(data);
  const count = view.getUint16(2, true);
  if (view.getUint8(0) !== WAVE_FRAME_TYPE || data.byteLength !== WAVE_HEADER_BYTES + 2 * count) return null;
  const millivoltsPerUnit = view.getFloat32(12, true) / 1000;
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const unit = view.getInt16(WAVE_HEADER_BYTES + 2 * i, true);
    samples[i] = unit === NO_VALUE ? Number.NaN : unit * millivoltsPerUnit;
  }
  return {
    lead: view.getUint8(1),
    first: view.getUint32(4, true) + view.getUint32(8, true) * 2 ** 32,
    samples,
  };
}
