/** What a network in floats answers, kept beside its checkpoint: a large one takes minutes to ask again. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { writeAtomically } from '../files.ts';
import type { Network } from '../nets/network.ts';
import type { Weights } from '../nets/parameters.ts';
import { Evaluator } from './evaluator.ts';

/** @param folder of the run that `weights` are of */
export async function floatLogits(
  folder: string,
  network: Network,
  weights: Weights,
  dataset: Dataset,
  beats: Uint32Array,
): Promise<Float32Array> {
  const hash = createHash('sha256').update(beats);
  hash.update(JSON.stringify([network.name, dataset.recipe, dataset.records]));
  for (const values of weights.values()) hash.update(values);
  const path = join(folder, `test-logits-${hash.digest('hex').slice(0, 16)}.bin`);
  const bytes = existsSync(path) ? readFileSync(path) : null;
  if (bytes?.length === beats.length * network.output.shape[0] * 4) {
    return new Float32Array(Uint8Array.from(bytes).buffer);
  }
  const evaluator = await Evaluator.open(network, dataset.planes);
  const logits = await evaluator.logits(weights, dataset, beats);
  await evaluator.close();
  writeAtomically(path, [new Uint8Array(logits.buffer)]);
  return logits;
}
