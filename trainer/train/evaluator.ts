/** A network that only answers, in the training layout: validation while training. */
import { WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import { type Dataset, readImage } from '../data/dataset.ts';
import { Graph } from '../graph/graph.ts';
import { type Feeds, floats, openSession, type Session } from '../graph/runtime.ts';
import { Tape } from '../graph/tape.ts';
import type { Network } from '../nets/network.ts';
import { type Parameter, parametersOf, type Weights } from '../nets/parameters.ts';
import { type Arithmetic, lowerNetwork } from '../nets/training-graph.ts';
import { imageTensor } from './training-model.ts';

const EVALUATION_BATCH = 64;

export class Evaluator {
  readonly #session: Session;
  readonly #parameters: readonly Parameter[];
  readonly #classes: number;

  private constructor(session: Session, parameters: readonly Parameter[], classes: number) {
    this.#session = session;
    this.#parameters = parameters;
    this.#classes = classes;
  }

  static async open(network: Network, planes: number, arithmetic?: Arithmetic): Promise<Evaluator> {
    const graph = new Graph(`${network.name}-evaluation`);
    const parameters = parametersOf(network);
    const tensors = new Map(parameters.map(({ name, shape }) => [name, graph.input(name, shape)]));
    const rows = graph.input('images', [EVALUATION_BATCH, planes * WINDOW_SAMPLES]);
    const image = imageTensor(graph, network, rows, EVALUATION_BATCH, planes);
    const lowered = lowerNetwork(new Tape(graph, false), network, {
      parameters: tensors,
      image,
      noise: new Map(),
      arithmetic,
    });
    graph.output('logits', lowered.logits);
    return new Evaluator(await openSession(graph), parameters, network.output.shape[0]);
  }

  /** Logits of the given beats, row by row: [beats, classes]. */
  async logits(weights: Weights, dataset: Dataset, beats: Uint32Array): Promise<Float32Array> {
    const size = dataset.planes * WINDOW_SAMPLES;
    const result = new Float32Array(beats.length * this.#classes);
    const feeds: Feeds = {};
    for (const { name, shape } of this.#parameters) feeds[name] = floats(weights.get(name)!, shape);
    const images = new Float32Array(EVALUATION_BATCH * size);
    for (let first = 0; first < beats.length; first += EVALUATION_BATCH) {
      const count = Math.min(EVALUATION_BATCH, beats.length - first);
      for (let i = 0; i < count; i++) readImage(dataset, beats[first + i]!, images, i * size);
      feeds.images = floats(images, [EVALUATION_BATCH, size]);
      const columns = (await this.#session.run(feeds)).logits!.data as Float32Array;
      for (let i = 0; i < count; i++)
        for (let c = 0; c < this.#classes; c++)
          result[(first + i) * this.#classes + c] = columns[c * EVALUATION_BATCH + i]!;
    }
    return result;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
