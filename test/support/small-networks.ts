/** Small networks of what the large ones are made of: what integers do there, they do in seconds here. */
import { type Layer, type Network, NetworkBuilder } from '../../trainer/nets/network.ts';

/** Blocks as MobileNetV2 has them, with strides, sums and every bound of a rectifier. */
export function residual(): Network {
  const b = new NetworkBuilder();
  let x = b.activation(
    b.batchNorm(b.convolution(b.input([3, 36, 36]), 8, { kernel: 3, stride: 3 })),
    'relu6',
  );
  for (const activation of ['relu6', 'relu'] as const) {
    const wide = b.activation(b.batchNorm(b.convolution(x, 24)), activation);
    const seen = b.activation(b.batchNorm(b.depthwise(wide, { kernel: 3 })), activation);
    x = b.add(x, b.batchNorm(b.convolution(seen, 8)));
  }
  b.dense(b.activation(b.convolution(b.maxPool(x, { kernel: 2, stride: 2 }), 4, { bias: true }), 'relu'), 6);
  return b.build('residual');
}

/** As ResNet: sums of two bytes with zero points of their own, one after the other, some of them near halves. */
export function manySums(): Network {
  const b = new NetworkBuilder();
  let x = b.activation(
    b.batchNorm(b.convolution(b.input([3, 36, 36]), 16, { kernel: 3, stride: 2 })),
    'relu',
  );
  for (let block = 0; block < 6; block++) {
    x = b.activation(b.add(b.batchNorm(b.convolution(x, 16)), b.batchNorm(b.convolution(x, 16))), 'relu');
  }
  b.dense(b.globalAverage(x), 6);
  return b.build('many-sums');
}

/** As EfficientNet: swishes, which stay floats between two bytes, and a gate for every channel. */
export function gated(): Network {
  const b = new NetworkBuilder();
  const swish = (x: Layer): Layer => b.activation(x, 'swish');
  let x = swish(b.batchNorm(b.convolution(b.input([3, 36, 36]), 16, { kernel: 3, stride: 3 })));
  for (let block = 0; block < 3; block++) {
    const seen = swish(b.batchNorm(b.depthwise(x, { kernel: 3 })));
    const squeezed = swish(b.convolution(b.globalAverage(seen), 4, { bias: true }));
    const gate = b.activation(b.convolution(squeezed, 16, { bias: true }), 'sigmoid');
    x = b.add(x, b.batchNorm(b.convolution(b.scaleChannels(seen, gate), 16)));
  }
  b.dense(b.globalAverage(x), 6);
  return b.build('gated');
}
