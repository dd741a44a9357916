/** EfficientNetB0 (Tan and Le 2019), without its stochastic depth, which a few epochs have no use for. */
import { type Layer, type Network, NetworkBuilder } from './network.ts';

/** Expansion, kernel, output channels, repeats, first stride: table 1 of the paper. */
const STAGES = [
  [1, 3, 16, 1, 1],
  [6, 3, 24, 2, 2],
  [6, 5, 40, 2, 2],
  [6, 3, 80, 3, 2],
  [6, 5, 112, 3, 1],
  [6, 5, 192, 4, 2],
  [6, 3, 320, 1, 1],
] as const;
/** Squeezed to a quarter of the block's input. */
const SQUEEZE = 4;
const EPSILON = 1e-3;

export function efficientnetB0(): Network {
  const b = new NetworkBuilder();
  let x = b.input([3, 36, 36]);
  x = b.activation(b.batchNorm(b.convolution(x, 32, { kernel: 3, stride: 2 }), EPSILON), 'swish');
  for (const [expansion, kernel, channels, repeats, stride] of STAGES) {
    for (let i = 0; i < repeats; i++) {
      x = block(b, x, { expansion, kernel, channels, stride: i === 0 ? stride : 1 });
    }
  }
  x = b.activation(b.batchNorm(b.convolution(x, 1280), EPSILON), 'swish');
  b.dense(b.dropout(b.globalAverage(x), 0.2), 6);
  return b.build('efficientnetb0');
}

interface BlockShape {
  readonly expansion: number;
  readonly kernel: number;
  readonly channels: number;
  readonly stride: number;
}

function block(b: NetworkBuilder, x: Layer, { expansion, kernel, channels, stride }: BlockShape): Layer {
  let y = x;
  if (expansion !== 1) {
    y = b.activation(b.batchNorm(b.convolution(y, x.shape[0] * expansion), EPSILON), 'swish');
  }
  y = b.activation(b.batchNorm(b.depthwise(y, { kernel, stride }), EPSILON), 'swish');
  y = squeezeAndExcite(b, y, Math.floor(x.shape[0] / SQUEEZE));
  y = b.batchNorm(b.convolution(y, channels), EPSILON);
  return stride === 1 && x.shape[0] === channels ? b.add(x, y) : y;
}

function squeezeAndExcite(b: NetworkBuilder, x: Layer, squeezed: number): Layer {
  const narrow = b.activation(b.convolution(b.globalAverage(x), squeezed, { bias: true }), 'swish');
  const gate = b.activation(b.convolution(narrow, x.shape[0], { bias: true }), 'sigmoid');
  return b.scaleChannels(x, gate);
}
