/** From a path to a classifier of beats. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Classifier, GoldenCheck } from './classifier.ts';
import { goldenCheck } from './golden-check.ts';
import type { ModelCard } from './model-card.ts';
import { type ModelFiles, readModelFiles } from './model-files.ts';
import type { ExecutorName, Network } from './network.ts';
import { openNetwork } from './open-network.ts';
import { softmaxRows } from './softmax.ts';

export type CheckedClassifier = Classifier & { readonly golden: GoldenCheck };

/** @throws E_MODEL_... when it is missing, damaged, not what its card says, or nothing here can run it */
export async function openModel(path: string, executor: ExecutorName): Promise<CheckedClassifier> {
  const files = await readModelFiles(path);
  const classifier = classifierOf(files, await openNetwork(files, executor));
  return Object.assign(classifier, { golden: await goldenCheck(classifier, path) });
}

/**
 * For the daemon: a live view needs beats more than their names, so a missing model is told and not fatal. A wrong
 * one is: its verdicts would be believed. One that answers a little otherwise on this processor is told, here and wherever
 * it is asked for.
 */
export async function openModelIfThere(
  path: string,
  executor: ExecutorName,
  on: {
    readonly missing: (problem: RhythmdError) => void;
    readonly inexact: (problem: RhythmdError) => void;
  },
): Promise<Classifier | null> {
  try {
    const classifier = await openModel(path, executor);
    if (classifier.golden.problem !== null) on.inexact(classifier.golden.problem);
    return classifier;
  } catch (error) {
    if (!(error instanceof RhythmdError) || error.code !== 'E_MODEL_MISSING') throw error;
    on.missing(error);
    return null;
  }
}

export function classifierOf({ card }: ModelFiles, network: Network): Classifier {
  return new NetworkClassifier(card, network);
}

class NetworkClassifier implements Classifier {
  readonly card: ModelCard;
  readonly #network: Network;

  constructor(card: ModelCard, network: Network) {
    this.card = card;
    this.#network = network;
  }

  get executor(): Network['executor'] {
    return this.#network.executor;
  }

  get largestBatch(): number {
    return this.#network.largestBatch;
  }

  async classify(images: Float32Array, count: number): Promise<Float32Array> {
    const rows = await this.#network.run(images, count);
    return this.card.output === 'logits' ? softmaxRows(rows, this.card.labels.length) : rows;
  }

  close(): Promise<void> {
    return this.#network.close();
  }
}
