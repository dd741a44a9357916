/** A model file in onnxruntime, which is loaded only when there is a model to run. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelFiles } from './model-files.ts';

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

export interface OnnxSession {
  readonly session: InferenceSession;
  readonly Tensor: typeof Tensor;
}

/** @throws E_MODEL_LOAD the runtime refuses the file */
export async function openOnnxSession(files: Pick<ModelFiles, 'path' | 'onnx'>): Promise<OnnxSession> {
  const runtime = await import('onnxruntime-node');
  try {
    const session = await runtime.InferenceSession.create(files.onnx, SESSION_OPTIONS);
    return { session, Tensor: runtime.Tensor };
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new RhythmdError('E_MODEL_LOAD', `${files.path}: ${reason}`, 'Is model.onnx an ONNX model?', {
      cause,
    });
  }
}
