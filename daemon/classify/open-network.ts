/** A network run by whoever can. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { openIntegerNetwork } from './integer-network.ts';
import type { ExecutorName, Network, NetworkFile } from './network.ts';
import { openOnnxNetwork } from './onnx-network.ts';
import { tryRuntime } from './runtime-trial.ts';

/** @throws E_MODEL_... not what its card says, or nothing here can run it */
export async function openNetwork(file: NetworkFile, executor: ExecutorName): Promise<Network> {
  if (executor === 'integer') return openIntegerNetwork(file, 'model.executor asks for it');
  if (executor === 'onnxruntime') return openOnnxNetwork(file, 'model.executor asks for it');
  const trial = await tryRuntime(file.onnx, file.card.input.shape);
  return trial.runs ? openOnnxNetwork(file, 'it runs here') : openInstead(file, trial.why);
}

/** The integer executor where there is no runtime. */
function openInstead(file: NetworkFile, why: string): Network {
  try {
    return openIntegerNetwork(file, why);
  } catch (cause) {
    if (!(cause instanceof RhythmdError) || cause.code !== 'E_MODEL_UNSUPPORTED') throw cause;
    throw new RhythmdError('E_MODEL_UNSUPPORTED', `${why}, and ${cause.message}`, cause.fix, { cause });
  }
}
