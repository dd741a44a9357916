import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BEAT_COLUMNS, CONTEXT_BEATS } from '@rhythmd/ecg/beat/beat-context.ts';
import { IMAGE_SIDE, WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import type { Dataset } from '@rhythmd/trainer/data/dataset.ts';
import { LEADS_CONTEXT_SIZE, STORED_SEQUENCE } from '@rhythmd/trainer/data/leads-context.ts';
import { MadeUpRhythms } from '@rhythmd/trainer/data/made-up-rhythms.ts';

const [N, S, V] = [0, 1, 2];
const CONTEXT = 2 * WINDOW_SAMPLES;
const THIS_ROW = CONTEXT + 16 * IMAGE_SIDE;

/** One patient with sinus, early and ventricular beats, one with sinus beats alone; column 2 of its row is a beat's number. */
function made(): Dataset {
  const label = [...Array(60).fill(N), ...Array(20).fill(S), ...Array(20).fill(V), ...Array(60).fill(N)];
  const images = new Int16Array(label.length * LEADS_CONTEXT_SIZE);
  for (let beat = 0; beat < label.length; beat++)
    images[beat * LEADS_CONTEXT_SIZE + STORED_SEQUENCE + 16 * BEAT_COLUMNS + 2] = beat;
  const records = ['101', '106'].map((name) => ({ name, beats: 0, signalSha256: '', annotationSha256: '' }));
  return {
    recipe: { normalisation: 'running', channels: 'leads-context', leads: 'upper', labels: 'ec57' },
    planes: 3,
    storedSize: LEADS_CONTEXT_SIZE,
    count: label.length,
    records,
    record: Uint8Array.from(label, (_, beat) => (beat < 100 ? 0 : 1)),
    lead: new Uint8Array(label.length),
    sample: new Int32Array(label.length),
    code: new Uint8Array(label.length),
    label: Uint8Array.from(label),
    images,
  };
}

function examples(shares: { runs: number; drops: number }, count: number) {
  const dataset = made();
  const train = Uint32Array.from({ length: dataset.count }, (_, beat) => beat);
  const rhythms = new MadeUpRhythms(dataset, train, shares, () => true);
  const random = new SeededRandom(3);
  return Array.from({ length: count }, () => {
    const image = new Float32Array(3 * WINDOW_SAMPLES);
    const beat = rhythms.replace(image, random);
    return { beat, image, label: beat === null ? null : dataset.label[beat]! };
  });
}

const beatIn = (image: Float32Array, row: number): number =>
  Math.round(image[CONTEXT + row * IMAGE_SIDE + 2]! * 1024);

test('runs: early beats are supraventricular and their patient has such beats; nothing else is among them', () => {
  const all = examples({ runs: 1, drops: 0 }, 400);
  const early = all.filter(({ label }) => label === S);
  assert.ok(early.length > 100 && early.length < 350, `${early.length} of 400 are early`);
  for (const { beat, image, label } of all) {
    assert.ok(label === N || label === S);
    assert.ok(beat! < 80, 'the patient without early beats, or a ventricular one');
    assert.equal(beatIn(image, 16), beat);
    for (let row = 0; row < CONTEXT_BEATS; row++) {
      assert.ok(beatIn(image, row) < 80);
      assert.equal(image[CONTEXT + row * IMAGE_SIDE + 8], 1);
    }
  }
  const toUsual = (images: typeof all): number =>
    images.reduce((sum, { image }) => sum + image[THIS_ROW + 1]!, 0) / images.length;
  const normal = all.filter(({ label }) => label === N);
  assert.ok(toUsual(early) < -0.3 && toUsual(normal) > 0.2, 'early beats are early, those after pauses late');
});

test('the rows of intervals and the row of the rhythm say the same of this beat', () => {
  for (const { image } of examples({ runs: 0.5, drops: 0.5 }, 50)) {
    const rhythm = CONTEXT + 18 * IMAGE_SIDE;
    assert.equal(image[THIS_ROW], 0);
    assert.equal(image[rhythm], image[THIS_ROW + 1]);
    assert.equal(image[rhythm + 1], image[THIS_ROW + IMAGE_SIDE + 1]);
    assert.equal(image[rhythm + 9], 1, 'as many beats as are ever kept came before');
  }
});

test('dropped beats are all normal, of any patient; shares are what they say; the same seed makes the same', () => {
  const all = examples({ runs: 0, drops: 0.25 }, 2000);
  const replaced = all.filter(({ beat }) => beat !== null);
  assert.ok(Math.abs(replaced.length / all.length - 0.25) < 0.03);
  assert.ok(replaced.every(({ label }) => label === N));
  assert.ok(replaced.some(({ beat }) => beat! >= 100));
  const again = examples({ runs: 0, drops: 0.25 }, 2000);
  assert.deepEqual(
    again.map(({ beat }) => beat),
    all.map(({ beat }) => beat),
  );
});
