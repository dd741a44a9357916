/**
 * The whole of training as one ONNX model: a Loop whose body is forward, loss, backward, and AdamW for one batch.
 * What a step changes (weights, moments, running statistics) is carried by the Loop, so it crosses to
 * JavaScript once a run, not once a step.
 */
import { Graph, sizeOf, type Tensor } from '../graph/graph.ts';
import { softmaxCrossEntropy } from '../graph/ops/dense.ts';
import { Tape } from '../graph/tape.ts';
import type { LayerOf, Network } from '../nets/network.ts';
import { isTrained, type Parameter, parametersOf } from '../nets/parameters.ts';
import { lowerNetwork } from '../nets/training-graph.ts';
import { adamStep } from './adam.ts';
import type { Constraint } from './constraint.ts';

/** Weight of a new batch in the running statistics. */
const STATISTICS_MOMENTUM = 0.1;

export interface TrainingModel {
  readonly graph: Graph;
  /** Everything a step changes, in the order of the model's state inputs and outputs. */
  readonly state: readonly StateEntry[];
  readonly noise: readonly NoiseEntry[];
  /** What the constraint arranges anew from time to time: masks (floats) and clusters (integers). */
  readonly arranged: readonly ArrangedEntry[];
  /** Values of one image as fed: planes x 1,296 (a replicated image is fed once). */
  readonly imageSize: number;
  readonly batch: number;
  readonly classes: number;
}

/** One row of numbers: a parameter, or one of its moments (`name/first`, `name/second`), which begin as zeros. */
export interface StateEntry {
  readonly name: string;
  readonly size: number;
}

export interface NoiseEntry {
  readonly name: string;
  /** How many random numbers one step takes. */
  readonly size: number;
}

export interface ArrangedEntry {
  /** `NAME/mask` or `NAME/cluster` */
  readonly name: string;
  readonly size: number;
}

export interface TrainingModelOptions {
  readonly network: Network;
  readonly batch: number;
  /** How many distinct planes an image has: 1 when all channels are the same. */
  readonly planes: number;
  readonly constraint?: Constraint | null;
}

export function buildTrainingModel({
  network,
  batch,
  planes,
  constraint = null,
}: TrainingModelOptions): TrainingModel {
  const graph = new Graph(`${network.name}-training`);
  const body = new Graph('step', graph);
  const parameters = parametersOf(network);
  const trained = parameters.filter(isTrained);
  const state = stateEntries(parameters, trained);
  const classes = network.output.shape[0];
  const imageSize = planes * network.layers[0]!.shape[1] * network.layers[0]!.shape[2];
  const dropouts = network.layers.filter((layer): layer is LayerOf<'dropout'> => layer.kind === 'dropout');
  const noise = dropouts.map((layer) => ({ name: layer.name, size: sizeOf(layer.shape) * batch }));

  const trips = graph.input('steps', [], 'int64');
  const images = graph.input('images', [-1, batch, imageSize]);
  const targets = graph.input('targets', [-1, classes, batch]);
  const rates = graph.input('rates', [-1, 3]);
  const noiseInputs = noise.map(({ name, size }) => graph.input(`noise.${name}`, [-1, size]));
  const { arranged, masks, clusters } = arrangedInputs(graph, trained, constraint);

  const iteration = body.input('iteration', [], 'int64');
  const goesOn = body.input('goes_on', [], 'bool');
  const carried = new Map(state.map((entry) => [entry.name, body.input(entry.name, [entry.size])]));
  const shaped = new Map(
    parameters.map(({ name, shape }) => [name, body.reshape(carried.get(name)!, shape)]),
  );
  const ofStep = (tensor: Tensor, shape: readonly number[]): Tensor =>
    body.add('Gather', [tensor, iteration], shape, { axis: 0 });

  const tape = new Tape(body, true);
  for (const { name } of trained) tape.want(shaped.get(name)!);
  const noiseTensors = new Map(
    dropouts.map((layer, i) => [
      layer.name,
      body.reshape(ofStep(noiseInputs[i]!, [noise[i]!.size]), [...layer.shape, batch]),
    ]),
  );
  const { logits, statistics } = lowerNetwork(tape, network, {
    parameters: shaped,
    image: imageTensor(body, network, ofStep(images, [batch, imageSize]), batch, planes),
    noise: noiseTensors,
    arithmetic: constraint?.arithmetic,
  });
  const target = ofStep(targets, [classes, batch]);
  const loss = softmaxCrossEntropy(tape, logits, target);
  const gradients = tape.gradients(
    loss,
    body.scalar(1),
    trained.map(({ name }) => shaped.get(name)!),
  );

  const rateRow = ofStep(rates, [3]);
  const rateAt = (index: number): Tensor =>
    body.add('Gather', [rateRow, index0(body, index)], [], { axis: 0 });
  const stepRates = { rate: rateAt(0), epsilon: rateAt(1), kept: rateAt(2) };
  const next = new Map<string, Tensor>();
  for (const [i, { name, role }] of trained.entries()) {
    const cluster = clusters.get(name);
    const gradient = gradients[i]!;
    const updated = adamStep(
      body,
      {
        value: carried.get(name)!,
        first: carried.get(`${name}/first`)!,
        second: carried.get(`${name}/second`)!,
      },
      cluster === undefined ? gradient : shareWithinClusters(body, gradient, cluster),
      stepRates,
      role === 'weight',
    );
    const mask = masks.get(name);
    const { value } = updated;
    next.set(name, mask === undefined ? value : body.add('Mul', [value, mask], value.shape));
    next.set(`${name}/first`, updated.first);
    next.set(`${name}/second`, updated.second);
  }
  for (const [layerName, { mean, variance }] of statistics) {
    next.set(`${layerName}.mean`, blend(body, carried.get(`${layerName}.mean`)!, mean));
    next.set(`${layerName}.variance`, blend(body, carried.get(`${layerName}.variance`)!, variance));
  }

  body.output('still_goes_on', goesOn);
  // The tensors themselves: an Identity for a name's sake would copy every weight in every step.
  for (const { name } of state) body.outputs.push(next.get(name)!);
  body.output('step_loss', loss);
  body.output('step_correct', countCorrect(body, logits, target, batch));

  const initial = state.map(({ name, size }) => graph.input(`${name}/in`, [size]));
  const final = state.map(({ name, size }) => ({
    name: `${name}/out`,
    shape: [size],
    type: 'float' as const,
  }));
  const losses = { name: 'losses', shape: [-1], type: 'float' as const };
  const correct = { name: 'correct', shape: [-1], type: 'float' as const };
  const always = graph.add('Cast', [graph.scalar(1)], [], { to: 9 }, 'bool');
  graph.addNode('Loop', [trips, always, ...initial], [...final, losses, correct], { body });
  graph.outputs.push(...final, losses, correct);
  return { graph, state, noise, arranged, imageSize, batch, classes };
}

interface ArrangedInputs {
  readonly arranged: readonly ArrangedEntry[];
  readonly masks: ReadonlyMap<string, Tensor>;
  readonly clusters: ReadonlyMap<string, Clusters>;
}

interface Clusters {
  /** [size]: which cluster each weight is of. */
  readonly index: Tensor;
  readonly count: number;
}

/** They stay the same for all steps of a run, so the loop's body reads them from outside. */
function arrangedInputs(
  graph: Graph,
  trained: readonly Parameter[],
  constraint: Constraint | null,
): ArrangedInputs {
  const arranged: ArrangedEntry[] = [];
  const masks = new Map<string, Tensor>();
  const clusters = new Map<string, Clusters>();
  for (const { name, shape } of trained) {
    const size = sizeOf(shape);
    const count = constraint?.clusters.get(name);
    if (constraint?.masked.has(name) === true) {
      masks.set(name, graph.input(`${name}/mask`, [size]));
      arranged.push({ name: `${name}/mask`, size });
    }
    if (count !== undefined) {
      clusters.set(name, { index: graph.input(`${name}/cluster`, [size], 'int32'), count });
      arranged.push({ name: `${name}/cluster`, size });
    }
  }
  return { arranged, masks, clusters };
}

/** The gradient by a shared value is the sum of those by the weights that share it. */
function shareWithinClusters(graph: Graph, gradient: Tensor, { index, count }: Clusters): Tensor {
  const flat = graph.reshape(gradient, index.shape);
  const zeros = graph.constant(new Float32Array(count), [count]);
  const attributes = { axis: 0, reduction: 'add' } as const;
  const sums = graph.add('ScatterElements', [zeros, index, flat], [count], attributes);
  return graph.add('Gather', [sums, index], index.shape, { axis: 0 });
}

/** Images come one after another; the graph wants them side by side. */
export function imageTensor(
  graph: Graph,
  network: Network,
  rows: Tensor,
  batch: number,
  planes: number,
): Tensor {
  const [channels, h, w] = network.layers[0]!.shape;
  const columns = graph.add('Transpose', [rows], [planes * h * w, batch], { perm: [1, 0] });
  const image = graph.reshape(columns, [planes, h, w, batch]);
  if (planes === channels) return image;
  const copies = Array.from({ length: channels / planes }, () => image);
  return graph.add('Concat', copies, [channels, h, w, batch], { axis: 0 });
}

function stateEntries(parameters: readonly Parameter[], trained: readonly Parameter[]): StateEntry[] {
  return [
    ...parameters.map(({ name, shape }): StateEntry => ({ name, size: sizeOf(shape) })),
    ...trained.flatMap(({ name, shape }): StateEntry[] => [
      { name: `${name}/first`, size: sizeOf(shape) },
      { name: `${name}/second`, size: sizeOf(shape) },
    ]),
  ];
}

function index0(graph: Graph, index: number): Tensor {
  return graph.constant(BigInt64Array.of(BigInt(index)), []);
}

function blend(graph: Graph, running: Tensor, measured: Tensor): Tensor {
  const { shape } = running;
  const kept = graph.add('Mul', [running, graph.scalar(1 - STATISTICS_MOMENTUM)], shape);
  return graph.add(
    'Add',
    [kept, graph.add('Mul', [measured, graph.scalar(STATISTICS_MOMENTUM)], shape)],
    shape,
  );
}

function countCorrect(graph: Graph, logits: Tensor, target: Tensor, batch: number): Tensor {
  const said = graph.add('ArgMax', [logits], [batch], { axis: 0, keepdims: 0 }, 'int64');
  const meant = graph.add('ArgMax', [target], [batch], { axis: 0, keepdims: 0 }, 'int64');
  const equal = graph.add('Equal', [said, meant], [batch], {}, 'bool');
  const ones = graph.add('Cast', [equal], [batch], { to: 1 });
  return graph.add('ReduceSum', [ones], [], { keepdims: 0 });
}
