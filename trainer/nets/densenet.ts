/** DenseNet201 (Huang et al. 2017), with bottlenecks and compression 0.5. */
import { type Layer, type Network, NetworkBuilder } from './network.ts';

const GROWTH = 32;
/** Width of the 1x1 convolution before each 3x3, in growths. */
const BOTTLENECK = 4;
const DEPTHS = [6, 12, 48, 32];

export function densenet201(): Network {
  const b = new NetworkBuilder();
  let x = b.input([3, 36, 36]);
  x = b.activation(b.batchNorm(b.convolution(x, 2 * GROWTH, { kernel: 7, stride: 2 })), 'relu');
  x = b.maxPool(x, { kernel: 3, stride: 2 });
  for (const [index, depth] of DEPTHS.entries()) {
    for (let layer = 0; layer < depth; layer++) x = denseLayer(b, x);
    if (index < DEPTHS.length - 1) x = transition(b, x);
  }
  b.dense(b.globalAverage(b.activation(b.batchNorm(x), 'relu')), 6);
  return b.build('densenet201');
}

function denseLayer(b: NetworkBuilder, x: Layer): Layer {
  const y = b.convolution(b.activation(b.batchNorm(x), 'relu'), BOTTLENECK * GROWTH);
  return b.concat(x, b.convolution(b.activation(b.batchNorm(y), 'relu'), GROWTH, { kernel: 3 }));
}

function transition(b: NetworkBuilder, x: Layer): Layer {
  const y = b.convolution(b.activation(b.batchNorm(x), 'relu'), Math.floor(x.shape[0] / 2));
  return b.averagePool(y, { kernel: 2, stride: 2, pads: 'valid' });
}
