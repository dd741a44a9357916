/** How a graph lies in its file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph } from '@rhythmd/trainer/graph/graph.ts';
import { encodeModel } from '@rhythmd/trainer/graph/onnx-model.ts';
import { floats, openSession } from '@rhythmd/trainer/graph/runtime.ts';

test('numbers for names leave out those that inputs and outputs are called by', async () => {
  const graph = new Graph('numbers');
  let x = graph.input('3', [2]);
  for (let i = 0; i < 12; i++) x = graph.add('Neg', [x], [2]);
  graph.output('a', x);
  for (const layout of ['named', 'numbered', 'packed'] as const) {
    const session = await openSession(encodeModel(graph, {}, layout));
    const { a } = await session.run({ 3: floats(Float32Array.of(1, -2), [2]) });
    assert.deepEqual(a?.data, Float32Array.of(1, -2));
    await session.release();
  }
});
