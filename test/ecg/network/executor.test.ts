/** Every operator against onnxruntime, to the last bit, in both kernels; what can't be run is refused by name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Executor } from '@rhythmd/ecg/network/executor.ts';
import type { Graph, Tensor } from '@rhythmd/trainer/graph/graph.ts';
import {
  assertAnswersLikeRuntime,
  images,
  QuantizedGraph,
  SIGNED,
  type WeightForm,
} from '../../support/quantized-graph.ts';

const SCALE = 0.05;

function refused(build: (made: QuantizedGraph) => Tensor, message: RegExp): void {
  const made = new QuantizedGraph(1, [3, 8, 8]);
  const model = made.model(build(made));
  assert.throws(() => new Executor(model), { code: 'E_MODEL_UNSUPPORTED', message });
}

test('a graph of floats is refused by the name of its first layer', () => {
  refused(({ graph }) => {
    const weight = graph.named('weight', new Float32Array(4 * 3), [4, 3, 1, 1]);
    return graph.add('Conv', [graph.inputs[0]!, weight], [-1, 4, 8, 8], { kernel_shape: [1, 1] });
  }, /Conv "Conv" reads floats/);
});

test('an operator that it has not is refused by name', () => {
  refused((made) => made.graph.add('Softplus', [made.image()], [-1, 3, 8, 8]), /no operator Softplus/);
});

test('a bias in floats, a pool of windows that are not whole, a moved batch are refused', () => {
  refused((made) => {
    const [weight] = made.parameters([4, 3, 1, 1], SCALE) as [Tensor, Tensor];
    const bias = made.graph.named('bias', new Float32Array(4), [4]);
    return made.graph.add('Conv', [made.image(SCALE), weight, bias], [-1, 4, 8, 8]);
  }, /parameters in floats/);
  refused(
    (made) =>
      made.graph.add('MaxPool', [made.image()], [-1, 3, 4, 4], {
        kernel_shape: [3, 3],
        strides: [2, 2],
        ceil_mode: 1,
      }),
    /windows that are not whole/,
  );
  refused(
    (made) => made.graph.add('Transpose', [made.image()], [3, -1, 8, 8], { perm: [1, 0, 2, 3] }),
    /moves the batch/,
  );
});

test('several inputs or outputs are refused', () => {
  const made = new QuantizedGraph(1, [4]);
  made.graph.output('first', made.image());
  assert.throws(() => new Executor(made.model(made.image())), {
    code: 'E_MODEL_UNSUPPORTED',
    message: /2 outputs/,
  });
});

interface Layer {
  readonly channels: number;
  readonly outputs: number;
  readonly side: readonly [height: number, width: number];
  readonly kernel: readonly [height: number, width: number];
  readonly stride?: readonly [number, number];
  readonly pads?: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
  readonly group?: number;
  readonly form?: WeightForm;
}

function convolved(made: QuantizedGraph, input: Tensor, inputScale: number, layer: Layer): Tensor {
  const {
    channels,
    outputs,
    side,
    kernel,
    stride = [1, 1],
    pads = [0, 0, 0, 0],
    dilation = [1, 1],
    group = 1,
  } = layer;
  const parameters = made.parameters([outputs, channels / group, ...kernel], inputScale, layer.form);
  const size = [0, 1].map((axis) => {
    const window = (kernel[axis]! - 1) * dilation[axis]! + 1;
    return Math.floor((side[axis]! + pads[axis]! + pads[axis + 2]! - window) / stride[axis]!) + 1;
  });
  return made.graph.add('Conv', [input, ...parameters], [-1, outputs, ...size], {
    kernel_shape: kernel,
    strides: stride,
    pads,
    dilations: dilation,
    group,
  });
}

const CONVOLUTIONS: Readonly<Record<string, Layer>> = {
  'along a line': {
    channels: 2,
    outputs: 12,
    side: [1, 65],
    kernel: [1, 7],
    stride: [1, 2],
    pads: [0, 3, 0, 3],
  },
  'of 3 x 3 with stride and padding': {
    channels: 3,
    outputs: 5,
    side: [9, 8],
    kernel: [3, 3],
    stride: [2, 2],
    pads: [1, 1, 1, 1],
  },
  'of one pixel': { channels: 7, outputs: 9, side: [5, 5], kernel: [1, 1] },
  'with uneven padding': { channels: 1, outputs: 2, side: [6, 6], kernel: [2, 3], pads: [1, 0, 0, 2] },
  'with gaps in its window': {
    channels: 5,
    outputs: 6,
    side: [9, 11],
    kernel: [3, 3],
    dilation: [2, 3],
    pads: [2, 3, 2, 3],
  },
  depthwise: { channels: 6, outputs: 6, side: [7, 7], kernel: [3, 3], pads: [1, 1, 1, 1], group: 6 },
  'depthwise with stride': {
    channels: 9,
    outputs: 9,
    side: [8, 8],
    kernel: [5, 5],
    stride: [2, 2],
    pads: [2, 2, 2, 2],
    group: 9,
  },
  'in groups': { channels: 8, outputs: 12, side: [4, 4], kernel: [3, 3], pads: [1, 1, 1, 1], group: 4 },
};

const FORMS: Readonly<Record<string, WeightForm>> = {
  'signed weights': SIGNED,
  'unsigned weights with zero point 128': { zeroPoint: 128, type: 'uint8' },
  'unsigned weights with another zero point, one scale for all': {
    zeroPoint: 101,
    type: 'uint8',
    perTensor: true,
  },
};

for (const [name, layer] of Object.entries(CONVOLUTIONS))
  for (const [formName, form] of Object.entries(FORMS)) {
    test(`a convolution ${name}, ${formName}`, async () => {
      const made = new QuantizedGraph(3, [layer.channels, ...layer.side]);
      const sum = convolved(made, made.image(SCALE), SCALE, { ...layer, form });
      const answer = made.quantized(made.graph.add('Relu', [sum], sum.shape), 0.31, 0);
      await assertAnswersLikeRuntime(made.model(answer));
    });
  }

test('zero points of weights that differ by channel', async () => {
  const made = new QuantizedGraph(4, [3, 6, 6]);
  const form: WeightForm = { zeroPoint: [128, 120, 133, 128, 90], type: 'uint8' };
  const sum = convolved(made, made.image(SCALE), SCALE, {
    channels: 3,
    outputs: 5,
    side: [6, 6],
    kernel: [3, 3],
    form,
  });
  assert.equal(new Executor(made.model(made.quantized(sum, 0.3, 128))).outputSize, 5 * 4 * 4);
});

test('convolutions of tensors with one axis', async () => {
  const made = new QuantizedGraph(5, [2, 50]);
  const parameters = made.parameters([8, 2, 5], SCALE);
  const first = made.graph.add('Conv', [made.image(SCALE), ...parameters], [-1, 8, 25], {
    kernel_shape: [5],
    strides: [2],
    pads: [2, 2],
  });
  const bytes = made.quantized(made.graph.add('Relu', [first], first.shape), 0.2, 0);
  const pooled = made.graph.add('MaxPool', [bytes], [-1, 8, 12], { kernel_shape: [3], strides: [2] });
  await assertAnswersLikeRuntime(made.model(made.quantized(pooled, 0.2, 0)));
});

test('activations that stay within limits, and signed bytes', async () => {
  const made = new QuantizedGraph(6, [3, 6, 6]);
  const sum = convolved(made, made.image(SCALE), SCALE, {
    channels: 3,
    outputs: 4,
    side: [6, 6],
    kernel: [3, 3],
  });
  const clipped = made.graph.add('Clip', [sum, made.graph.scalar(0), made.graph.scalar(6)], sum.shape);
  const bytes = made.quantized(clipped, 6 / 255, 0);
  const next = convolved(made, bytes, Math.fround(6 / 255), {
    channels: 4,
    outputs: 3,
    side: [4, 4],
    kernel: [1, 1],
  });
  await assertAnswersLikeRuntime(made.model(made.quantized(next, 0.1, -3, 'int8')));
});

test('a dense layer after a map of several pixels, then floats', async () => {
  const made = new QuantizedGraph(7, [3, 6, 6]);
  const sum = convolved(made, made.image(SCALE), SCALE, {
    channels: 3,
    outputs: 4,
    side: [6, 6],
    kernel: [3, 3],
  });
  const row = made.graph.reshape(made.quantized(sum, 0.3, 130), [-1, 64]);
  const [weight, bias] = made.parameters([5, 64], Math.fround(0.3)) as [Tensor, Tensor];
  const hidden = made.quantized(
    made.graph.add('Gemm', [row, weight, bias], [-1, 5], { transB: 1 }),
    0.9,
    111,
  );
  const [last, lastBias] = made.parameters([5, 6], Math.fround(0.9), SIGNED, 1) as [Tensor, Tensor];
  await assertAnswersLikeRuntime(made.model(made.graph.add('Gemm', [hidden, last, lastBias], [-1, 6])));
});

/** Two different maps of one image, with scales of their own. */
function twoMaps(made: QuantizedGraph): [Tensor, Tensor] {
  const of = (layer: Layer, scale: number, zeroPoint: number): Tensor =>
    made.quantized(convolved(made, made.image(SCALE), SCALE, layer), scale, zeroPoint);
  const layer: Layer = { channels: 3, outputs: 5, side: [6, 6], kernel: [3, 3] };
  return [of(layer, 0.131, 121), of(layer, 0.087, 140)];
}

for (const operator of ['Add', 'Mul', 'Sub'] as const) {
  test(`${operator} of two maps, and of a map and one value a channel`, async () => {
    for (const isBroadcast of [false, true]) {
      const made = new QuantizedGraph(8, [3, 6, 6]);
      const [a, b] = twoMaps(made);
      const other = isBroadcast
        ? made.quantized(made.graph.add('GlobalAveragePool', [b], [-1, 5, 1, 1]), 0.03, 117)
        : b;
      const joined = made.graph.add(operator, [a, other], a.shape);
      await assertAnswersLikeRuntime(
        made.model(made.quantized(joined, operator === 'Mul' ? 0.7 : 0.21, 128)),
      );
    }
  });
}

const ACTIVATIONS: Readonly<Record<string, (graph: Graph, x: Tensor) => Tensor>> = {
  sigmoid: (graph, x) => graph.add('Sigmoid', [x], x.shape),
  swish: (graph, x) => graph.add('Mul', [x, graph.add('Sigmoid', [x], x.shape)], x.shape),
  'hard sigmoid': (graph, x) =>
    graph.add('HardSigmoid', [x], x.shape, { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }),
  'hard swish': (graph, x) => graph.add('HardSwish', [x], x.shape),
  'hyperbolic tangent': (graph, x) => graph.add('Tanh', [x], x.shape),
  'leaky rectifier': (graph, x) => graph.add('LeakyRelu', [x], x.shape, { alpha: { float: 0.1 } }),
  'rectifier of bytes': (graph, x) => graph.add('Relu', [x], x.shape),
  'limits of bytes': (graph, x) => graph.add('Clip', [x, graph.scalar(-1), graph.scalar(2.5)], x.shape),
  'one less it': (graph, x) => graph.add('Sub', [graph.scalar(1), x], x.shape),
  'a multiple': (graph, x) => graph.add('Mul', [x, graph.scalar(0.3)], x.shape),
};

for (const [name, activate] of Object.entries(ACTIVATIONS)) {
  test(`activation: ${name}`, async () => {
    for (const scale of [0.05, 0.0173, 0.2]) {
      const made = new QuantizedGraph(9, [1, 16, 16]);
      const bytes = made.quantized(made.graph.inputs[0]!, scale, 131);
      const answer = activate(made.graph, bytes);
      await assertAnswersLikeRuntime(made.model(made.quantized(answer, 0.0131, 77)));
    }
  });
}

test('a factor and an offset a channel', async () => {
  const made = new QuantizedGraph(10, [3, 6, 6]);
  const channel = (values: number[]): Tensor => made.graph.constant(Float32Array.from(values), [1, 3, 1, 1]);
  const scaled = made.graph.add('Mul', [made.image(), channel([0.3, 1.7, -0.2])], [-1, 3, 6, 6]);
  const moved = made.graph.add('Add', [scaled, channel([0.1, -2, 3])], [-1, 3, 6, 6]);
  await assertAnswersLikeRuntime(made.model(made.quantized(moved, 0.043, 99)));
});

test('pools: largest, mean with and without padding, mean of all', async () => {
  for (const [operator, attributes] of [
    ['MaxPool', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
    ['AveragePool', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 }],
    ['AveragePool', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  ] as const) {
    const made = new QuantizedGraph(11, [3, 7, 7]);
    const pooled = made.graph.add(operator, [made.image(0.05, 131)], [-1, 3, 4, 4], attributes);
    await assertAnswersLikeRuntime(
      made.model(made.quantized(pooled, operator === 'MaxPool' ? 0.05 : 0.04, 131)),
    );
  }
  const made = new QuantizedGraph(12, [5, 7, 7]);
  const mean = made.graph.add('GlobalAveragePool', [made.image(0.05, 131)], [-1, 5, 1, 1]);
  await assertAnswersLikeRuntime(made.model(made.quantized(mean, 0.017, 90)));
});

test('joined maps of different scales, read by a convolution and by a dense layer', async () => {
  const made = new QuantizedGraph(13, [3, 6, 6]);
  const [a, b] = twoMaps(made);
  const joined = made.quantized(made.graph.add('Concat', [a, b, a], [-1, 15, 4, 4], { axis: 1 }), 0.14, 126);
  const scale = Math.fround(0.14);
  const next = made.quantized(
    convolved(made, joined, scale, { channels: 15, outputs: 4, side: [4, 4], kernel: [3, 3] }),
    0.5,
    100,
  );
  const [weight, bias] = made.parameters([6, 16], Math.fround(0.5)) as [Tensor, Tensor];
  const row = made.graph.reshape(next, [-1, 16]);
  await assertAnswersLikeRuntime(
    made.model(made.graph.add('Gemm', [row, weight, bias], [-1, 6], { transB: 1 })),
  );
});

test('joined maps with a factor and an offset a channel', async () => {
  const made = new QuantizedGraph(14, [3, 6, 6]);
  const [a, b] = twoMaps(made);
  const joined = made.quantized(made.graph.add('Concat', [a, b], [-1, 10, 4, 4], { axis: 1 }), 0.14, 126);
  const channel = (step: number): Tensor =>
    made.graph.constant(
      Float32Array.from({ length: 10 }, (_, i) => Math.fround(step * (i - 4.5))),
      [1, 10, 1, 1],
    );
  const scaled = made.graph.add('Mul', [joined, channel(0.3)], [-1, 10, 4, 4]);
  const moved = made.graph.add('Add', [scaled, channel(-0.7)], [-1, 10, 4, 4]);
  await assertAnswersLikeRuntime(made.model(made.quantized(moved, 0.09, 120)));
});

test('slices, splits, transposes and reshapes are places, and come out in order', async () => {
  const made = new QuantizedGraph(14, [3, 6, 8]);
  const { graph } = made;
  const bounds = [[1], [3], [1]].map((values) => graph.integers(values));
  const sliced = graph.add('Slice', [made.image(), ...bounds], [-1, 2, 6, 8]);
  const moved = graph.add('Transpose', [sliced], [-1, 6, 2, 8], { perm: [0, 2, 1, 3] });
  const flat = graph.reshape(moved, [-1, 12, 1, 8]);
  await assertAnswersLikeRuntime(made.model(made.quantized(flat, 0.05, 120)));
});

test('a scale that stands for a power of two, where sums end half-way between two levels', async () => {
  const made = new QuantizedGraph(15, [4, 5, 5]);
  const image = made.quantized(made.graph.inputs[0]!, 2 ** -5, 128);
  const weights = Int8Array.from({ length: 4 * 4 }, (_, i) => (i % 5) * 8 - 16);
  const scales = Float32Array.from([2 ** -3, 2 ** -4, 2 ** -3, 2 ** -2]);
  const weight = made.graph.add(
    'DequantizeLinear',
    [
      made.graph.named('weight', weights, [4, 4, 1, 1]),
      made.graph.constant(scales, [4]),
      made.graph.constant(new Int8Array(4), [4]),
    ],
    [4, 4, 1, 1],
    { axis: 0 },
  );
  const sum = made.graph.add('Conv', [image, weight], [-1, 4, 5, 5], { kernel_shape: [1, 1] });
  await assertAnswersLikeRuntime(made.model(made.quantized(sum, 2 ** -1, 127)));
});

test('a batch is its beats one after the other, and nothing is left of the one before', () => {
  const made = new QuantizedGraph(16, [3, 6, 6]);
  const layer: Layer = { channels: 3, outputs: 4, side: [6, 6], kernel: [3, 3], pads: [1, 1, 1, 1] };
  const answer = made.quantized(convolved(made, made.image(SCALE), SCALE, layer), 0.2, 128);
  const executor = new Executor(made.model(answer));
  const beats = images(executor.inputSize, 4);
  const together = new Float32Array(4 * executor.outputSize);
  executor.run(beats, 4, together);
  for (const beat of [2, 0, 3, 1]) {
    const alone = new Float32Array(executor.outputSize);
    executor.run(beats.subarray(beat * executor.inputSize), 1, alone);
    assert.deepEqual(alone, together.slice(beat * executor.outputSize, (beat + 1) * executor.outputSize));
  }
});

test('a convolution in groups whose zero points differ by channel is what its groups are alone', () => {
  const made = new QuantizedGraph(17, [4, 5, 5]);
  const form: WeightForm = { zeroPoint: [128, 100, 140, 90], type: 'uint8' };
  const sum = convolved(made, made.image(SCALE), SCALE, {
    channels: 4,
    outputs: 4,
    side: [5, 5],
    kernel: [3, 3],
    group: 2,
    form,
  });
  const model = made.model(made.quantized(sum, 0.3, 128));
  const answers = (['typescript', 'webassembly', 'webassembly-simd'] as const).map((kernel) => {
    const executor = new Executor(model, kernel);
    const answer = new Float32Array(2 * executor.outputSize);
    executor.run(images(executor.inputSize, 2), 2, answer);
    return answer;
  });
  assert.deepEqual(answers[0], answers[1]);
  assert.deepEqual(answers[0], answers[2]);
});
