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
  const places = new Int32Array(sizeOf(shape));
  for (let i = 0; i < places.length; i++) places[i] = i;
  return places;
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
  const first = bounds.reduce((sum, { start }, axis) => sum + strides[axis]! * start, 0);
  const counts = bounds.map(({ count }) => count);
  const steps = bounds.map(({ step }, axis) => strides[axis]! * step);
  return walked(places, first, counts, steps);
}

/** @param order axis of the input for each axis of the output */
export function transposePlaces(places: Places, shape: readonly number[], order: readonly number[]): Places {
  const strides = stridesOf(shape);
  const counts = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  return walked(places, 0, counts, steps);
}

/** The places of a smaller tensor repeated along axes of length 1, as ONNX broadcasts. */
export function broadcastPlaces(places: Places, from: readonly number[], to: readonly number[]): Places {
  const padded = [...new Array<number>(to.length - from.length).fill(1), ...from];
  const steps = stridesOf(padded).map((stride, axis) => (padded[axis] === 1 ? 0 : stride));
  return walked(places, 0, to, steps);
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/**
 * What is met on a walk through places, the last axis fastest. It is done hundreds of times while a model is opened, by an
 * engine that has compiled nothing yet: so axes that follow each other in memory are walked as one, and a run is copied whole.
 * @param counts of each axis; @param steps how far one on it is
 */
function walked(places: Places, first: number, counts: readonly number[], steps: readonly number[]): Places {
  const result = new Int32Array(sizeOf(counts));
  const axes = mergedAxes(counts, steps);
  let filled = 0;
  const walk = (axis: number, start: number): void => {
    const { count, step } = axes[axis]!;
    if (axis < axes.length - 1) {
      for (let i = 0; i < count; i++) walk(axis + 1, start + i * step);
    } else if (step === 1) {
      result.set(places.subarray(start, start + count), filled);
      filled += count;
    } else {
      for (let i = 0; i < count; i++) result[filled++] = places[start + i * step]!;
    }
  };
  if (result.length > 0) walk(0, first);
  return result;
}

interface Axis {
  readonly count: number;
  readonly step: number;
}

function mergedAxes(counts: readonly number[], steps: readonly number[]): readonly Axis[] {
  const axes: Axis[] = [];
  for (const [i, count] of counts.entries()) {
    const step = steps[i]!;
    const before = axes.at(-1);
    if (before?.step === count * step) axes[axes.length - 1] = { count: before.count * count, step };
    else axes.push({ count, step });
  }
  return axes.length === 0 ? [{ count: 1, step: 1 }] : axes;
}
