/** All that is particular to one network: how it is built, trained and compressed, and what is asked of it. */
import type { Protocol } from '../data/splits.ts';
import type { Network } from '../nets/network.ts';
import type { Recipe } from '../train/recipe.ts';

/** A recipe without what the command line names. */
export type Training = Omit<Recipe, 'network' | 'protocol' | 'seed' | 'fold' | 'compression'>;

export interface CompressionPreset {
  /** Share of the prunable weights that become zero (`pruned`). */
  readonly sparsity: number;
  /** What all weights may take by their entropy (`per-layer`): the archive has scales, biases and the graph besides. */
  readonly weightBytes: number;
  /** Of a network with tens of millions of parameters, whose steps cost seconds; absent: it is a small one. */
  readonly large?: {
    /** Of the weights, pruned and quantized. */
    readonly bits: number;
    /** Steps after what loses much at first, and after everything else. */
    readonly longSteps: number;
    readonly shortSteps: number;
    /** Validation beats that each layer's coarsenings are measured on. */
    readonly measuredBeats: number;
  };
}

/** A row of the paper's Tables 3 to 6: accuracy, precision, recall, size in MB. */
export type PaperRow = readonly [number, number, number, number];

export interface Preset {
  /** As commands and files call it. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  readonly build: () => Network;
  readonly training: (protocol: Protocol) => Training;
  readonly compression: CompressionPreset;
  /** Small enough for the device: measured under both protocols, always. */
  readonly isSmall: boolean;
  /** Of one of the paper's five. */
  readonly paper?: {
    /** Its own figures, by method. */
    readonly figures: Readonly<Record<string, PaperRow>>;
    /** The archive, quantized and pruned, takes at most so many megabytes. */
    readonly mostMegabytes: number;
    /** About a tenth of the paper's: so many megabytes take an archive of any method that is as accurate. */
    readonly tenthMegabytes: number;
    /** Times as fast as PyTorch that a training step must be, by processor time in the paper's batch. */
    readonly leastSpeedRatio: number;
  };
}

/** Taken where nothing was measured. */
export const USUAL_COMPRESSION: CompressionPreset = { sparsity: 0.8, weightBytes: 100_000 };
