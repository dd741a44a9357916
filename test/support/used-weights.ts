/** Weights as after a training that nobody waited for. */
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import type { Network } from '@rhythmd/trainer/nets/network.ts';
import { initialWeights, parametersOf } from '@rhythmd/trainer/nets/parameters.ts';

/** Statistics and biases that are neither 0 nor 1. */
export function usedWeights(network: Network): Map<string, Float32Array> {
  const weights = initialWeights(network, 7);
  const random = new SeededRandom(8);
  for (const { name, role } of parametersOf(network)) {
    if (role === 'weight') continue;
    const isFactor = role === 'scale' || role === 'variance';
    weights.set(
      name,
      weights.get(name)!.map(() => (isFactor ? 0.7 + 0.6 * random.uniform() : 0.2 * random.gaussian())),
    );
  }
  return weights;
}
