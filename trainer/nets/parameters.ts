/** The numbers of a network: which there are, how they begin. */
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { sizeOf } from '../graph/graph.ts';
import type { Layer, Network } from './network.ts';

/**
 * `weight` decays and is compressed; `bias`, `scale`, `shift` are learned too; `mean` and `variance` are running
 * statistics of batch normalisation, counted by no one as parameters.
 */
export type ParameterRole = 'weight' | 'bias' | 'scale' | 'shift' | 'mean' | 'variance';

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  /** Inputs that one output sums, more where weights are to begin smaller: what the first weights are scaled by. */
  readonly fanIn: number;
}

/** Values by parameter name. */
export type Weights = ReadonlyMap<string, Float32Array>;

export function parametersOf(network: Network): Parameter[] {
  return network.layers.flatMap(parametersOfLayer);
}

export function parametersOfLayer(layer: Layer): Parameter[] {
  const channels = layer.shape[0];
  const { gain = 1 } = layer;
  const make = (suffix: string, role: ParameterRole, shape: readonly number[], fanIn = 1): Parameter => ({
    name: `${layer.name}.${suffix}`,
    shape,
    role,
    fanIn: fanIn / gain ** 2,
  });
  switch (layer.kind) {
    case 'convolution': {
      const depth = layer.inputs[0]!.shape[0];
      const shape = [channels, depth, ...layer.kernel];
      const weight = make('weight', 'weight', shape, depth * layer.kernel[0] * layer.kernel[1]);
      return layer.bias ? [weight, make('bias', 'bias', [channels])] : [weight];
    }
    case 'depthwise': {
      const shape = [channels, 1, ...layer.kernel];
      const weight = make('weight', 'weight', shape, layer.kernel[0] * layer.kernel[1]);
      return layer.bias ? [weight, make('bias', 'bias', [channels])] : [weight];
    }
    case 'affine':
      return [make('scale', 'scale', [channels]), make('shift', 'shift', [channels])];
    case 'batchNorm':
      return [
        make('scale', 'scale', [channels]),
        make('shift', 'shift', [channels]),
        make('mean', 'mean', [channels]),
        make('variance', 'variance', [channels]),
      ];
    case 'dense': {
      const depth = sizeOf(layer.inputs[0]!.shape);
      return [make('weight', 'weight', [channels, depth], depth), make('bias', 'bias', [channels])];
    }
    default:
      return [];
  }
}

export function isTrained({ role }: Parameter): boolean {
  return role !== 'mean' && role !== 'variance';
}

/** As the published definitions count: learned values, without running statistics. */
export function countParameters(network: Network): number {
  return parametersOf(network)
    .filter(isTrained)
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** First values: He's normal distribution for weights that feed a rectifier, 1 and 0 elsewhere. */
export function initialWeights(network: Network, seed: number): Map<string, Float32Array> {
  const random = new SeededRandom(seed);
  const weights = new Map<string, Float32Array>();
  for (const { name, shape, role, fanIn } of parametersOf(network)) {
    const values = new Float32Array(sizeOf(shape));
    if (role === 'scale' || role === 'variance') values.fill(1);
    if (role === 'weight') {
      const deviation = Math.sqrt(2 / fanIn);
      for (let i = 0; i < values.length; i++) values[i] = random.gaussian() * deviation;
    }
    weights.set(name, values);
  }
  return weights;
}
