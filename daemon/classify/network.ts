/** A network behind one interface, whoever runs it: onnxruntime, or the integer executor of our own where that has no build. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { ExecutorChoice } from '@rhythmd/protocol/events.ts';

/** As model.executor names them. */
export const EXECUTORS = ['auto', 'onnxruntime', 'integer'] as const;
export type ExecutorName = (typeof EXECUTORS)[number];

/** A model file, and what its card says of it. */
export interface NetworkFile {
  readonly path: string;
  readonly onnx: Uint8Array;
  readonly card: {
    readonly labels: readonly string[];
    /** Without the batch. */
    readonly input: { readonly shape: readonly number[] };
  };
}

export interface Network {
  readonly executor: ExecutorChoice;
  /** Images that one run may hold. */
  readonly largestBatch: number;
  /**
   * @param images `count` of them, one after the other; read before this returns a promise
   * @returns `count` rows, one value a label; may be overwritten by the next run
   * @throws E_MODEL_RUN when it fails
   */
  run(images: Float32Array, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Where a model takes any number: enough to catch up after a burst, small enough to stay in cache. */
export const LARGEST_BATCH = 16;

/** @throws E_MODEL_INPUT unless a model's input and output are those of its card */
export function checkShapes(
  { path, card }: NetworkFile,
  given: { readonly input: readonly number[]; readonly type: string; readonly outputs: number },
): void {
  const fix = 'Export it again.';
  if (given.input.join() !== card.input.shape.join() || given.type !== 'float32') {
    throw new RhythmdError(
      'E_MODEL_INPUT',
      `${path}: the model takes N x ${given.input.join(' x ')} ${given.type}, its card says N x ${card.input.shape.join(' x ')} float32`,
      fix,
    );
  }
  if (given.outputs !== card.labels.length) {
    throw new RhythmdError(
      'E_MODEL_INPUT',
      `${path}: the model does not end in ${card.labels.length} classes`,
      fix,
    );
  }
}

/** For people: which model, by whom, why. */
export function describeExecutor(
  { name, version }: { readonly name: string; readonly version: string },
  executor: ExecutorChoice,
): string {
  const who = executor.name === 'integer' ? `the integer executor (${executor.kernel})` : executor.name;
  return `${name} ${version} is run by ${who}: ${executor.why}`;
}
