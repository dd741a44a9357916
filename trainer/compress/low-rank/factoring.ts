/** Low-rank factorization as a stage. */
import { foldNetwork } from '../../export/folded.ts';
import { keepingZeros } from '../prune/gradual-pruning.ts';
import { copied, inFloats, type Stage, type Trained } from '../stage.ts';
import { trainableFolded } from '../trainable-folded.ts';
import { factored } from './factored.ts';

export function factoring(from: Trained, energy: number): Stage {
  const folded = trainableFolded(foldNetwork(from.network, from.weights));
  const { network, weights } = factored(folded.network, folded.weights, energy);
  return {
    network,
    begin: copied(weights),
    constraint: keepingZeros([]),
    finish: (trained) => inFloats(foldNetwork(network, trained)),
  };
}
