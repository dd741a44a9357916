/** The one way a graph is run: a single thread that sleeps when idle, so that same seed means same bits. */
import './silent-runtime.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import * as ort from 'onnxruntime-node';
import type { Graph } from './graph.ts';
import { encodeModel } from './onnx-model.ts';

export type Feeds = Record<string, ort.Tensor>;
export type Session = ort.InferenceSession;
export const RuntimeTensor = ort.Tensor;

/**
 * @param optimisation `disabled` for training graphs (as fast, and a graph of 18,000 nodes loads in seconds),
 *   `all` for what is shipped
 */
export async function openSession(
  model: Graph | Uint8Array,
  optimisation: 'disabled' | 'basic' | 'all' = 'disabled',
  optimizedModelPath?: string,
): Promise<Session> {
  const bytes = model instanceof Uint8Array ? model : encodeModel(model);
  try {
    return await ort.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: optimisation,
      logSeverityLevel: 3,
      extra: {
        session: {
          // Decaying moments of weights that get no gradient end as denormal numbers, each as slow as 100 others.
          set_denormal_as_zero: '1',
          intra_op: { allow_spinning: '0' },
          inter_op: { allow_spinning: '0' },
        },
      },
      ...(optimizedModelPath === undefined ? {} : { optimizedModelFilePath: optimizedModelPath }),
    });
  } catch (cause) {
    throw new RhythmdError('E_MODEL_INVALID', `onnxruntime refuses the model: ${String(cause)}`, '', {
      cause,
    });
  }
}

export function floats(data: Float32Array, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('float32', data, [...shape]);
}

export function integers(values: readonly number[], shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [...shape]);
}

/** Runs a graph once on float inputs and returns its float outputs by name. */
export async function runOnce(
  graph: Graph,
  inputs: Readonly<Record<string, Float32Array>>,
): Promise<Record<string, Float32Array>> {
  const session = await openSession(graph);
  const feeds: Feeds = {};
  for (const input of graph.inputs) feeds[input.name] = floats(inputs[input.name]!, input.shape);
  const outputs = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]),
  );
}
