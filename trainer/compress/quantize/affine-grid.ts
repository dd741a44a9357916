/**
 * Batch normalisations that stand alone (DenseNet's) are a factor and an offset a channel, computed in floats. Trained
 * as signed bytes with one step a layer they are a byte each in the file: as floats with all their digits they were a
 * fifth of DenseNet201's archive, and no archive makes such floats smaller.
 */
import type { FoldedNetwork } from '../../export/folded.ts';
import { quantizeWeight, weightScales } from '../../export/quantization.ts';
import type { Weights } from '../../nets/parameters.ts';

/** Distance of two factors, and of two offsets, of one layer. */
export interface AffineSteps {
  readonly scale: number;
  readonly shift: number;
}

/** Powers of two, so that the export recognises the grid and floats hold it exactly. */
export function affineGrid({ layers }: FoldedNetwork): Map<string, AffineSteps> {
  const grid = new Map<string, AffineSteps>();
  for (const { name, layer, weight, bias } of layers) {
    if (layer.kind !== 'batchNorm' && layer.kind !== 'affine') continue;
    grid.set(name, { scale: stepOf(weight!), shift: stepOf(bias!) });
  }
  return grid;
}

/** As the forward pass of training rounds them. */
export function onAffineGrid(weights: Weights, grid: ReadonlyMap<string, AffineSteps>): Weights {
  const result = new Map(weights);
  for (const [layer, steps] of grid) {
    for (const [suffix, step] of Object.entries(steps)) {
      const name = `${layer}.${suffix}`;
      const { values } = quantizeWeight(weights.get(name)!, 1, Float32Array.of(step));
      result.set(
        name,
        Float32Array.from(values, (level) => level * step),
      );
    }
  }
  return result;
}

function stepOf(values: Float32Array): number {
  const [exact] = weightScales(values, 1);
  return 2 ** Math.ceil(Math.log2(exact!));
}
