/** Files that are no model, or end too early, are refused; what a model holds is read as its writer wrote it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { readOnnx } from '@rhythmd/ecg/network/onnx/graph.ts';
import { fieldsOf, integersOf } from '@rhythmd/ecg/network/onnx/wire.ts';
import { Graph } from '@rhythmd/trainer/graph/graph.ts';
import { encodeModel } from '@rhythmd/trainer/graph/onnx-model.ts';

function model(): Uint8Array {
  const graph = new Graph('made');
  const image = graph.input('image', [-1, 3, 4]);
  const bounds = [[-1], [2 ** 40], [-2]].map((values) => graph.integers(values));
  const sliced = graph.add('Slice', [image, ...bounds], [-1, 1, 4]);
  const kept = graph.add('LeakyRelu', [sliced], [-1, 1, 4], { alpha: { float: 0.25 } });
  graph.named('weight', Int8Array.of(-128, -1, 0, 127), [2, 2]);
  graph.named('floats', Float32Array.of(0.1, -3e38), [2]);
  graph.output(
    'logits',
    graph.add('MaxPool', [kept], [-1, 1, 2], { kernel_shape: [1, 2], auto_pad: 'NOTSET' }),
  );
  return encodeModel(graph, { name: 'made' });
}

test('no file is a model of nothing', () => {
  assert.throws(() => readOnnx(new Uint8Array(0)), { code: 'E_MODEL_LOAD' });
  assert.throws(() => readOnnx(new TextEncoder().encode('version https://git-lfs')), {
    code: 'E_MODEL_LOAD',
  });
});

test('a file cut anywhere is refused or holds less, but nothing else is thrown', () => {
  const whole = model();
  for (let length = 0; length < whole.length; length++) {
    try {
      readOnnx(whole.subarray(0, length));
    } catch (error) {
      assert.ok(error instanceof RhythmdError, `${length} bytes: ${String(error)}`);
    }
  }
});

test('a file with any byte changed is refused or read, but nothing else is thrown', () => {
  const whole = model();
  for (let at = 0; at < whole.length; at++) {
    for (const change of [0x01, 0x80, 0xff]) {
      const bytes = Uint8Array.from(whole);
      bytes[at]! ^= change;
      try {
        readOnnx(bytes);
      } catch (error) {
        assert.ok(error instanceof RhythmdError, `byte ${at}: ${String(error)}`);
      }
    }
  }
});

test('operators, constants, inputs and attributes', () => {
  const { nodes, constants, inputs, outputs } = readOnnx(model());
  assert.deepEqual(
    nodes.map(({ operator }) => operator),
    ['Slice', 'LeakyRelu', 'MaxPool', 'Identity'],
  );
  assert.deepEqual(inputs, [{ name: 'image', type: 'float', shape: [-1, 3, 4] }]);
  assert.deepEqual(outputs, ['logits']);
  assert.deepEqual(constants.get('weight')?.data, Int8Array.of(-128, -1, 0, 127));
  assert.deepEqual(constants.get('weight')?.shape, [2, 2]);
  assert.deepEqual(constants.get('floats')?.data, Float32Array.of(0.1, -3e38));
  const [start, end] = nodes[0]!.inputs.slice(1).map((name) => constants.get(name)!.data[0]);
  assert.deepEqual([start, end], [-1, 2 ** 40]);
  assert.equal(nodes[1]!.attributes.get('alpha'), 0.25);
  assert.deepEqual(nodes[2]!.attributes.get('kernel_shape'), [1, 2]);
  assert.equal(nodes[2]!.attributes.get('auto_pad'), 'NOTSET');
});

test('negative numbers are ten bytes long', () => {
  const field = [
    ...fieldsOf(Uint8Array.of(0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)),
  ][0]!;
  const values: number[] = [];
  integersOf(field, values);
  assert.deepEqual([field.number, ...values], [1, -2]);
});
