/** Weights of few different values as one byte each and a table: the file is a quarter before it is archived. */
import type { Graph, Tensor } from '../graph/graph.ts';
import { FLOAT, type Representation, weightShape } from './inference-graph.ts';

/** What a byte can tell apart. */
const MOST_VALUES = 256;

/** The runtime looks the values up once, when it loads the model. */
export const SHARED_VALUES: Representation = {
  ...FLOAT,
  parameters: (graph, layer) => {
    const plain = FLOAT.parameters;
    const table = new Map<number, number>();
    for (const value of layer.weight!) {
      if (!table.has(value)) table.set(value, table.size);
      if (table.size > MOST_VALUES) return plain(graph, layer);
    }
    if (table.size * 4 >= layer.weight!.length) return plain(graph, layer);
    const weight = lookedUp(graph, layer.name, layer.weight!, table, weightShape(layer));
    return { weight, bias: graph.named(`${layer.name}.bias`, layer.bias!, [layer.bias!.length]) };
  },
  output: FLOAT.output,
};

function lookedUp(
  graph: Graph,
  name: string,
  weight: Float32Array,
  table: ReadonlyMap<number, number>,
  shape: readonly number[],
): Tensor {
  const indices = Uint8Array.from(weight, (value) => table.get(value)!);
  const bytes = graph.named(`${name}.weight`, indices, shape);
  const values = graph.named(`${name}.values`, Float32Array.from(table.keys()), [table.size]);
  const index = graph.add('Cast', [bytes], shape, { to: 6 }, 'int32');
  return graph.add('Gather', [values, index], shape, { axis: 0 });
}
