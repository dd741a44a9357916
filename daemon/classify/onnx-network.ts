/** A network in onnxruntime, which is loaded only when there is a model to run. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { ExecutorChoice } from '@rhythmd/protocol/events.ts';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { checkShapes, LARGEST_BATCH, type Network, type NetworkFile } from './network.ts';
import { silenceRuntime } from './silent-runtime.ts';

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

/** @throws E_MODEL_LOAD it is not installed, or refuses the file; E_MODEL_INPUT input or output are not the card's */
export async function openOnnxNetwork(file: NetworkFile, why: string): Promise<Network> {
  const runtime = await loadRuntime();
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(file.onnx, SESSION_OPTIONS);
  } catch (cause) {
    throw new RhythmdError(
      'E_MODEL_LOAD',
      `${file.path}: ${firstLine(cause)}`,
      'Is model.onnx an ONNX model?',
      {
        cause,
      },
    );
  }
  return new OnnxNetwork(file, session, runtime.Tensor, checkedBatch(session, file), why);
}

async function loadRuntime(): Promise<typeof import('onnxruntime-node')> {
  silenceRuntime();
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new RhythmdError(
      'E_MODEL_LOAD',
      `onnxruntime can't be loaded (${firstLine(cause)})`,
      'Install onnxruntime-node, or set model.executor = "auto".',
      { cause },
    );
  }
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

/** @returns how many images one run takes */
function checkedBatch(session: InferenceSession, file: NetworkFile): number {
  const input = session.inputMetadata[0];
  const output = session.outputMetadata[0];
  const [batch, ...shape] = input?.isTensor ? input.shape : [];
  checkShapes(file, {
    input: shape.map(Number),
    type: input?.isTensor && session.inputMetadata.length === 1 ? input.type : 'something else',
    outputs: output?.isTensor ? Number(output.shape.at(-1)) : 0,
  });
  return typeof batch === 'number' && batch > 0 ? batch : LARGEST_BATCH;
}

class OnnxNetwork implements Network {
  readonly executor: ExecutorChoice;
  readonly largestBatch: number;
  readonly #file: NetworkFile;
  readonly #session: InferenceSession;
  readonly #Tensor: typeof Tensor;
  readonly #size: number;

  constructor(
    file: NetworkFile,
    session: InferenceSession,
    TensorClass: typeof Tensor,
    largestBatch: number,
    why: string,
  ) {
    this.executor = { name: 'onnxruntime', kernel: null, why };
    this.largestBatch = largestBatch;
    this.#file = file;
    this.#session = session;
    this.#Tensor = TensorClass;
    this.#size = file.card.input.shape.reduce((product, length) => product * length, 1);
  }

  async run(images: Float32Array, count: number): Promise<Float32Array> {
    const { path, card } = this.#file;
    const shape = [count, ...card.input.shape];
    const input = new this.#Tensor('float32', images.subarray(0, count * this.#size), shape);
    try {
      const results = await this.#session.run({ [this.#session.inputNames[0]!]: input });
      return results[this.#session.outputNames[0]!]!.data as Float32Array;
    } catch (cause) {
      throw new RhythmdError('E_MODEL_RUN', `${path}: the model failed`, 'See the log.', { cause });
    }
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
