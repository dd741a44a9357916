/** The averaged answers of trained networks to the training beats. */
import type { Dataset } from '../data/dataset.ts';
import { networkNamed } from '../presets/catalog.ts';
import { floatLogits } from '../train/float-logits.ts';
import type { Recipe } from '../train/recipe.ts';
import { defaultFolder, trainedRun } from '../train/run-folder.ts';
import type { Teacher } from '../train/teacher.ts';

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
    const folder = defaultFolder({ ...base, network: name });
    const logits = await floatLogits(folder, network, trainedRun(folder).state, dataset, beats);
    for (const [i, beat] of beats.entries()) {
      const row = softmax(logits.subarray(i * classes, (i + 1) * classes));
      for (const [c, value] of row.entries()) probabilities[beat * classes + c]! += value / names.length;
    }
  }
  return { probabilities, share: compression?.teacherShare ?? 1 };
}

function softmax(logits: Float32Array): Float32Array {
  const largest = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}
