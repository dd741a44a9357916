/**
 * The shipped models, and small ones made and quantized here, answer on other processors as on this one. On x86-64 to the
 * last bit. On a Cortex-A53 too where a network has no sums of two layers: those the runtime's ARM kernels round in another
 * order, which the golden inputs tell of; what is answered to beats seldom changes by it.
 */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { GOLDEN_SEEDS, goldenInput } from '@rhythmd/ecg/synthetic/golden-inputs.ts';
import { compressedModel } from '@rhythmd/trainer/compress/finish.ts';
import { stageOf } from '@rhythmd/trainer/compress/stages.ts';
import { readImage } from '@rhythmd/trainer/data/dataset.ts';
import { argMax } from '@rhythmd/trainer/evaluate/metrics.ts';
import { expandPlanes } from '@rhythmd/trainer/export/verify.ts';
import { operatorsOf } from '@rhythmd/trainer/graph/onnx-model.ts';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { beatModels } from '../support/beat-models.ts';
import { PROCESSORS, runGuest } from '../support/emulated/processors.ts';
import { repositoryRoot } from '../support/needs.ts';
import { allBeats, smallDataset } from '../support/small-dataset.ts';
import { gated, manySums, residual } from '../support/small-networks.ts';

const SIZE = 3 * 36 * 36;
const CLASSES = 6;
/** Of answers to beats by networks with sums on a Cortex-A53. */
const LEAST_ALIKE = 0.9;

/** As `compress` writes them. */
const WEIGHTS = {
  'in eight bits': { method: 'quantized', from: 'none' },
  'in four bits': { method: 'quantized+pruned', from: 'pruned', bits: 4 },
  'with shared levels': { method: 'quantized+pruned+clustered', from: 'quantized+pruned', clusters: 16 },
} as const;

const root = mkdtempSync(join(tmpdir(), 'rhythmd-processors-'));
after(() => rmSync(root, { recursive: true, force: true }));
const made = join(root, 'made');

/** What each model answers here. */
const expected = new Map<string, Float32Array>();
const withSums = new Set<string>();
/** Golden inputs are no beats, and answers to noise may be anything. */
const ofBeats = new Set<string>();

function put(name: string, onnx: Uint8Array, inputs: Float32Array, logits: Float32Array): void {
  writeFileSync(join(made, `${name}.onnx`), onnx);
  writeFileSync(join(made, `${name}.inputs`), inputs);
  expected.set(name, logits);
  if (operatorsOf(onnx).has('Add')) withSums.add(name);
}

before(async () => {
  mkdirSync(made);
  for (const name of beatModels()) {
    const { card, onnx } = await readModelFiles(join(repositoryRoot, 'models', name));
    const inputs = new Float32Array(GOLDEN_SEEDS.length * SIZE);
    for (const [i, { seed }] of card.golden!.entries()) inputs.set(goldenInput(seed, SIZE), i * SIZE);
    put(name, onnx, inputs, Float32Array.from(card.golden!.flatMap(({ logits }) => logits)));
  }
  const dataset = smallDataset(48);
  const beats = allBeats(dataset);
  const inputs = new Float32Array(beats.length * SIZE);
  const stored = new Float32Array(dataset.planes * (SIZE / 3));
  for (const [i, beat] of beats.entries()) {
    readImage(dataset, beat, stored, 0);
    expandPlanes(stored, dataset.planes, inputs, i);
  }
  for (const network of [residual(), manySums(), gated()]) {
    const from = { network, weights: initialWeights(network, 5) };
    const materials = { dataset, train: beats, validation: beats, remember: never };
    for (const [title, settings] of Object.entries(WEIGHTS)) {
      const stage = await stageOf(settings, from, materials);
      const { bytes, logits } = await compressedModel(stage, stage.begin, dataset, beats, {});
      const name = `${network.name} ${title}`;
      put(name, bytes, inputs, logits);
      ofBeats.add(name);
    }
  }
});

for (const processor of PROCESSORS) {
  test(`models answer on ${processor.name} as here`, processor.needs, async () => {
    const folder = mkdtempSync(join(root, 'run-'));
    for (const file of readdirSync(made)) copyFileSync(join(made, file), join(folder, file));
    await runGuest(processor, 'guest.ts', folder);
    for (const [name, logits] of expected) {
      const bytes = readFileSync(join(folder, `${name}.logits`));
      const answered = new Float32Array(Uint8Array.from(bytes).buffer);
      if (processor.name.includes('x86') || !withSums.has(name)) assert.deepEqual(answered, logits, name);
      else if (ofBeats.has(name))
        assert.ok(alike(answered, logits) >= LEAST_ALIKE, `${name}: ${alike(answered, logits)}`);
    }
  });
}

const [arm] = PROCESSORS.filter(({ name }) => !name.includes('x86'));

test('where onnxruntime answers otherwise the daemon takes its own executor', arm!.needs, async () => {
  const opened = (name: string) =>
    runGuest(arm!, 'opened.ts', join(repositoryRoot, 'models', name)).then((text) => JSON.parse(text));
  assert.deepEqual(await opened('beatnet'), { executor: 'onnxruntime', exact: true });
  assert.deepEqual(await opened('efficientnetb0-quantized-pruned.zip'), { executor: 'integer', exact: true });
});

function alike(a: Float32Array, b: Float32Array): number {
  let same = 0;
  for (let at = 0; at < b.length; at += CLASSES)
    if (argMax(a, at, CLASSES) === argMax(b, at, CLASSES)) same++;
  return same / (b.length / CLASSES);
}

function never(): never {
  throw new TypeError('nothing is measured twice here');
}
