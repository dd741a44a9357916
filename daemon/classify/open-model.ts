/** From a path to a classifier. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Classifier, GoldenCheck } from './classifier.ts';
import { goldenCheck } from './golden-check.ts';
import { readModelFiles } from './model-files.ts';
import { openOnnxClassifier } from './onnx-classifier.ts';

export type CheckedClassifier = Classifier & { readonly golden: GoldenCheck };

/** @throws E_MODEL_... when it is missing, damaged or not what its card says */
export async function openModel(path: string): Promise<CheckedClassifier> {
  const classifier = await openOnnxClassifier(await readModelFiles(path));
  return Object.assign(classifier, { golden: await goldenCheck(classifier, path) });
}

/**
 * For the daemon: a live view needs beats more than their names, so a missing model is told and not fatal. A wrong
 * one is: its verdicts would be believed. One that answers a little otherwise on this processor is told, here and wherever
 * it is asked for.
 */
export async function openModelIfThere(
  path: string,
  on: {
    readonly missing: (problem: RhythmdError) => void;
    readonly inexact: (problem: RhythmdError) => void;
  },
): Promise<Classifier | null> {
  try {
    const classifier = await openModel(path);
    if (classifier.golden.problem !== null) on.inexact(classifier.golden.problem);
    return classifier;
  } catch (error) {
    if (!(error instanceof RhythmdError) || error.code !== 'E_MODEL_MISSING') throw error;
    on.missing(error);
    return null;
  }
}
