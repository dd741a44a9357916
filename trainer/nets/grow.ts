/**
 * A deeper network that begins as a trained shallower one: the layers both have keep their weights, the blocks
 * that lie between begin as identities (Net2DeeperNet, Chen et al. 2015; zero scale before an addition, Goyal et
 * al. 2017). ResNet101 is ResNet50 with 17 more blocks in its third stage.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Layer, Network } from './network.ts';
import { initialWeights, type Parameter, parametersOfLayer, type Weights } from './parameters.ts';

/**
 * @param trained of `small`: weights and running statistics
 * @param seed of what is new
 * @throws RhythmdError E_NETWORK_SHAPE when `large` is not `small` with layers put in at one place
 */
export function grownWeights(
  small: Network,
  trained: Weights,
  large: Network,
  seed: number,
): Map<string, Float32Array> {
  const from = layersWithParameters(small);
  const to = layersWithParameters(large);
  const added = to.length - from.length;
  let shared = 0;
  while (shared < from.length && haveSameShapes(from[shared]!, to[shared]!)) shared++;
  const pairs = from.map((layer, i) => [layer, to[i < shared ? i : i + added]!] as const);
  if (added < 0 || !pairs.every(([a, b]) => b !== undefined && haveSameShapes(a, b))) {
    throw new RhythmdError('E_NETWORK_SHAPE', `${large.name} is not a deeper ${small.name}`);
  }
  const weights = initialWeights(large, seed);
  for (const [a, b] of pairs) {
    const names = parametersOfLayer(b).map(({ name }) => name);
    for (const [i, { name }] of parametersOfLayer(a).entries()) weights.set(names[i]!, trained.get(name)!);
  }
  const summed = new Set(
    large.layers.filter(({ kind }) => kind === 'add').flatMap(({ inputs }) => inputs as Layer[]),
  );
  for (const layer of to.slice(shared, shared + added)) {
    if (layer.kind === 'batchNorm' && summed.has(layer)) weights.get(`${layer.name}.scale`)!.fill(0);
  }
  return weights;
}

function layersWithParameters({ layers }: Network): Layer[] {
  return layers.filter((layer) => parametersOfLayer(layer).length > 0);
}

function haveSameShapes(a: Layer, b: Layer): boolean {
  const shapes = (parameters: readonly Parameter[]): string =>
    parameters.map(({ role, shape }) => `${role} ${shape.join('x')}`).join();
  return shapes(parametersOfLayer(a)) === shapes(parametersOfLayer(b));
}
