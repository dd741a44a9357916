/** What a training keeps true of the weights while it changes them: compression, step by step. */

import type { Weights } from '../nets/parameters.ts';
import type { Arithmetic } from '../nets/training-graph.ts';

export interface Constraint {
  /** How numbers are represented in the forward pass. */
  readonly arithmetic?: Arithmetic | undefined;
  /** Weights that a mask holds at zero where it is 0. */
  readonly masked: ReadonlySet<string>;
  /** How many values the weights of a name share among them; all others are free. */
  readonly clusters: ReadonlyMap<string, number>;
  /**
   * Called before step `step` of `steps`, and at the latest before each step that `holdsUntil` named. It may change
   * the weights. What it gives is a function of weights and step alone, so that a resumed run goes on as it was.
   */
  readonly arrange: (state: Weights, step: number, steps: number) => Arrangement;
}

export interface Arrangement {
  /** A mask (1 free, 0 held at zero) for each `masked` name. */
  readonly masks: ReadonlyMap<string, Float32Array>;
  /** The cluster of each weight, for each name in `clusters`. */
  readonly clusters: ReadonlyMap<string, Int32Array>;
  /** The first step that needs to be arranged anew. */
  readonly holdsUntil: number;
}
