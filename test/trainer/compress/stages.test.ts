/** Every method on a small network that has every kind of layer: what it promises holds at the end. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { entropyBytes, levelsOf, type Sensitivity } from '@rhythmd/trainer/compress/by-layer/sensitivity.ts';
import { compressedModel } from '@rhythmd/trainer/compress/finish.ts';
import type { Compression } from '@rhythmd/trainer/compress/method.ts';
import { sparsityOf } from '@rhythmd/trainer/compress/prune/magnitude.ts';
import {
  type Materials,
  prunableWeights,
  type Stage,
  type Trained,
} from '@rhythmd/trainer/compress/stage.ts';
import { stageOf } from '@rhythmd/trainer/compress/stages.ts';
import { NO_AUGMENTATION } from '@rhythmd/trainer/data/augment.ts';
import type { Split } from '@rhythmd/trainer/data/splits.ts';
import { measure } from '@rhythmd/trainer/evaluate/metrics.ts';
import { relativeDifference } from '@rhythmd/trainer/export/float.ts';
import { quantizeWeight } from '@rhythmd/trainer/export/quantization.ts';
import { NetworkBuilder } from '@rhythmd/trainer/nets/network.ts';
import type { Weights } from '@rhythmd/trainer/nets/parameters.ts';
import { countParameters } from '@rhythmd/trainer/nets/parameters.ts';
import { recipeFor } from '@rhythmd/trainer/presets/catalog.ts';
import { Batches } from '@rhythmd/trainer/train/batches.ts';
import type { Constraint } from '@rhythmd/trainer/train/constraint.ts';
import { Evaluator } from '@rhythmd/trainer/train/evaluator.ts';
import type { Recipe } from '@rhythmd/trainer/train/recipe.ts';
import { type TrainResult, train } from '@rhythmd/trainer/train/train.ts';
import { everyLayer } from '../../support/every-layer.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';

const root = mkdtempSync(join(tmpdir(), 'rhythmd-compress-'));
after(() => rmSync(root, { recursive: true, force: true }));

const dataset = smallDataset(900);
const beats = allBeats(dataset);
const split: Split = {
  protocol: 'paper',
  train: beats.subarray(0, 600),
  validation: new Uint32Array(),
  test: beats.subarray(600),
};
const recipe: Recipe = recipeFor('every-layer', 'paper', {
  batch: 6,
  epochs: 2,
  warmupSteps: 5,
  learningRate: 5e-3,
  augmentation: NO_AUGMENTATION,
});
const materials: Materials = { dataset, ...split, remember: (_, make) => make() };
const labels = Array.from(split.test, (beat) => dataset.label[beat]!);

interface TrainWith {
  readonly network: Trained['network'];
  readonly begin: Weights | null;
  readonly constraint: Constraint | null;
}

function trainIn(folder: string, training: TrainWith, stopAfterRuns = Infinity): Promise<TrainResult> {
  let runs = 0;
  return train({
    ...training,
    teacher: null,
    recipe,
    dataset,
    split,
    folder: join(root, folder),
    shouldStop: () => ++runs >= stopAfterRuns,
    onProgress: () => {},
    onEpoch: () => {},
  });
}

let trained: Trained;
before(async () => {
  const network = everyLayer();
  const { state } = await trainIn('float', { network, begin: null, constraint: null });
  trained = { network, weights: state };
});

async function compress(
  compression: Compression,
  from: Trained,
  folder: string = compression.method,
): Promise<{ readonly stage: Stage; readonly weights: Weights }> {
  const stage = await stageOf(compression, from, materials);
  const { state } = await trainIn(folder, stage);
  return { stage, weights: state };
}

function accuracyOf(logits: Float32Array): number {
  return measure(labels, logits).accuracy;
}

test('pruned: as many zeros as asked for, and they stay through quantization, which runs in integers', async () => {
  const pruned = await compress({ method: 'pruned', from: 'none', sparsity: 0.7 }, trained);
  const names = prunableWeights(pruned.stage.network);
  const prunable = new Map(names.map((name) => [name, pruned.weights.get(name)!]));
  assert.ok(Math.abs(sparsityOf(prunable) - 0.7) < 0.01, String(sparsityOf(prunable)));
  const floats = await compressedModel(pruned.stage, pruned.weights, dataset, split.test, {});
  assert.equal(floats.operators, null);
  assert.ok(accuracyOf(floats.logits) > 0.9, String(accuracyOf(floats.logits)));

  const from = { network: pruned.stage.network, weights: pruned.weights };
  const both = await compress({ method: 'quantized+pruned', from: 'pruned' }, from);
  for (const name of names) {
    const after = both.weights.get(name)!;
    assert.ok(
      prunable.get(name)!.every((value, i) => value !== 0 || after[i] === 0),
      name,
    );
  }
  const integers = await compressedModel(both.stage, both.weights, dataset, split.test, {});
  assert.equal(integers.operators!.Conv, undefined);
  assert.ok(integers.agreementWithFake! >= 0.999);
  assert.ok(accuracyOf(integers.logits) > 0.9, String(accuracyOf(integers.logits)));

  const four = { method: 'quantized+pruned', from: 'pruned', bits: 4 } as const;
  const coarse = await compress(four, from, 'four-bits');
  const fourBits = coarse.stage.finish(coarse.weights);
  for (const { name, layer, weight } of fourBits.folded.layers) {
    if (layer.kind !== 'convolution' || layer.name === 'conv1') continue;
    const { values } = quantizeWeight(weight!, layer.shape[0], fourBits.scales.get(name));
    assert.ok(Math.max(...values.map(Math.abs)) <= 7, name);
  }
  const smaller = await compressedModel(coarse.stage, coarse.weights, dataset, split.test, {});
  assert.ok(accuracyOf(smaller.logits) > 0.9, String(accuracyOf(smaller.logits)));

  const levels = { method: 'quantized+pruned+clustered', from: 'quantized+pruned', clusters: 8 } as const;
  const all = await compress(levels, { network: both.stage.network, weights: both.weights });
  const { folded, scales } = all.stage.finish(all.weights);
  for (const { name, layer, weight } of folded.layers) {
    if (layer.kind !== 'convolution' && layer.kind !== 'dense') continue;
    const { values } = quantizeWeight(weight!, layer.shape[0], scales.get(name));
    assert.ok(new Set(values).size <= 9, `${name} has ${new Set(values).size} levels`);
  }
  const smallest = await compressedModel(all.stage, all.weights, dataset, split.test, {});
  assert.ok(accuracyOf(smallest.logits) > 0.9, String(accuracyOf(smallest.logits)));
});

test('clustered: every layer has a few values, which are trained, and bytes in the file', async () => {
  const { stage, weights } = await compress({ method: 'clustered', from: 'none', clusters: 8 }, trained);
  for (const name of prunableWeights(stage.network)) {
    const values = new Set(weights.get(name)!);
    assert.ok(values.size <= 8, `${name} has ${values.size} values`);
    assert.notDeepEqual(values, new Set(stage.begin.get(name)!), `${name} was not trained`);
  }
  const model = await compressedModel(stage, weights, dataset, split.test, {});
  assert.ok(accuracyOf(model.logits) > 0.9, String(accuracyOf(model.logits)));
});

test('stopped and resumed, a pruning ends in the same bits', async () => {
  const compression = { method: 'pruned', from: 'none', sparsity: 0.8 } as const;
  const stage = (): Promise<Stage> => stageOf(compression, trained, materials);
  const whole = await trainIn('whole', await stage());
  for (const runs of [1, 3, 9]) {
    const folder = `stopped${runs}`;
    assert.equal((await trainIn(folder, await stage(), runs)).isComplete, false);
    const resumed = await trainIn(folder, await stage());
    for (const [name, values] of whole.state) assert.deepEqual(resumed.state.get(name), values, name);
  }
});

test('what a stage is made from is left as it was', async () => {
  const before = new Map([...trained.weights].map(([name, values]) => [name, values.slice()]));
  await compress({ method: 'pruned', from: 'none', sparsity: 0.9 }, trained, 'again');
  for (const [name, values] of before) assert.deepEqual(trained.weights.get(name), values, name);
});

for (const sharedAlone of [false, true]) {
  const title = sharedAlone ? 'per layer, shared levels alone' : 'per layer';
  test(`${title}: what was decided for a layer is what it has, and the weights fit the size`, async () => {
    const weightBytes = 1200;
    const offered: Materials = {
      ...materials,
      remember: async (_, make) => {
        const made = await make();
        // All layers together; each alone is remembered, too.
        return sharedAlone && Array.isArray(made)
          ? (withoutBits(made as Sensitivity[]) as typeof made)
          : made;
      },
    };
    const compression = { method: 'per-layer', from: 'none', weightBytes } as const;
    const stage = await stageOf(compression, trained, offered);
    const { state: weights } = await trainIn(title, stage);
    const { folded, scales } = stage.finish(weights);
    let bytes = 0;
    for (const { name, layer, weight } of folded.layers) {
      const choice = stage.choices!.get(`${name}.weight`);
      if (choice === undefined) continue;
      const { values } = quantizeWeight(weight!, layer.shape[0], scales.get(name));
      const zeros = values.filter((value) => value === 0).length / values.length;
      assert.ok(zeros >= choice.sparsity - 0.02, `${name}: ${zeros} zeros instead of ${choice.sparsity}`);
      assert.ok(Math.max(...values.map(Math.abs)) <= levelsOf(choice.bits), name);
      const levels = new Set([0, ...values]).size;
      if (choice.clusters !== null) assert.ok(levels <= choice.clusters + 1, `${name} has ${levels} levels`);
      else assert.ok(!sharedAlone, name);
      bytes += entropyBytes(values);
    }
    assert.ok(bytes < weightBytes * 1.1, String(bytes));
    const model = await compressedModel(stage, weights, dataset, split.test, {});
    assert.equal(model.operators!.Conv, undefined);
    assert.equal(model.agreementWithFake, 1);
    assert.ok(accuracyOf(model.logits) > 0.9, String(accuracyOf(model.logits)));
  });
}

function withoutBits(sensitivity: readonly Sensitivity[]): Sensitivity[] {
  return sensitivity.map((layer) => ({
    ...layer,
    choices: layer.choices.filter(({ clusters }) => clusters !== null),
  }));
}

test('a point of the curve shares no levels', async () => {
  const stage = await stageOf({ method: 'curve', from: 'none', weightBytes: 1200 }, trained, materials);
  assert.ok(stage.choices!.size > 0);
  for (const [name, { clusters }] of stage.choices!) assert.equal(clusters, null, name);
});

test('low rank: fewer weights; what is of low rank already answers as before', async () => {
  const logitsOf = async ({ network, weights }: Trained): Promise<Float32Array> => {
    const evaluator = await Evaluator.open(network, dataset.planes);
    const logits = await evaluator.logits(weights, dataset, split.test);
    await evaluator.close();
    return logits;
  };
  // [4, 8], of rank one.
  const thin = Float32Array.from({ length: 32 }, (_, i) => Math.sin(Math.floor(i / 8) + 1) * Math.cos(i % 8));
  const simple = { ...trained, weights: new Map(trained.weights).set('conv2.weight', thin) };
  const exact = await stageOf({ method: 'low-rank', from: 'none', energy: 0.999999 }, simple, materials);
  assert.deepEqual(exact.network.layers.find(({ name }) => name === 'conv2.in')?.shape, [1, 1, 1]);
  const same = await logitsOf({ network: exact.network, weights: exact.begin });
  assert.ok(relativeDifference(same, await logitsOf(simple)) < 1e-4);

  const { stage, weights } = await compress({ method: 'low-rank', from: 'none', energy: 0.5 }, trained);
  assert.ok(countParameters(stage.network) < countParameters(trained.network));
  const model = await compressedModel(stage, weights, dataset, split.test, {});
  assert.ok(accuracyOf(model.logits) > 0.9, String(accuracyOf(model.logits)));
});

test('channel-pruned: fewer channels, a smaller network of the same answers, which quantization takes further', async () => {
  const b = new NetworkBuilder();
  let x = b.activation(
    b.batchNorm(b.convolution(b.input([3, 36, 36]), 24, { kernel: 5, stride: 3 })),
    'relu6',
  );
  x = b.activation(b.batchNorm(b.convolution(x, 24, { kernel: 3, stride: 3 })), 'relu6');
  b.dense(b.globalAverage(x), 6);
  const network = b.build('wide');
  const { state } = await trainIn('wide', { network, begin: null, constraint: null });
  const wide = { network, weights: state };
  const { stage, weights } = await compress({ method: 'channel-pruned', from: 'none', kept: 0.5 }, wide);
  assert.ok(countParameters(stage.network) < 0.65 * countParameters(network));
  const model = await compressedModel(stage, weights, dataset, split.test, {});
  assert.ok(accuracyOf(model.logits) > 0.9, String(accuracyOf(model.logits)));

  const from = { network: stage.network, weights };
  const point = { method: 'curve', from: 'channel-pruned', weightBytes: 1500 } as const;
  const smallest = await compress(point, from, 'pruned-point');
  const integers = await compressedModel(smallest.stage, smallest.weights, dataset, split.test, {});
  assert.equal(integers.operators!.Conv, undefined);
  assert.ok(accuracyOf(integers.logits) > 0.9, String(accuracyOf(integers.logits)));
});

test('distilled: what the teacher says counts as much as its share', () => {
  const probabilities = new Float32Array(dataset.count * 6).fill(1 / 6);
  const batches = new Batches(dataset, split.train, recipe, { probabilities, share: 0.6 });
  const { targets } = batches.inputs(0, 0, 1);
  const seen = [...new Set([...targets].map((value) => value.toFixed(4)))].sort();
  assert.deepEqual(seen, ['0.1000', '0.5000']);
});
