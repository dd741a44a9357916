/** The averaged predictions of trained networks to the training beats. */
import { softmaxRows } from '@rhythmd/ecg/network/softmax.ts';
import type { Dataset } from '../data/dataset.ts';
import { networkNamed } from '../presets/catalog.ts';
import type { Teacher } from '../train/batches.ts';
import { floatLogits } from '../train/float-logits.ts';
import type { Recipe } from '../train/recipe.ts';
import { defaultFolder, trainedRun } from '../train/run-folder.ts';

/**
 * @param base of the student; its teachers were trained on the same split
 * @returns null when the compression has no teachers
 * @throws RhythmdError E_CHECKPOINT_MISSING, E_TRAINING_UNFINISHED
 */
export async function teacherOf(
  { compression }: Recipe,
  base: Recipe,
  dataset: Dataset,
  beats: Uint32Array,
): Promise<Teacher | null> {
  const names = compression?.teachers;
  if (names === undefined) return null;
  const classes = networkNamed(base.network).output.shape[0];
  const probabilities = new Float32Array(dataset.count * classes);
  for (const name of names) {
    const network = networkNamed(name);
    const run = { ...base, network: name };
    const { state } = trainedRun(run);
    const logits = await floatLogits(defaultFolder(run), network, state, dataset, beats);
    const ofNetwork = softmaxRows(logits, classes);
    for (const [i, beat] of beats.entries()) {
      const row = ofNetwork.subarray(i * classes, (i + 1) * classes);
      for (const [c, value] of row.entries()) probabilities[beat * classes + c]! += value / names.length;
    }
  }
  return { probabilities, share: compression?.teacherShare ?? 1 };
}
