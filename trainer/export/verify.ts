/** Is an exported model what was trained, and does it run in integers? */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dataset, readImage } from '../data/dataset.ts';
import { operatorsOf } from '../graph/onnx-model.ts';
import { floats, openSession, type Session } from '../graph/runtime.ts';

const BATCH = 64;
const PLANE = 1296;

/** Stored planes to the three channels of the model's input, as image `index` of a batch. */
export function expandPlanes(
  stored: Float32Array,
  planes: number,
  target: Float32Array,
  index: number,
): void {
  for (let c = 0; c < 3; c++) {
    const plane = stored.subarray((c % planes) * PLANE, ((c % planes) + 1) * PLANE);
    target.set(plane, (index * 3 + c) * PLANE);
  }
}

/** Logits of an exported model: [beats, classes]. */
export async function modelLogits(
  session: Session,
  dataset: Dataset,
  beats: Uint32Array,
): Promise<Float32Array> {
  let result = new Float32Array(0);
  const stored = new Float32Array(dataset.planes * PLANE);
  const images = new Float32Array(BATCH * 3 * PLANE);
  for (let first = 0; first < beats.length; first += BATCH) {
    const count = Math.min(BATCH, beats.length - first);
    for (let i = 0; i < count; i++) {
      readImage(dataset, beats[first + i]!, stored, 0);
      expandPlanes(stored, dataset.planes, images, i);
    }
    const input = floats(images.subarray(0, count * 3 * PLANE), [count, 3, 36, 36]);
    const output = await session.run({ image: input });
    const logits = output.logits!.data as Float32Array;
    const classes = logits.length / count;
    if (first === 0) result = new Float32Array(beats.length * classes);
    result.set(logits, first * classes);
  }
  return result;
}

/** How often each operator occurs once onnxruntime has optimised the model. */
export async function optimizedOperators(model: Uint8Array): Promise<Map<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-model-'));
  try {
    const path = join(folder, 'optimized.onnx');
    await (await openSession(model, 'all', path)).release();
    return operatorsOf(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Operators that compute in floats what an integer kernel should. */
const FLOAT_KERNELS = ['Conv', 'FusedConv', 'Gemm', 'MatMul', 'FusedGemm'];

/** The float kernels left in an optimised model; empty when everything heavy runs in integers. */
export function floatKernels(operators: ReadonlyMap<string, number>): string[] {
  return FLOAT_KERNELS.filter((operator) => operators.has(operator));
}
