/**
 * rhythmnet: eight seconds of waveform, shown by its own deviation and in arsinhs of microvolts
 * (ecg/rhythm/rhythm-image.ts), to one of five rhythms. Four convolutions along time; then means and maxima of each
 * third, so that the last seconds, which the answer is about, and those before them stay apart.
 */
import { RHYTHM_CLASSES, RHYTHM_WINDOW_SAMPLES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RHYTHM_IMAGE_ROWS } from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import { type Network, NetworkBuilder } from './network.ts';

/** Channels, kernel and stride: 720 samples become 240, 120, 60, 30. */
const STAGES = [
  { channels: 12, kernel: 9, stride: 3 },
  { channels: 16, kernel: 7, stride: 2 },
  { channels: 24, kernel: 7, stride: 2 },
  { channels: 28, kernel: 5, stride: 2 },
] as const;
const THIRDS = 3;
const HIDDEN = 24;
const DROPOUT = 0.25;

export function rhythmnet(): Network {
  const b = new NetworkBuilder();
  let x = b.input([RHYTHM_IMAGE_ROWS, 1, RHYTHM_WINDOW_SAMPLES]);
  for (const { channels, kernel, stride } of STAGES) {
    x = b.convolution(x, channels, { kernel: [1, kernel], stride: [1, stride] });
    x = b.activation(b.batchNorm(x), 'relu');
  }
  const third = x.shape[2] / THIRDS;
  const pooling = { kernel: [1, third], stride: [1, third], pads: 'valid' } as const;
  const parts = b.concat(b.averagePool(x, pooling), b.maxPool(x, pooling));
  const hidden = b.activation(b.dense(parts, HIDDEN), 'relu');
  b.dense(b.dropout(hidden, DROPOUT), RHYTHM_CLASSES.length);
  return b.build('rhythmnet');
}
