/** From a path to a classifier. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Classifier } from './classifier.ts';
import { readModelFiles } from './model-files.ts';
import { openOnnxClassifier } from './onnx-classifier.ts';

/** @throws E_MODEL_... when it is missing, damaged or not what its card says */
export async function openModel(path: string): Promise<Classifier> {
  return openOnnxClassifier(await readModelFiles(path));
}

/**
 * For the daemon: a live view needs beats more than their names, so a missing model is told and not fatal. A wrong
 * one is: its verdicts would be believed.
 */
export async function openModelIfThere(
  path: string,
  onMissing: (problem: RhythmdError) => void,
): Promise<Classifier | null> {
  try {
    return await openModel(path);
  } catch (error) {
    if (!(error instanceof RhythmdError) || error.code !== 'E_MODEL_MISSING') throw error;
    onMissing(error);
    return null;
  }
}
