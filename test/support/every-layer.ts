/** A network of a few thousand parameters with every kind of layer in it. */
import { type Network, NetworkBuilder } from '@rhythmd/trainer/nets/network.ts';

export function everyLayer(): Network {
  const b = new NetworkBuilder();
  const image = b.input([3, 36, 36]);
  let x = b.activation(
    b.batchNorm(b.convolution(b.take(image, 1, 6, 30), 8, { kernel: 5, stride: 2 })),
    'relu6',
  );
  x = b.maxPool(x, { kernel: 3, stride: 2 });
  x = b.activation(b.batchNorm(b.depthwise(x, { kernel: 3, stride: 2 })), 'swish');
  const narrow = b.activation(b.convolution(b.globalAverage(x), 4, { bias: true }), 'relu');
  x = b.scaleChannels(x, b.activation(b.convolution(narrow, 8, { bias: true }), 'sigmoid'));
  const y = b.activation(b.batchNorm(b.convolution(x, 8, { kernel: 3 })), 'relu');
  x = b.concat(b.add(x, y), y);
  x = b.activation(b.batchNorm(x), 'relu');
  x = b.averagePool(x, { kernel: 2, stride: 2, pads: 'valid' });
  x = b.reshape(x, [16, 1, x.shape[1] * x.shape[2]]);
  b.dense(b.dropout(b.activation(b.dense(x, 12), 'relu'), 0.2), 6);
  return b.build('every-layer');
}
