/** Low-rank factorization as a stage. Normalisation stays until the end: without it factors took epochs to recover. */
import { foldNetwork } from '../../export/folded.ts';
import { keepingZeros } from '../prune/gradual-pruning.ts';
import { copied, inFloats, type Stage, type Trained } from '../stage.ts';
import { factored } from './factored.ts';

export function factoring(from: Trained, energy: number): Stage {
  const { network, weights } = factored(from.network, from.weights, energy);
  return {
    network,
    begin: copied(weights),
    constraint: keepingZeros([]),
    finish: (trained) => inFloats(foldNetwork(network, trained)),
  };
}
