/** Gradual magnitude pruning (Zhu and Gupta 2017): the masks grow while the weights that stay learn to do without. */
import type { Weights } from '../../nets/parameters.ts';
import type { Constraint } from '../../train/constraint.ts';
import { keptByLayer, zeroSmallest } from './magnitude.ts';

/** Masks grow in this share of the steps; in the rest the survivors settle. */
const RAMP = 0.6;
/** Times that masks grow. */
const CUTS = 16;

/** Zeros wanted: one share of all weights together, or one for each of them by name. */
export type SparsityGoal = number | ReadonlyMap<string, number>;

/** Share of the goal after `cut` of `CUTS`: most goes early, when most is left to recover with. */
function rampAt(cut: number): number {
  return 1 - (1 - cut / CUTS) ** 3;
}

/**
 * @param names the weights that may become zero
 * @param arithmetic what the survivors are fitted to
 */
export function gradualPruning(
  names: readonly string[],
  goal: SparsityGoal,
  arithmetic?: Constraint['arithmetic'],
): Constraint {
  return {
    arithmetic,
    masked: new Set(names),
    clusters: new Map(),
    arrange: (state, step, steps) => {
      const every = Math.max(1, Math.floor((steps * RAMP) / CUTS));
      const cut = step / every + 1;
      if (Number.isInteger(cut) && cut <= CUTS) prune(state, names, goal, rampAt(cut));
      const next = (Math.floor(step / every) + 1) * every;
      const isRampOver = Math.floor(step / every) + 1 >= CUTS;
      return {
        masks: masksOf(state, names),
        clusters: new Map(),
        holdsUntil: isRampOver ? Number.POSITIVE_INFINITY : next,
      };
    },
  };
}

/** Weights that are zero stay so; `arithmetic` is what the survivors are fitted to. */
export function keepingZeros(names: readonly string[], arithmetic?: Constraint['arithmetic']): Constraint {
  return {
    arithmetic,
    masked: new Set(names),
    clusters: new Map(),
    arrange: (state) => ({
      masks: masksOf(state, names),
      clusters: new Map(),
      holdsUntil: Number.POSITIVE_INFINITY,
    }),
  };
}

function prune(state: Weights, names: readonly string[], goal: SparsityGoal, share: number): void {
  const weights = new Map(names.map((name) => [name, state.get(name)!]));
  const kept =
    typeof goal === 'number'
      ? keptByLayer(weights, goal * share)
      : new Map(names.map((name) => [name, keptOf(weights.get(name)!, (goal.get(name) ?? 0) * share)]));
  for (const [name, values] of weights) zeroSmallest(values, kept.get(name)!);
}

function keptOf(values: Float32Array, sparsity: number): number {
  return Math.round(values.length * (1 - sparsity));
}

export function masksOf(state: Weights, names: readonly string[]): Map<string, Float32Array> {
  return new Map(names.map((name) => [name, state.get(name)!.map((value) => (value === 0 ? 0 : 1))]));
}
