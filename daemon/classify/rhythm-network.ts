/** The network that looks at the waveform itself, each half second, and who runs it. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { RHYTHM_CLASSES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RHYTHM_IMAGE_VALUES } from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { type ModelFiles, readModelFiles } from './model-files.ts';
import { openOnnxSession } from './onnx-session.ts';
import { parseRhythmCard, type RhythmCard } from './rhythm-card.ts';

export interface RhythmNetwork {
  readonly card: RhythmCard;
  /**
   * @param image of a window (ecg/rhythm/rhythm-image.ts); not to be changed before the answer is there
   * @returns probabilities in the order of RHYTHM_CLASSES, an array of their own
   * @throws E_MODEL_RUN when the network fails
   */
  estimate(image: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** @throws E_MODEL_... when it is missing, damaged or not what its card says */
export async function openRhythmNetwork(path: string): Promise<RhythmNetwork> {
  const files = await readModelFiles(path, parseRhythmCard);
  const { session, Tensor: TensorClass } = await openOnnxSession(files);
  const network = new OnnxRhythmNetwork(files, session, TensorClass);
  // A model of another shape fails here, at the start, and not beside a patient.
  await network.estimate(new Float32Array(RHYTHM_IMAGE_VALUES));
  return network;
}

/** For the daemon: without it the rules go on with what beats and measures say, so a missing one is told and not fatal. */
export async function openRhythmNetworkIfThere(
  path: string,
  onMissing: (problem: RhythmdError) => void,
): Promise<RhythmNetwork | null> {
  try {
    return await openRhythmNetwork(path);
  } catch (error) {
    if (!(error instanceof RhythmdError) || error.code !== 'E_MODEL_MISSING') throw error;
    onMissing(error);
    return null;
  }
}

class OnnxRhythmNetwork implements RhythmNetwork {
  readonly card: RhythmCard;
  readonly #path: string;
  readonly #shape: readonly number[];
  readonly #session: InferenceSession;
  readonly #Tensor: typeof Tensor;

  constructor(files: ModelFiles<RhythmCard>, session: InferenceSession, TensorClass: typeof Tensor) {
    this.card = files.card;
    this.#path = files.path;
    this.#shape = [1, ...files.card.input.shape];
    this.#session = session;
    this.#Tensor = TensorClass;
  }

  async estimate(image: Float32Array): Promise<Float32Array> {
    const input = new this.#Tensor('float32', image, this.#shape);
    let logits: Float32Array;
    try {
      const results = await this.#session.run({ [this.#session.inputNames[0]!]: input });
      logits = results[this.#session.outputNames[0]!]!.data as Float32Array;
    } catch (cause) {
      throw new RhythmdError('E_MODEL_RUN', `${this.#path}: the model failed`, 'See the log.', { cause });
    }
    return probabilitiesOf(logits, this.#path);
  }

  async close(): Promise<void> {
    await this.#session.release();
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
