/** MobileNetV2 (Sandler et al. 2018), width 1. */
import { type Layer, type Network, NetworkBuilder } from './network.ts';

/** Expansion, output channels, repeats, first stride: table 2 of the paper. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** @param classes of the last layer */
export function mobilenetV2(classes = 6, name = 'mobilenetv2'): Network {
  const b = new NetworkBuilder();
  let x = b.input([3, 36, 36]);
  x = b.activation(b.batchNorm(b.convolution(x, 32, { kernel: 3, stride: 2 })), 'relu6');
  for (const [expansion, channels, repeats, stride] of STAGES) {
    for (let i = 0; i < repeats; i++) x = invertedResidual(b, x, expansion, channels, i === 0 ? stride : 1);
  }
  x = b.activation(b.batchNorm(b.convolution(x, 1280)), 'relu6');
  b.dense(b.dropout(b.globalAverage(x), 0.2), classes);
  return b.build(name);
}

function invertedResidual(
  b: NetworkBuilder,
  x: Layer,
  expansion: number,
  channels: number,
  stride: number,
): Layer {
  let y = x;
  if (expansion !== 1) y = b.activation(b.batchNorm(b.convolution(y, x.shape[0] * expansion)), 'relu6');
  y = b.activation(b.batchNorm(b.depthwise(y, { kernel: 3, stride })), 'relu6');
  y = b.batchNorm(b.convolution(y, channels));
  return stride === 1 && x.shape[0] === channels ? b.add(x, y) : y;
}
