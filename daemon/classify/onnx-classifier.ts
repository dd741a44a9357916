/** A network run by onnxruntime, loaded only when there is a model to run. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Classifier, IMAGE_VALUES } from './classifier.ts';
import type { ModelFiles } from './model-files.ts';

/** Where the model takes any number of beats: enough to catch up after a burst, small enough to stay in cache. */
const LARGEST_BATCH = 16;

/**
 * One thread, no spinning: on a busy small machine the 99th percentile of an inference falls from 8 ms to 1 ms
 * (docs/device: measured on two cores).
 */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/** @throws E_MODEL_LOAD the runtime refuses the file; E_MODEL_INPUT its input or output is not the card's */
export async function openOnnxClassifier(files: ModelFiles): Promise<Classifier> {
  const runtime = await import('onnxruntime-node');
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(files.onnx, SESSION_OPTIONS);
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new RhythmdError('E_MODEL_LOAD', `${files.path}: ${reason}`, 'Is model.onnx an ONNX model?', {
      cause,
    });
  }
  const batch = checkedBatch(session, files);
  return new OnnxClassifier(files, session, runtime.Tensor, batch);
}

/** @returns how many beats one run takes */
function checkedBatch(session: InferenceSession, { path, card }: ModelFiles): number {
  const input = session.inputMetadata[0];
  const output = session.outputMetadata[0];
  const shape = input?.isTensor ? input.shape : [];
  const given = `${shape.join(' x ')} ${input?.isTensor ? input.type : ''}`.trim();
  const fits =
    session.inputMetadata.length === 1 &&
    input?.isTensor === true &&
    input.type === 'float32' &&
    shape.length === 4 &&
    shape.slice(1).join() === card.input.shape.join();
  if (!fits) {
    const wanted = `N x ${card.input.shape.join(' x ')} float32`;
    throw new RhythmdError(
      'E_MODEL_INPUT',
      `${path}: the model takes ${given}, its card says ${wanted}`,
      'Export it again.',
    );
  }
  if (output?.isTensor !== true || Number(output.shape.at(-1)) !== card.labels.length) {
    throw new RhythmdError(
      'E_MODEL_INPUT',
      `${path}: the model does not end in ${card.labels.length} classes`,
      'Export it again.',
    );
  }
  const first = shape[0];
  return typeof first === 'number' && first > 0 ? first : LARGEST_BATCH;
}

class OnnxClassifier implements Classifier {
  readonly card: ModelFiles['card'];
  readonly largestBatch: number;
  readonly #files: ModelFiles;
  readonly #session: InferenceSession;
  readonly #Tensor: typeof Tensor;

  constructor(
    files: ModelFiles,
    session: InferenceSession,
    TensorClass: typeof Tensor,
    largestBatch: number,
  ) {
    this.card = files.card;
    this.largestBatch = largestBatch;
    this.#files = files;
    this.#session = session;
    this.#Tensor = TensorClass;
  }

  async classify(images: Float32Array, count: number): Promise<Float32Array> {
    const inputName = this.#session.inputNames[0]!;
    const outputName = this.#session.outputNames[0]!;
    const input = new this.#Tensor('float32', images.subarray(0, count * IMAGE_VALUES), [count, 3, 36, 36]);
    let output: Float32Array;
    try {
      const results = await this.#session.run({ [inputName]: input });
      output = results[outputName]!.data as Float32Array;
    } catch (cause) {
      throw new RhythmdError('E_MODEL_RUN', `${this.#files.path}: the model failed`, 'See the log.', {
        cause,
      });
    }
    return this.card.output === 'logits' ? softmax(output, this.card.labels.length) : output;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** Row by row, in place. */
function softmax(rows: Float32Array, classes: number): Float32Array {
  for (let start = 0; start < rows.length; start += classes) {
    const row = rows.subarray(start, start + classes);
    const top = Math.max(...row);
    let sum = 0;
    for (let i = 0; i < classes; i++) {
      row[i] = Math.exp(row[i]! - top);
      sum += row[i]!;
    }
    for (let i = 0; i < classes; i++) row[i]! /= sum;
  }
  return rows;
}
