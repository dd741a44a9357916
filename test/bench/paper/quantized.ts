/** Networks in 8-bit integers as `export --int8` writes them, with the weights that training begins with: what they take does not depend on these. */

import { calibrate } from '@rhythmd/trainer/export/calibrate.ts';
import { foldNetwork } from '@rhythmd/trainer/export/folded.ts';
import { integerModel } from '@rhythmd/trainer/export/quantize.ts';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';

const SEED = 1;
/** Scales come from a few beats: they decide nothing of what is counted. */
const BEATS = 6;

export async function quantizedNetwork(name: string): Promise<Uint8Array> {
  const network = networkNamed(name);
  const folded = foldNetwork(network, initialWeights(network, SEED));
  const dataset = smallDataset(BEATS);
  const plan = await calibrate(folded, dataset, allBeats(dataset));
  return (await integerModel(folded, plan, {})).bytes;
}
