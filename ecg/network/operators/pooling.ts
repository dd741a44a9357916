/** MaxPool, AveragePool and GlobalAveragePool of bytes. */
import { channelLast } from '../layout.ts';
import { AveragePool, GlobalAverage, MaxPool, type PoolOptions } from '../steps/pooling.ts';
import type { CurveBase, Moving, Value } from '../values.ts';
import { type Compiling, pending, plainCurve, storedBytes } from './operator.ts';
import { outputLength, type Sliding, slidingOf } from './sliding.ts';

export function maxPool(compiling: Compiling): Value[] {
  const { plan } = compiling;
  const value = compiling.plain(0);
  const { shape, options } = pooling(compiling, value);
  const output = plan.allocate(channelLast(shape).length);
  plan.add((kernel) => new MaxPool(kernel, { ...options, output }));
  const base = plainCurve({ address: output, levels: value.base.of.levels });
  return [{ base, shape, places: channelLast(shape) }];
}

export function averagePool(compiling: Compiling): Value[] {
  const { plan } = compiling;
  const value = compiling.plain(0);
  const { shape, options } = pooling(compiling, value);
  const countsPadding = compiling.number('count_include_pad', 0) === 1;
  const places = channelLast(shape);
  const base = pending(compiling.name, (levels, limits) => {
    const output = plan.allocate(places.length);
    const averaging = { values: value.base.values, ...levels, limits, countsPadding };
    plan.add((kernel) => new AveragePool(kernel, { ...options, output }, averaging));
    return output;
  });
  return [{ base, shape, places }];
}

export function globalAveragePool(compiling: Compiling): Value[] {
  const { plan } = compiling;
  const value = compiling.plain(0);
  const [channels = 1, ...rest] = value.shape;
  const pixels = value.places.length / channels;
  const input = storedBytes(plan, value);
  const { scale, zeroPoint: inputZeroPoint } = value.base.of.levels;
  const base = pending(compiling.name, (levels, limits) => {
    const output = plan.allocate(channels);
    // As the runtime divides: by the number of pixels and the scale of the result together.
    const factor = Math.fround(scale / Math.fround(levels.scale * pixels));
    const { zeroPoint } = levels;
    const options = { input, output, channels, pixels, inputZeroPoint, factor, zeroPoint, limits };
    plan.add((kernel) => new GlobalAverage(kernel, options));
    return output;
  });
  const shape = [channels, ...rest.map(() => 1)];
  return [{ base, shape, places: channelLast(shape) }];
}

function pooling(
  compiling: Compiling,
  value: Moving<CurveBase>,
): { readonly shape: readonly number[]; readonly options: Omit<PoolOptions, 'output'> } {
  const kernelShape = compiling.numbers('kernel_shape', []);
  const sliding: Sliding = slidingOf(compiling, value.shape, kernelShape);
  if (sliding.dilation.some((step) => step !== 1)) compiling.refuse('has gaps in its window');
  if (compiling.number('ceil_mode', 0) !== 0) compiling.refuse('pools windows that are not whole');
  const { channels, height, width, kernel, stride, pads } = sliding;
  const [outputHeight, outputWidth] = [0, 1].map((axis) => outputLength(sliding, axis as 0 | 1)) as [
    number,
    number,
  ];
  const shape = value.shape.length === 2 ? [channels, outputWidth] : [channels, outputHeight, outputWidth];
  const input = storedBytes(compiling.plan, value);
  const options = { input, channels, height, width, outputHeight, outputWidth, kernel, stride };
  return { shape, options: { ...options, pads: [pads[0], pads[1]] } };
}
