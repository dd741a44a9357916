/**
 * Where the values of a tensor lie. Shapes are those of one beat: the batch is left out. Bytes are stored channel last, so
 * that what a convolution reads at once lies side by side; moving values about (slice, reshape, transpose) only changes
 * the list of places, until something needs them in order.
 */
import { sizeOf } from './shapes.ts';

/** For each value in ONNX's order (last axis fastest): its place in what is stored. */
export type Places = Int32Array;

/** How a tensor of its own is stored: the first axis, the channels, last. */
export function channelLast(shape: readonly number[]): Places {
  const [channels = 1] = shape;
  const pixels = sizeOf(shape) / channels;
  const places = new Int32Array(channels * pixels);
  for (let c = 0; c < channels; c++)
    for (let p = 0; p < pixels; p++) places[c * pixels + p] = p * channels + c;
  return places;
}

/** As ONNX counts: the image that is handed in. */
export function inOrder(shape: readonly number[]): Places {
  return Int32Array.from({ length: sizeOf(shape) }, (_, i) => i);
}

/** The places of a tensor in the order in which it would be stored itself. */
export function inStoredOrder(places: Places, shape: readonly number[]): Places {
  const order = channelLast(shape);
  const stored = new Int32Array(places.length);
  for (let i = 0; i < places.length; i++) stored[order[i]!] = places[i]!;
  return stored;
}

/** Whether places follow each other. */
export function isRun(places: Places): boolean {
  for (let i = 1; i < places.length; i++) if (places[i] !== places[i - 1]! + 1) return false;
  return true;
}

export interface Bounds {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

export function slicePlaces(places: Places, shape: readonly number[], bounds: readonly Bounds[]): Places {
  const strides = stridesOf(shape);
  const result = new Int32Array(sizeOf(bounds.map(({ count }) => count)));
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < result.length; i++) {
    let from = 0;
    for (const [axis, { start, step }] of bounds.entries())
      from += strides[axis]! * (start + step * index[axis]!);
    result[i] = places[from]!;
    advance(
      index,
      bounds.map(({ count }) => count),
    );
  }
  return result;
}

/** @param order axis of the input for each axis of the output */
export function transposePlaces(places: Places, shape: readonly number[], order: readonly number[]): Places {
  const strides = stridesOf(shape);
  const target = order.map((axis) => shape[axis]!);
  const result = new Int32Array(places.length);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < result.length; i++) {
    let from = 0;
    for (const [k, axis] of order.entries()) from += strides[axis]! * index[k]!;
    result[i] = places[from]!;
    advance(index, target);
  }
  return result;
}

/** The places of a smaller tensor repeated along axes of length 1, as ONNX broadcasts. */
export function broadcastPlaces(places: Places, from: readonly number[], to: readonly number[]): Places {
  const padded = [...new Array<number>(to.length - from.length).fill(1), ...from];
  const strides = stridesOf(padded).map((stride, axis) => (padded[axis] === 1 ? 0 : stride));
  const result = new Int32Array(sizeOf(to));
  const index = new Array<number>(to.length).fill(0);
  for (let i = 0; i < result.length; i++) {
    result[i] = places[index.reduce((sum, value, axis) => sum + value * strides[axis]!, 0)]!;
    advance(index, to);
  }
  return result;
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** Counts on, the last axis fastest. */
function advance(index: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis]!++;
    if (index[axis]! < shape[axis]!) return;
    index[axis] = 0;
  }
}
