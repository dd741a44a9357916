/** A model that answers otherwise than where it was made is told of, wherever it is asked for. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Classifier } from '@rhythmd/daemon/classify/classifier.ts';
import { goldenCheck } from '@rhythmd/daemon/classify/golden-check.ts';
import type { ModelCard } from '@rhythmd/daemon/classify/model-card.ts';
import { openModelIfThere } from '@rhythmd/daemon/classify/open-model.ts';
import { modelFinding } from '@rhythmd/daemon/doctor/system-findings.ts';
import { infoEvent } from '@rhythmd/daemon/publish/info-event.ts';
import type { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { repositoryRoot } from '../../support/needs.ts';

const root = mkdtempSync(join(tmpdir(), 'rhythmd-golden-'));
after(() => rmSync(root, { recursive: true, force: true }));

const LOGITS = [2, -1, 0.5, -8, -12, 1];

/** Answers every input with the probabilities that these logits stand for. */
function answering(logits: readonly number[], golden: ModelCard['golden']): Classifier {
  const card = { output: 'logits', input: { shape: [3, 36, 36] }, golden } as unknown as ModelCard;
  const powers = logits.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return {
    card,
    executor: { name: 'integer', kernel: 'typescript', why: 'it is made up' },
    largestBatch: 1,
    classify: async () => Float32Array.from(powers, (power) => power / total),
    close: async () => {},
  };
}

const check = async (logits: readonly number[]) =>
  (await goldenCheck(answering(logits, [{ seed: 1, logits: LOGITS }]), 'models/m')).exact;

test('no numbers, fewer of them, a larger and a smaller one: not what the card says', async () => {
  assert.equal(await check(LOGITS.map(() => Number.NaN)), false);
  assert.equal(await check(LOGITS.slice(1)), false);
  assert.equal(await check(LOGITS.with(0, 2.1)), false);
  assert.equal(await check(LOGITS.with(3, -8.1)), false);
});

test('sums in another order, and probabilities too small to be floats, are alike', async () => {
  assert.equal(await check(LOGITS), true);
  assert.equal(await check(LOGITS.map((logit) => logit * (1 + 1e-6))), true);
  const small = LOGITS.with(4, -200);
  const classifier = answering(LOGITS.with(4, -300), [{ seed: 1, logits: small }]);
  assert.equal((await goldenCheck(classifier, 'models/m')).exact, true);
});

test('a card without golden answers says nothing', async () => {
  assert.deepEqual(await goldenCheck(answering(LOGITS, undefined), 'models/m'), {
    exact: null,
    problem: null,
  });
});

const source = { url: 'sim:', replay: true, about: () => '' };
const finding = (path: string) =>
  modelFinding({ model: { path } } as Parameters<typeof modelFinding>[0], process.env);

/** The shipped model whose card was written where another sum was made. */
function otherwise(): string {
  const path = join(root, 'otherwise');
  cpSync(join(repositoryRoot, 'models/beatnet'), path, { recursive: true });
  const card = JSON.parse(readFileSync(join(path, 'card.json'), 'utf8'));
  card.golden[0].logits[1] += 0.05;
  writeFileSync(join(path, 'card.json'), JSON.stringify(card));
  return path;
}

test('E_MODEL_INEXACT: beats are classified all the same, the log, the doctor and info tell', async () => {
  const path = otherwise();
  const told: RhythmdError[] = [];
  const on = {
    missing: (problem: RhythmdError) => told.push(problem),
    inexact: (p: RhythmdError) => told.push(p),
  };
  const classifier = (await openModelIfThere(path, 'auto', on))!;
  assert.deepEqual(
    told.map(({ code }) => code),
    ['E_MODEL_INEXACT'],
  );
  assert.match(told[0]!.message, /1 of 6 golden inputs are answered otherwise here/);
  assert.equal((await classifier.classify(new Float32Array(3888), 1)).length, 6);
  const info = infoEvent({
    device: 'd',
    source,
    description: null,
    classifier,
    patient: { label: null, since_ms: 0, paced: 'auto', taught: null },
  });
  assert.equal(info.model?.exact, false);
  await classifier.close();
  const { verdict, text, fix } = await finding(path);
  assert.equal(verdict, 'problem');
  assert.match(text, /^E_MODEL_INEXACT/);
  assert.notEqual(fix, '');
});

test('the shipped model answers as its card says', async () => {
  const { verdict, text } = await finding(join(repositoryRoot, 'models/beatnet'));
  assert.equal(verdict, 'ok');
  assert.match(text, /answers here as its card says/);
});
