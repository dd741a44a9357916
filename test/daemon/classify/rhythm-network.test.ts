import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ExecutorName } from '@rhythmd/daemon/classify/network.ts';
import { openRhythmNetwork, openRhythmNetworkIfThere } from '@rhythmd/daemon/classify/rhythm-network.ts';
import {
  RHYTHM_CLASSES,
  RHYTHM_RATE_HZ,
  RHYTHM_WINDOW_SAMPLES,
} from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RHYTHM_IMAGE_VALUES, RhythmImageMaker } from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { repositoryRoot } from '../../support/needs.ts';

const shipped = join(repositoryRoot, 'models/rhythmnet');

function copy(change: (card: Record<string, unknown>) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-rhythmnet-'));
  cpSync(shipped, folder, { recursive: true });
  const card = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8'));
  change(card);
  writeFileSync(join(folder, 'card.json'), JSON.stringify(card));
  return folder;
}

test('a missing model is told and not fatal; a wrong one is', async () => {
  const told: string[] = [];
  const network = await openRhythmNetworkIfThere('/nowhere/rhythmnet', 'auto', ({ code }) => told.push(code));
  assert.equal(network, null);
  assert.deepEqual(told, ['E_MODEL_MISSING']);
  const isCode = (code: string) => (error: { code?: string }) => error.code === code;
  const other = copy((card) => {
    card.labels = ['N', 'V'];
  });
  await assert.rejects(openRhythmNetwork(other, 'auto'), isCode('E_MODEL_CARD'));
  const damaged = copy((card) => {
    card.sha256 = '0'.repeat(64);
  });
  await assert.rejects(openRhythmNetwork(damaged, 'auto'), isCode('E_MODEL_HASH'));
  const beats = join(repositoryRoot, 'models/beatnet');
  await assert.rejects(openRhythmNetwork(beats, 'auto'), isCode('E_MODEL_CARD'));
});

test('a model of other shape is refused at the start', async () => {
  const folder = copy(() => {});
  const onnx = readFileSync(join(repositoryRoot, 'models/beatnet/model.onnx'));
  writeFileSync(join(folder, 'model.onnx'), onnx);
  const { createHash } = await import('node:crypto');
  const path = join(folder, 'card.json');
  const card = JSON.parse(readFileSync(path, 'utf8'));
  card.sha256 = createHash('sha256').update(onnx).digest('hex');
  writeFileSync(path, JSON.stringify(card));
  await assert.rejects(openRhythmNetwork(folder, 'auto'), /E_MODEL|model/);
});

/** Seconds of a window to millivolts; what the shipped network says of it first. */
async function said(waveform: (seconds: number) => number): Promise<string> {
  const probabilities = await answer(waveform, 'onnxruntime');
  assert.ok(Math.abs(probabilities.reduce((sum, share) => sum + share, 0) - 1) < 1e-5);
  return RHYTHM_CLASSES[probabilities.indexOf(Math.max(...probabilities))]!;
}

async function answer(waveform: (seconds: number) => number, executor: ExecutorName): Promise<Float32Array> {
  const network = await openRhythmNetwork(shipped, executor);
  const window = Float32Array.from({ length: RHYTHM_WINDOW_SAMPLES }, (_, i) => waveform(i / RHYTHM_RATE_HZ));
  const image = new Float32Array(RHYTHM_IMAGE_VALUES);
  new RhythmImageMaker().make(window, image);
  const [probabilities] = await network.estimate(image, 1);
  await network.close();
  return probabilities!;
}

/** A narrow beat with a T wave, its R wave at 0 s. */
function beat(seconds: number): number {
  return Math.exp(-((seconds / 0.02) ** 2)) + 0.2 * Math.exp(-(((seconds - 0.28) / 0.06) ** 2));
}

function beats(perMinute: number): (seconds: number) => number {
  const interval = 60 / perMinute;
  return (seconds) => {
    const phase = seconds % interval;
    return beat(phase) + beat(phase - interval);
  };
}

test('the shipped network: beats of a slow, a usual and a fast heart are organised, upside down as well', async () => {
  for (const perMinute of [30, 60, 75, 150]) {
    const upright = beats(perMinute);
    assert.equal(await said(upright), 'organised', `${perMinute}`);
    assert.equal(await said((seconds) => -2 * upright(seconds)), 'organised', `${perMinute}, turned`);
  }
});

test('the shipped network: a standstill, dead flat or with microvolts, is asystole', async () => {
  const random = new SeededRandom(4);
  assert.equal(await said(() => 0), 'asystole');
  assert.equal(await said(() => 0.002 * random.gaussian()), 'asystole');
  assert.equal(await said(() => 0.005 * random.gaussian()), 'asystole');
  assert.equal(await said((seconds) => (seconds < 2.5 ? beats(70)(seconds) : 0)), 'asystole');
});

test('the shipped network: flutter and fibrillation are what they are, whatever the gain', async () => {
  for (const gain of [0.1, 0.3, 1, -1]) {
    const wave = (seconds: number): number =>
      gain *
      (1 + 0.4 * Math.sin(2.1 * seconds)) *
      Math.sin(2 * Math.PI * 4.7 * seconds + Math.sin(3 * seconds));
    assert.equal(await said(wave), 'fibrillation', `${gain}`);
  }
});

test('the shipped network answers with the same bits in onnxruntime and in our own executor', async () => {
  const random = new SeededRandom(9);
  const waves = [beats(70), (): number => random.gaussian(), (): number => 0.003 * random.gaussian()];
  for (const wave of waves) {
    const values = Array.from({ length: RHYTHM_WINDOW_SAMPLES }, (_, i) => wave(i / RHYTHM_RATE_HZ));
    const same = (seconds: number): number => values[Math.round(seconds * RHYTHM_RATE_HZ)]!;
    assert.deepEqual(await answer(same, 'integer'), await answer(same, 'onnxruntime'));
  }
});
