/** Does whoever runs a model here answer as where it was made? The card's golden inputs tell. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { goldenInput } from '@rhythmd/ecg/synthetic/golden-inputs.ts';
import type { Classifier, GoldenCheck } from './classifier.ts';

/**
 * Of the largest logarithm: sums of floats in another order differ by a hundredth of this, a byte that was added
 * otherwise by ten times as much or more.
 */
const TOLERANCE = 1e-3;
/** Below it probabilities are no longer whole floats. */
const LEAST_LOGARITHM = -80;

/** @throws E_MODEL_RUN when it does not answer at all */
export async function goldenCheck(classifier: Classifier, path: string): Promise<GoldenCheck> {
  const { golden, input, output } = classifier.card;
  if (golden === undefined || output !== 'logits') return { exact: null, problem: null };
  const size = input.shape.reduce((product, length) => product * length, 1);
  let different = 0;
  for (const { seed, logits } of golden) {
    const probabilities = await classifier.classify(goldenInput(seed, size), 1);
    if (!areAlike(logarithms(logits), Array.from(probabilities, Math.log))) different++;
  }
  if (different === 0) return { exact: true, problem: null };
  const problem = new RhythmdError(
    'E_MODEL_INEXACT',
    `${path}: ${different} of ${golden.length} golden inputs are answered otherwise here than on the model's card`,
    'Its figures do not hold here. Set model.executor = "auto" or "integer", or export it again: older files have signed weights.',
  );
  return { exact: false, problem };
}

/** Of the probabilities that logits stand for. */
function logarithms(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const total = top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
  return logits.map((logit) => logit - total);
}

function areAlike(expected: readonly number[], found: readonly number[]): boolean {
  if (expected.length !== found.length) return false;
  const bounded = (value: number): number => Math.max(LEAST_LOGARITHM, value);
  const largest = Math.max(1, ...expected.map((value) => Math.abs(bounded(value))));
  // Written so that a NaN is no likeness.
  return expected.every((value, i) => Math.abs(bounded(value) - bounded(found[i]!)) <= TOLERANCE * largest);
}
