/** Windows that slide over an image, or along a line: an image of one row. */
import type { Compiling } from './operator.ts';

export interface Sliding {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [down: number, right: number];
  readonly dilation: readonly [down: number, right: number];
  readonly pads: readonly [above: number, left: number, below: number, right: number];
}

/** @param kernelShape of one or two axes */
export function slidingOf(
  compiling: Compiling,
  shape: readonly number[],
  kernelShape: readonly number[],
): Sliding {
  const isLine = shape.length === 2;
  if ((!isLine && shape.length !== 3) || kernelShape.length !== shape.length - 1) {
    return compiling.refuse(`slides over ${shape.length - 1} axes`);
  }
  const padding = compiling.text('auto_pad', 'NOTSET');
  if (padding !== 'NOTSET' && padding !== 'VALID') compiling.refuse(`pads by ${padding}`);
  const two = (values: readonly number[], first: number): [number, number] =>
    isLine ? [first, values[0]!] : [values[0]!, values[1]!];
  const ones = kernelShape.map(() => 1);
  const pads = compiling.numbers(
    'pads',
    [...ones, ...ones].map(() => 0),
  );
  const [above, left] = two(pads.slice(0, pads.length / 2), 0);
  const [below, right] = two(pads.slice(pads.length / 2), 0);
  const [height, width] = two(shape.slice(1), 1);
  return {
    channels: shape[0]!,
    height,
    width,
    kernel: two(kernelShape, 1),
    stride: two(compiling.numbers('strides', ones), 1),
    dilation: two(compiling.numbers('dilations', ones), 1),
    pads: [above, left, below, right],
  };
}

/** Places of the window along an axis. */
export function outputLength(
  { height, width, kernel, stride, dilation, pads }: Sliding,
  axis: 0 | 1,
): number {
  const length = (axis === 0 ? height : width) + pads[axis] + pads[axis + 2]!;
  const window = (kernel[axis] - 1) * dilation[axis] + 1;
  return Math.floor((length - window) / stride[axis]) + 1;
}
