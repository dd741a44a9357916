/** One compression of one trained network: what is trained further, under which constraint, and what is exported. */
import type { Dataset } from '../data/dataset.ts';
import type { FoldedNetwork } from '../export/folded.ts';
import type { QuantizationPlan, WeightScales } from '../export/quantization.ts';
import type { Network } from '../nets/network.ts';
import type { Weights } from '../nets/parameters.ts';
import type { Constraint } from '../train/constraint.ts';
import type { MeasuredChoice } from './by-layer/bit-allocation.ts';
import { WHOLE_MANTISSAS } from './prune/short-mantissas.ts';

/** A network with the values it has been trained to. */
export interface Trained {
  readonly network: Network;
  readonly weights: Weights;
}

export interface Stage {
  readonly network: Network;
  readonly begin: Weights;
  readonly constraint: Constraint;
  /** What the device runs, from the weights that the training ends with. */
  readonly finish: (weights: Weights) => Finished;
  /** What was decided for each weight, where layers were judged one by one. */
  readonly choices?: ReadonlyMap<string, MeasuredChoice>;
}

export interface Finished {
  readonly folded: FoldedNetwork;
  /** null: the model stays in floats. */
  readonly plan: QuantizationPlan | null;
  readonly scales: WeightScales;
  /** Bits of mantissa that weights may be shortened to: the first that the network answers the same with. */
  readonly mantissas?: readonly number[];
}

/** What stages measure on before anything is trained. */
export interface Materials {
  readonly dataset: Dataset;
  /** Beats that activations are calibrated on. */
  readonly train: Uint32Array;
  /** Beats that sensitivity is measured on. */
  readonly validation: Uint32Array;
  /** Makes what took minutes once; a resumed run finds it again. */
  readonly remember: <T>(name: string, make: () => Promise<T>) => Promise<T>;
}

/** A model that stays in floats. */
export function inFloats(folded: FoldedNetwork, mantissas: readonly number[] = WHOLE_MANTISSAS): Finished {
  return { folded, plan: null, scales: new Map(), mantissas };
}

/**
 * Dense convolutions and dense layers. The few weights of depthwise convolutions are left alone: they are three
 * percent of MobileNetV2, and each of them is a ninth of what its channel sees.
 */
export function prunableWeights({ layers }: Network): string[] {
  return layers
    .filter(({ kind }) => kind === 'convolution' || kind === 'dense')
    .map(({ name }) => `${name}.weight`);
}

/** Pruning writes into what it is given. */
export function copied(weights: Weights): Map<string, Float32Array> {
  return new Map([...weights].map(([name, values]) => [name, values.slice()]));
}
