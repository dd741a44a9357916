/** Conv, Gemm and MatMul: sums of products of bytes. */
import { channelLast, inOrder, inStoredOrder } from '../layout.ts';
import { sizeOf } from '../shapes.ts';
import { CopyRows } from '../steps/lookup.ts';
import type { CurveBase, IntegersBase, Moving, Value } from '../values.ts';
import { type Compiling, gathered, storedBytes } from './operator.ts';
import { outputLength, type Sliding, slidingOf } from './sliding.ts';
import { plannedSums, type Window } from './sums.ts';
import { type ByteWeights, byteWeights, expandedGroups } from './weights.ts';

export function convolution(compiling: Compiling): Value[] {
  const input = compiling.plain(0);
  const integers = compiling.integers(1);
  const [outputs = 0, depth = 0, ...kernelShape] = integers.tensor.shape;
  const sliding = slidingOf(compiling, input.shape, compiling.numbers('kernel_shape', kernelShape));
  const { channels, kernel } = sliding;
  const group = compiling.number('group', 1);
  if (depth * group !== channels) compiling.refuse(`reads ${depth * group} channels of ${channels}`);
  const weights = byteWeights(compiling, integers, outputs, 0);
  const isDepthwise = group === channels && outputs === channels && channels > 1;
  const window = windowOf(compiling, input, sliding, isDepthwise);
  const whole = isDepthwise || group === 1 ? weights : expandedGroups(weights, group);
  const taps = kernel[0] * kernel[1];
  const ordered = isDepthwise ? whole : channelsInside(whole, channels, taps);
  const base = plannedSums(compiling, {
    window,
    weights: ordered,
    isDepthwise,
    levels: input.base.of.levels,
  });
  const [height, width] = [outputLength(sliding, 0), outputLength(sliding, 1)];
  const shape = input.shape.length === 2 ? [outputs, width] : [outputs, height, width];
  return [{ base, shape, places: channelLast(shape) }];
}

/** Weights of ONNX's order, channels outside their taps, in the order in which bytes lie in a window. */
function channelsInside(weights: ByteWeights, channels: number, taps: number): ByteWeights {
  const values = new Uint8Array(weights.values.length);
  for (let output = 0; output < weights.outputs; output++) {
    const row = output * channels * taps;
    for (let c = 0; c < channels; c++)
      for (let tap = 0; tap < taps; tap++)
        values[row + tap * channels + c] = weights.values[row + c * taps + tap]!;
  }
  return { ...weights, values };
}

/** Where the windows lie: in a copy with a frame of zeros where there is padding. */
function windowOf(
  compiling: Compiling,
  input: Moving<CurveBase>,
  sliding: Sliding,
  isDepthwise: boolean,
): Window {
  const { channels, height, width, kernel, stride, dilation, pads } = sliding;
  const { plan } = compiling;
  let first = storedBytes(plan, input);
  let rowBytes = width * channels;
  if (pads.some((pad) => pad > 0)) {
    const unframed = first;
    rowBytes = (pads[1] + width + pads[3]) * channels;
    const frame = new Uint8Array((pads[0] + height + pads[2]) * rowBytes).fill(
      input.base.of.levels.zeroPoint,
    );
    first = plan.place(frame);
    const output = first + pads[0] * rowBytes + pads[1] * channels;
    const rows = { input: unframed, output, rows: height, length: width * channels, rowStep: rowBytes };
    plan.add((made) => new CopyRows(made, rows));
  }
  // Taps of a row follow each other, unless they have gaps or each channel is on its own.
  const together = dilation[1] === 1 && !isDepthwise;
  const segments: number[] = [];
  for (let row = 0; row < kernel[0]; row++)
    for (let column = 0; column < (together ? 1 : kernel[1]); column++)
      segments.push(row * dilation[0] * rowBytes + column * dilation[1] * channels);
  const [rows, pixels] = [outputLength(sliding, 0), outputLength(sliding, 1)];
  const rowStep = stride[0] * rowBytes;
  const pixelStep = stride[1] * channels;
  const segmentBytes = together ? kernel[1] * channels : channels;
  const line = { input: first, segments, segmentBytes, pixelStep };
  // Rows that follow each other without a gap are one long row: pixels are computed in pairs.
  const isLine = rowStep === pixels * pixelStep;
  return isLine
    ? { ...line, rows: 1, pixels: rows * pixels, rowStep: 0 }
    : { ...line, rows, pixels, rowStep };
}

export function gemm(compiling: Compiling): Value[] {
  if (compiling.number('alpha', 1) !== 1 || compiling.number('beta', 1) !== 1)
    compiling.refuse('scales its sum');
  if (compiling.number('transA', 0) !== 0) compiling.refuse('transposes its input');
  const input = compiling.plain(0);
  if (input.shape.length !== 1) compiling.refuse('multiplies more than one row a beat');
  return dense(compiling, input, compiling.number('transB', 0) === 1);
}

/** The last axis by a matrix, row by row. */
export function matMul(compiling: Compiling): Value[] {
  return dense(compiling, compiling.plain(0), false);
}

function dense(compiling: Compiling, input: Moving<CurveBase>, isTransposed: boolean): Value[] {
  const integers: IntegersBase = compiling.integers(1);
  const [rows = 0, columns = 0] = integers.tensor.shape;
  const [outputs, depth] = isTransposed ? [rows, columns] : [columns, rows];
  if (integers.tensor.shape.length !== 2 || input.shape.at(-1) !== depth) {
    compiling.refuse(`multiplies ${input.shape.join(' x ')} by ${integers.tensor.shape.join(' x ')}`);
  }
  const weights = byteWeights(compiling, integers, outputs, isTransposed ? 0 : 1);
  const pixels = sizeOf(input.shape) / depth;
  const places = input.shape.length === 1 ? inStoredOrder(input.places, input.shape) : input.places;
  const address = gathered(compiling.plan, input.base.of, places);
  const window = {
    input: address,
    segments: [0],
    segmentBytes: depth,
    rows: 1,
    rowStep: 0,
    pixels,
    pixelStep: depth,
  };
  const { levels } = input.base.of;
  const base = plannedSums(compiling, { window, weights, isDepthwise: false, levels });
  const shape = [...input.shape.slice(0, -1), outputs];
  return [{ base, shape, places: inOrder(shape) }];
}
