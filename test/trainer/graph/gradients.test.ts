/** Each operator's output and every element of its gradients against float64 references. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph, sizeOf, type Tensor } from '@rhythmd/trainer/graph/graph.ts';
import { relu, relu6, sigmoid, swish } from '@rhythmd/trainer/graph/ops/activation.ts';
import { affine } from '@rhythmd/trainer/graph/ops/affine.ts';
import { batchNorm } from '@rhythmd/trainer/graph/ops/batch-norm.ts';
import { convolution } from '@rhythmd/trainer/graph/ops/convolution.ts';
import { addBias, dense, dropout, softmaxCrossEntropy } from '@rhythmd/trainer/graph/ops/dense.ts';
import { depthwiseConvolution } from '@rhythmd/trainer/graph/ops/depthwise.ts';
import { add, concat, reshape, scaleChannels, take } from '@rhythmd/trainer/graph/ops/joining.ts';
import type { Sliding } from '@rhythmd/trainer/graph/ops/patches.ts';
import { averagePool, globalAverage, maxPool } from '@rhythmd/trainer/graph/ops/pooling.ts';
import { runOnce } from '@rhythmd/trainer/graph/runtime.ts';
import { Tape } from '@rhythmd/trainer/graph/tape.ts';
import {
  type Array64,
  addBias64,
  array64,
  averagePool64,
  batchNorm64,
  convolution64,
  crossEntropy64,
  dense64,
  depthwise64,
  maxPool64,
  numericGradient,
  scaleChannels64,
} from '../../support/reference-operators.ts';

interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly build: (tape: Tape, ...inputs: Tensor[]) => Tensor;
  readonly reference: (inputs: readonly Array64[]) => Array64;
}

function sliding(
  kernel: [number, number],
  stride: [number, number],
  pads: [number, number, number, number],
): Sliding {
  return { kernel, stride, pads };
}

const square = sliding([3, 3], [1, 1], [1, 1, 1, 1]);
const halving = sliding([3, 3], [2, 2], [1, 1, 1, 1]);
const slidings: [string, Sliding, number, number][] = [
  ['1x1', sliding([1, 1], [1, 1], [0, 0, 0, 0]), 3, 4],
  ['1x1 stride 2, odd', sliding([1, 1], [2, 2], [0, 0, 0, 0]), 5, 5],
  ['1x1 stride 2, even', sliding([1, 1], [2, 2], [0, 0, 0, 0]), 4, 6],
  ['3x3 same', square, 4, 5],
  ['3x3 stride 2, even', halving, 6, 4],
  ['3x3 stride 2, odd', halving, 5, 5],
  ['5x5 same on 3x3', sliding([5, 5], [1, 1], [2, 2, 2, 2]), 3, 3],
  ['5x5 stride 2', sliding([5, 5], [2, 2], [2, 2, 2, 2]), 6, 5],
  ['7x7 stride 2', sliding([7, 7], [2, 2], [3, 3, 3, 3]), 8, 8],
  ['1x5 stride 2, one row', sliding([1, 5], [1, 2], [0, 2, 0, 2]), 1, 12],
  ['2x2 stride 2 leaves an edge', sliding([2, 2], [2, 2], [0, 0, 0, 0]), 5, 5],
  ['3x3 without pads', sliding([3, 3], [1, 1], [0, 0, 0, 0]), 5, 4],
];

const map = [3, 4, 5, 2];
const noise = random(sizeOf(map), 99).map((value) => value - Math.floor(value));
const target = Float32Array.of(1, 0, 0, 2, 0, 0, 0, 0, 0.5, 0, 0.5, 0);

const cases: Case[] = [
  ...slidings.flatMap(([name, s, h, w]): Case[] => [
    {
      name: `convolution ${name}`,
      shapes: [
        [3, h, w, 2],
        [4, 3, ...s.kernel],
      ],
      build: (tape, x, weight) => convolution(tape, x!, weight!, s),
      reference: ([x, weight]) => convolution64(x!, weight!, s),
    },
    {
      name: `depthwise ${name}`,
      shapes: [
        [3, h, w, 2],
        [3, 1, ...s.kernel],
      ],
      build: (tape, x, weight) => depthwiseConvolution(tape, x!, weight!, s),
      reference: ([x, weight]) => depthwise64(x!, weight!, s),
    },
  ]),
  ...[square, halving, sliding([5, 5], [2, 2], [2, 2, 2, 2])].map(
    (s): Case => ({
      name: `depthwise row by row, ${s.kernel[0]}x${s.kernel[1]} stride ${s.stride[0]}`,
      shapes: [
        [2, 10, 11, 2],
        [2, 1, ...s.kernel],
      ],
      build: (tape, x, weight) => depthwiseConvolution(tape, x!, weight!, s),
      reference: ([x, weight]) => depthwise64(x!, weight!, s),
    }),
  ),
  {
    name: 'batch normalisation',
    shapes: [map, [3], [3]],
    build: (tape, x, gamma, beta) => batchNorm(tape, x!, gamma!, beta!, 1e-3).output,
    reference: ([x, gamma, beta]) => batchNorm64(x!, gamma!, beta!, 1e-3),
  },
  unary('relu', relu, (x) => Math.max(0, x)),
  unary(
    'relu6',
    (tape, x) => relu6(tape, x),
    (x) => Math.min(6, Math.max(0, x)),
  ),
  unary('sigmoid', sigmoid, (x) => 1 / (1 + Math.exp(-x))),
  unary('swish', swish, (x) => x / (1 + Math.exp(-x))),
  unary(
    'dropout',
    (tape, x) => dropout(tape, x, tape.graph.constant(noise, map), 0.3),
    (x, i) => (noise[i]! >= Math.fround(0.3) ? x / 0.7 : 0),
  ),
  unary(
    'reshape',
    (tape, x) => reshape(tape, x, [3, 1, 20, 2]),
    (x) => x,
  ),
  unary(
    'used twice',
    (tape, x) => add(tape, x, x),
    (x) => 2 * x,
  ),
  {
    name: 'add',
    shapes: [map, map],
    build: (tape, a, b) => add(tape, a!, b!),
    reference: ([a, b]) =>
      array64(
        a!.shape,
        a!.data.map((value, i) => value + b!.data[i]!),
      ),
  },
  {
    name: 'concat',
    shapes: [
      [2, 2, 2, 2],
      [1, 2, 2, 2],
      [3, 2, 2, 2],
    ],
    build: (tape, ...inputs) => concat(tape, inputs),
    reference: (inputs) =>
      array64(
        [6, 2, 2, 2],
        inputs.flatMap((input) => [...input.data]),
      ),
  },
  {
    name: 'take channels',
    shapes: [[4, 2, 2, 2]],
    build: (tape, x) => take(tape, x!, 0, 1, 3),
    reference: ([x]) => array64([2, 2, 2, 2], x!.data.subarray(8, 24)),
  },
  {
    name: 'take rows',
    shapes: [[1, 5, 2, 2]],
    build: (tape, x) => take(tape, x!, 1, 1, 4),
    reference: ([x]) => array64([1, 3, 2, 2], x!.data.subarray(4, 16)),
  },
  {
    name: 'scale channels',
    shapes: [map, [3, 1, 1, 2]],
    build: (tape, x, gate) => scaleChannels(tape, x!, gate!),
    reference: ([x, gate]) => scaleChannels64(x!, gate!),
  },
  {
    name: 'affine',
    shapes: [map, [3], [3]],
    build: (tape, x, scale, shift) => affine(tape, x!, scale!, shift!),
    reference: ([x, scale, shift]) =>
      array64(
        x!.shape,
        x!.data.map(
          (value, i) => value * scale!.data[Math.floor(i / 40)]! + shift!.data[Math.floor(i / 40)]!,
        ),
      ),
  },
  {
    name: 'bias',
    shapes: [map, [3]],
    build: (tape, x, bias) => addBias(tape, x!, bias!),
    reference: ([x, bias]) => addBias64(x!, bias!),
  },
  {
    name: 'dense',
    shapes: [[5, 3], [4, 5], [4]],
    build: (tape, x, weight, bias) => dense(tape, x!, weight!, bias!),
    reference: ([x, weight, bias]) => dense64(x!, weight!, bias!),
  },
  {
    name: 'softmax cross-entropy, weighted and soft targets',
    shapes: [[6, 2]],
    build: (tape, logits) => softmaxCrossEntropy(tape, logits!, tape.graph.constant(target, [6, 2])),
    reference: ([logits]) => crossEntropy64(logits!, target),
  },
  {
    name: 'global average',
    shapes: [map],
    build: (tape, x) => globalAverage(tape, x!),
    reference: ([x]) => averagePool64(x!, sliding([4, 5], [1, 1], [0, 0, 0, 0])),
  },
  ...[square, halving, sliding([2, 2], [2, 2], [0, 0, 0, 0])].flatMap((s): Case[] => [
    {
      name: `max pool ${s.kernel[0]}x${s.kernel[1]} stride ${s.stride[0]}`,
      shapes: [[2, 5, 6, 2]],
      build: (tape, x) => maxPool(tape, x!, s),
      reference: ([x]) => maxPool64(x!, s),
    },
    {
      name: `average pool ${s.kernel[0]}x${s.kernel[1]} stride ${s.stride[0]}`,
      shapes: [[2, 5, 6, 2]],
      build: (tape, x) => averagePool(tape, x!, s),
      reference: ([x]) => averagePool64(x!, s),
    },
  ]),
];

function unary(
  name: string,
  build: (tape: Tape, x: Tensor) => Tensor,
  f: (value: number, index: number) => number,
): Case {
  return {
    name,
    shapes: [map],
    build: (tape, x) => build(tape, x!),
    reference: ([x]) => array64(x!.shape, x!.data.map(f)),
  };
}

/** Between -4 and 8, so that every branch of the activations is met; never on a corner. */
function random(size: number, seed: number): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 12 - 4 + 1e-3;
  });
}

for (const { name, shapes, build, reference } of cases) {
  test(`${name}: forward and every element of its gradients`, async () => {
    const graph = new Graph('test');
    const tape = new Tape(graph, true);
    const tensors = shapes.map((shape, i) => graph.input(`input${i}`, shape));
    for (const tensor of tensors) tape.want(tensor);
    const output = build(tape, ...tensors);
    const values = shapes.map((shape, i) => random(sizeOf(shape), i + 1));
    const direction = random(sizeOf(output.shape), 50);
    const gradients = tape.gradients(output, graph.constant(direction, output.shape), tensors);
    graph.output('result', output);
    for (const [i, gradient] of gradients.entries()) graph.output(`gradient${i}`, gradient!);

    const inputs = Object.fromEntries(values.map((value, i) => [`input${i}`, value]));
    const actual = await runOnce(graph, inputs);
    const exact = values.map((value, i) => array64(shapes[i]!, value));
    assertClose(actual.result!, reference(exact).data, 'output');
    for (const i of shapes.keys()) {
      assert.deepEqual(gradients[i]!.shape, shapes[i]);
      assertClose(actual[`gradient${i}`]!, numericGradient(reference, exact, i, direction), `gradient ${i}`);
    }
  });
}

function assertClose(actual: Float32Array, expected: Float64Array, what: string): void {
  assert.equal(actual.length, expected.length, what);
  const scale = Math.max(1, ...expected.map(Math.abs));
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!) / scale;
    assert.ok(error < 3e-6, `${what}[${i}]: ${actual[i]} instead of ${expected[i]}`);
  }
}
