/** From a path to a classifier of beats. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { softmaxRows } from '@rhythmd/ecg/network/softmax.ts';
import type { Classifier, GoldenCheck } from './classifier.ts';
import { goldenCheck } from './golden-check.ts';
import { openIntegerNetwork } from './integer-network.ts';
import type { ModelCard } from './model-card.ts';
import { type ModelFiles, readModelFiles } from './model-files.ts';
import type { ExecutorName, Network } from './network.ts';
import { openNetwork } from './open-network.ts';

export type CheckedClassifier = Classifier & { readonly golden: GoldenCheck };

/** @throws E_MODEL_... when it is missing, damaged, not what its card says, or nothing here can run it */
export async function openModel(path: string, executor: ExecutorName): Promise<CheckedClassifier> {
  const files = await readModelFiles(path);
  const chosen = await checked(files, await openNetwork(files, executor));
  if (executor !== 'auto' || chosen.golden.exact !== false) return chosen;
  const exact = await openExact(files);
  if (exact === null) return chosen;
  await chosen.close();
  return exact;
}

async function checked(files: ModelFiles, network: Network): Promise<CheckedClassifier> {
  const classifier = classifierOf(files, network);
  return Object.assign(classifier, { golden: await goldenCheck(classifier, files.path) });
}

/**
 * Where onnxruntime answers otherwise than where the model was made. On ARM it rounds sums of two layers in another order:
 * one answer in twelve of EfficientNetB0 is another on an emulated Cortex-A53, and one in five hundred of MobileNetV2.
 * @returns null where our own executor cannot run it, or answers otherwise too
 */
async function openExact(files: ModelFiles): Promise<CheckedClassifier | null> {
  try {
    const why = 'onnxruntime answers otherwise on this processor than on the card';
    const exact = await checked(files, openIntegerNetwork(files, why));
    if (exact.golden.exact === true) return exact;
    await exact.close();
    return null;
  } catch (error) {
    if (!(error instanceof RhythmdError) || error.code !== 'E_MODEL_UNSUPPORTED') throw error;
    return null;
  }
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

function classifierOf({ card }: ModelFiles, network: Network): Classifier {
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
