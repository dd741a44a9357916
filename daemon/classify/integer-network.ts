/** A network in 8-bit integers run by our own executor: on processors that onnxruntime has no build for, and bit for bit alike. */
import { Executor, type KernelChoice } from '@rhythmd/ecg/network/executor.ts';
import type { ExecutorChoice } from '@rhythmd/protocol/events.ts';
import { checkShapes, LARGEST_BATCH, type Network, type NetworkFile } from './network.ts';

/** @throws E_MODEL_UNSUPPORTED what the executor can't run; E_MODEL_LOAD; E_MODEL_INPUT it is not the card's */
export function openIntegerNetwork(file: NetworkFile, why: string, kernel: KernelChoice = 'auto'): Network {
  const executor = new Executor(file.onnx, kernel);
  checkShapes(file, { input: executor.inputShape, type: 'float32', outputs: executor.outputSize });
  return new IntegerNetwork(executor, why);
}

class IntegerNetwork implements Network {
  readonly executor: ExecutorChoice;
  readonly largestBatch = LARGEST_BATCH;
  readonly #executor: Executor;
  /** Made once: whoever asks has read an answer before it asks again. */
  readonly #rows: Float32Array;

  constructor(executor: Executor, why: string) {
    this.executor = { name: 'integer', kernel: executor.kernel, why };
    this.#executor = executor;
    this.#rows = new Float32Array(LARGEST_BATCH * executor.outputSize);
  }

  async run(images: Float32Array, count: number): Promise<Float32Array> {
    this.#executor.run(images, count, this.#rows);
    return this.#rows.subarray(0, count * this.#executor.outputSize);
  }

  async close(): Promise<void> {}
}
