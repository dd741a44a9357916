/** The network that looks at the waveform itself, each half second, and who runs it. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { RHYTHM_CLASSES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RHYTHM_IMAGE_VALUES } from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import { type ModelFiles, readModelFiles } from './model-files.ts';
import type { ExecutorName, Network } from './network.ts';
import { openNetwork } from './open-network.ts';
import { parseRhythmCard, type RhythmCard } from './rhythm-card.ts';

export interface RhythmNetwork {
  readonly card: RhythmCard;
  readonly executor: Network['executor'];
  /** Windows that one call may hold. */
  readonly largestBatch: number;
  /**
   * @param images of `count` windows (ecg/rhythm/rhythm-image.ts), one after the other; not to be changed before the answer is there
   * @returns for each its probabilities in the order of RHYTHM_CLASSES, an array of their own
   * @throws E_MODEL_RUN when the network fails
   */
  estimate(images: Float32Array, count: number): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

/** @throws E_MODEL_... when it is missing, damaged or not what its card says */
export async function openRhythmNetwork(path: string, executor: ExecutorName): Promise<RhythmNetwork> {
  const files = await readModelFiles(path, parseRhythmCard);
  const network = new ReadRhythm(files, await openNetwork(files, executor));
  // A model of another shape fails here, at the start, and not beside a patient.
  await network.estimate(new Float32Array(RHYTHM_IMAGE_VALUES), 1);
  return network;
}

/** For the daemon: without it the rules go on with what beats and measures say, so a missing one is told and not fatal. */
export async function openRhythmNetworkIfThere(
  path: string,
  executor: ExecutorName,
  onMissing: (problem: RhythmdError) => void,
): Promise<RhythmNetwork | null> {
  try {
    return await openRhythmNetwork(path, executor);
  } catch (error) {
    if (!(error instanceof RhythmdError) || error.code !== 'E_MODEL_MISSING') throw error;
    onMissing(error);
    return null;
  }
}

class ReadRhythm implements RhythmNetwork {
  readonly card: RhythmCard;
  readonly #path: string;
  readonly #network: Network;

  constructor({ card, path }: ModelFiles<RhythmCard>, network: Network) {
    this.card = card;
    this.#path = path;
    this.#network = network;
  }

  get executor(): Network['executor'] {
    return this.#network.executor;
  }

  get largestBatch(): number {
    return this.#network.largestBatch;
  }

  async estimate(images: Float32Array, count: number): Promise<readonly Float32Array[]> {
    const logits = await this.#network.run(images, count);
    const size = logits.length / count;
    return Array.from({ length: count }, (_, i) =>
      probabilitiesOf(logits.subarray(i * size, (i + 1) * size), this.#path),
    );
  }

  close(): Promise<void> {
    return this.#network.close();
  }
}

/** @throws E_MODEL_RUN for what is no distribution over the classes */
function probabilitiesOf(logits: Float32Array, path: string): Float32Array {
  const top = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  if (logits.length !== RHYTHM_CLASSES.length || !Number.isFinite(sum)) {
    throw new RhythmdError(
      'E_MODEL_RUN',
      `${path}: its answer is no distribution over ${RHYTHM_CLASSES.length} rhythms`,
      'Export it again.',
    );
  }
  return powers.map((value) => value / sum);
}
