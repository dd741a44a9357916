import { readImage } from '@rhythmd/trainer/data/dataset.ts';
import type { Network } from '@rhythmd/trainer/nets/network.ts';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { stepRates } from '@rhythmd/trainer/train/adam.ts';
import { Stepper } from '@rhythmd/trainer/train/stepper.ts';
import { buildTrainingModel } from '@rhythmd/trainer/train/training-model.ts';
import { smallDataset } from './small-dataset.ts';

/** Trains on one batch again and again; the loss of every step. */
export async function overfitOneBatch(network: Network, batch: number, steps: number): Promise<number[]> {
  const dataset = smallDataset(batch);
  const imageSize = 1296;
  const images = new Float32Array(steps * batch * imageSize);
  const targets = new Float32Array(steps * 6 * batch);
  const rates = new Float32Array(steps * 3);
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < batch; i++) {
      readImage(dataset, i, images, (step * batch + i) * imageSize);
      targets[(step * 6 + dataset.label[i]!) * batch + i] = 1;
    }
    rates.set(stepRates(step + 1, 1e-3, 0), step * 3);
  }
  const model = buildTrainingModel({ network, batch, planes: 1 });
  const stepper = await Stepper.open(model, initialWeights(network, 3));
  const { losses } = await stepper.run({ steps, images, targets, rates, noiseSeeds: new Uint32Array(steps) });
  await stepper.close();
  return [...losses];
}
