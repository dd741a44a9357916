/**
 * Tries cases of one target in a thread of its own, so that one which never ends, or takes all memory, can be ended
 * from outside. The input at hand lies in shared memory: it is known even when nobody can be asked any more.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { MAX_KEPT, MAX_KEPT_BYTES } from './corpus.ts';
import { Coverage } from './coverage.ts';
import { MAX_INPUT_BYTES, mutated } from './mutate.ts';
import { TARGETS } from './targets.ts';

export interface WorkerTask {
  readonly target: string;
  readonly seed: number;
  readonly firstCase: number;
  readonly forMs: number;
  readonly corpus: readonly Uint8Array[];
  readonly shared: SharedArrayBuffer;
}

export interface WorkerReport {
  readonly cases: number;
  readonly blocks: number;
  readonly slowestMs: number;
  /** What is new in the corpus. */
  readonly kept: readonly Uint8Array[];
  readonly found: { readonly input: Uint8Array; readonly error: string } | null;
}

/** Between two looks at the counters, which take milliseconds. */
const BATCH = 256;
/** More outside of the heap is an input that took memory. */
const MAX_BUFFER_BYTES = 512 << 20;

/** Layout of the shared memory: the case's number, the input's length, the input. */
export const SHARED_BYTES = 8 + MAX_INPUT_BYTES;

async function work(task: WorkerTask): Promise<WorkerReport> {
  const target = TARGETS.find(({ name }) => name === task.target)!;
  const [numbers, content] = [new Int32Array(task.shared, 0, 2), new Uint8Array(task.shared, 8)];
  const coverage = new Coverage();
  await coverage.start();
  const seeds = target.seeds();
  const corpus = [...seeds, ...task.corpus];
  const kept: Uint8Array[] = [];
  let [cases, slowestMs] = [0, 0];
  const attempt = async (input: Uint8Array): Promise<string | null> => {
    content.set(input.subarray(0, MAX_INPUT_BYTES));
    numbers[1] = Math.min(input.length, MAX_INPUT_BYTES);
    Atomics.add(numbers, 0, 1);
    const startMs = performance.now();
    try {
      await target.run(input);
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
    const { arrayBuffers } = process.memoryUsage();
    return arrayBuffers > MAX_BUFFER_BYTES ? `${Math.round(arrayBuffers / 2 ** 20)} MB are in use` : null;
  };
  const report = (found: WorkerReport['found']) => ({
    cases,
    blocks: coverage.blocks,
    slowestMs,
    kept,
    found,
  });
  for (const input of corpus) {
    const error = await attempt(input);
    if (error !== null) return report({ input, error });
  }
  await coverage.take();
  const endMs = performance.now() + task.forMs;
  while (performance.now() < endMs) {
    const batch: Uint8Array[] = [];
    for (let i = 0; i < BATCH && performance.now() < endMs; i++) {
      const random = new SeededRandom(task.seed + 7919 * (task.firstCase + cases));
      const input = mutated(random, corpus, target.words ?? []);
      cases++;
      batch.push(input);
      const error = await attempt(input);
      if (error !== null) return report({ input, error });
    }
    if ((await coverage.take()) === 0) continue;
    // Which of them it was is not known: one of the batch is as likely as another to lead on, the small ones cost least.
    for (const input of batch.sort((a, b) => a.length - b.length).slice(0, 4)) {
      if (input.length > MAX_KEPT_BYTES || task.corpus.length + kept.length >= MAX_KEPT) continue;
      kept.push(input);
      corpus.push(input);
    }
  }
  return report(null);
}

if (parentPort !== null) {
  parentPort.postMessage(await work(workerData as WorkerTask));
}
