/**
 * ResNet50 and ResNet101 (He et al. 2015), with the stride in the 3x3 convolution as every current
 * implementation has it.
 */
import { type Layer, type Network, NetworkBuilder } from './network.ts';

/** Bottleneck width and first stride of the four stages. */
const STAGES = [
  { width: 64, stride: 1 },
  { width: 128, stride: 2 },
  { width: 256, stride: 2 },
  { width: 512, stride: 2 },
] as const;
/** A bottleneck's output is this many times its width. */
const EXPANSION = 4;

export function resnet50(): Network {
  return resnet('resnet50', [3, 4, 6, 3]);
}

export function resnet101(): Network {
  return resnet('resnet101', [3, 4, 23, 3]);
}

function resnet(name: string, depths: readonly number[]): Network {
  const b = new NetworkBuilder();
  let x = b.input([3, 36, 36]);
  x = b.activation(b.batchNorm(b.convolution(x, 64, { kernel: 7, stride: 2 })), 'relu');
  x = b.maxPool(x, { kernel: 3, stride: 2 });
  for (const [stage, { width, stride }] of STAGES.entries()) {
    for (let block = 0; block < depths[stage]!; block++)
      x = bottleneck(b, x, width, block === 0 ? stride : 1);
  }
  b.dense(b.globalAverage(x), 6);
  return b.build(name);
}

function bottleneck(b: NetworkBuilder, x: Layer, width: number, stride: number): Layer {
  const filters = width * EXPANSION;
  let y = b.activation(b.batchNorm(b.convolution(x, width)), 'relu');
  y = b.activation(b.batchNorm(b.convolution(y, width, { kernel: 3, stride })), 'relu');
  y = b.batchNorm(b.convolution(y, filters));
  const changesShape = stride !== 1 || x.shape[0] !== filters;
  const shortcut = changesShape ? b.batchNorm(b.convolution(x, filters, { stride })) : x;
  return b.activation(b.add(y, shortcut), 'relu');
}
