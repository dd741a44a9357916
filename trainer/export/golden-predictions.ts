/** What a model answers to the golden inputs where it is made: the card tells it to whoever runs it elsewhere. */
import { GOLDEN_SEEDS, goldenInput } from '@rhythmd/ecg/synthetic/golden-inputs.ts';
import { floats, openSession } from '../graph/runtime.ts';

export interface GoldenPrediction {
  readonly seed: number;
  readonly logits: readonly number[];
}

/**
 * @param shape of one input, without the batch
 * @returns an answer a seed, as the runtime gives it that the daemon uses
 */
export async function goldenPredictions(
  model: Uint8Array,
  shape: readonly number[],
): Promise<GoldenPrediction[]> {
  const session = await openSession(model, 'all');
  const size = shape.reduce((product, length) => product * length, 1);
  const answers: GoldenPrediction[] = [];
  for (const seed of GOLDEN_SEEDS) {
    const outputs = await session.run({
      [session.inputNames[0]!]: floats(goldenInput(seed, size), [1, ...shape]),
    });
    const logits = outputs[session.outputNames[0]!]!.data as Float32Array;
    answers.push({ seed, logits: Array.from(logits) });
  }
  await session.release();
  return answers;
}
