/**
 * beatnet: our own network for the task, small enough for an 8-bit 512 MB device.
 *
 * It reads the 36x36 image as what it is, a strip of 1,296 samples: the beat and the patient's typical beat as
 * two channels of a one-dimensional network, and the last rows of the rhythm plane as six numbers beside it.
 */
import { type Layer, type Network, NetworkBuilder } from './network.ts';

/**
 * The middle half of the window, 0.9 s on either side: half the distance to the neighbours ends a beat before that
 * at any rate above 34 beats a minute.
 */
const ROWS = { from: 9, to: 27 } as const;
const SAMPLES = 18 * 36;
/**
 * The last intervals of the rhythm plane: four before the beat's own, its own, the next. More would tell the patient,
 * not the beat.
 */
const FIRST_INTERVAL = 30;
/** Channels after each halving: 648 samples become 324, 162, 81, 41, 21, 11. */
const WIDTHS = [12, 16, 24, 32, 40, 48];
const KERNEL = 7;

export function beatnet(): Network {
  const b = new NetworkBuilder();
  const image = b.input([3, 36, 36]);
  let x = b.reshape(b.take(b.take(image, 0, 0, 2), 1, ROWS.from, ROWS.to), [2, 1, SAMPLES]);
  for (const width of WIDTHS) x = block(b, x, width);
  const morphology = b.globalAverage(x);
  const peak = b.reshape(b.maxPool(x, { kernel: [1, x.shape[2]], stride: 1, pads: 'valid' }), [
    x.shape[0],
    1,
    1,
  ]);

  const plane = b.take(b.take(image, 0, 2, 3), 1, FIRST_INTERVAL, 36);
  const rows = b.averagePool(plane, { kernel: [1, 36], stride: 1, pads: 'valid' });
  const rhythm = b.activation(b.dense(rows, 16), 'relu');
  const joined = b.activation(b.dense(b.concat(morphology, peak, rhythm), 32), 'relu');
  b.dense(b.dropout(joined, 0.3), 6);
  return b.build('beatnet');
}

function block(b: NetworkBuilder, x: Layer, width: number): Layer {
  const options = { kernel: [1, KERNEL], stride: [1, 2] } as const;
  return b.activation(b.batchNorm(b.convolution(x, width, options)), 'relu');
}
