import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import {
  augmentLeads,
  dropSecondLead,
  LEADS_CONTEXT_SIZE,
  readLeads,
  storeLeads,
} from '@rhythmd/trainer/data/leads-context.ts';

const IMAGE = 3 * 1296;

/** An image as it comes back from the store: each mean of four samples four times. */
function readBack(seed: number): Float32Array {
  const random = new SeededRandom(seed);
  const stored = Int16Array.from({ length: LEADS_CONTEXT_SIZE }, () => Math.round(2000 * random.gaussian()));
  const image = new Float32Array(IMAGE);
  readLeads(stored, 0, 1 / 1024, image, 0);
  return image;
}

function storedOf(image: Float32Array): Int16Array {
  const stored = new Int16Array(LEADS_CONTEXT_SIZE);
  storeLeads(image, (index, value) => {
    stored[index] = Math.round(value * 1024);
  });
  return stored;
}

test('what is stored comes back as it was, and is stored alike again', () => {
  const image = readBack(1);
  const again = new Float32Array(IMAGE);
  readLeads(storedOf(image), 0, 1 / 1024, again, 0);
  assert.deepEqual(again, image);
  assert.equal(image.filter((value) => value !== 0).length > 1500, true);
});

test('without a second lead: its strips, its columns and its row are zero, and nothing else is', () => {
  const image = readBack(2);
  const one = image.slice();
  dropSecondLead(one);
  for (let i = 0; i < IMAGE; i++) {
    const isSecondStrip = i < 2592 && i % 1296 >= 648;
    const at = i - 2592;
    const [row, column] = [Math.floor(at / 36), at % 36];
    const isSecondContext = i >= 2592 && ((row < 18 && [3, 5, 7, 10].includes(column)) || row === 20);
    assert.equal(one[i], isSecondStrip || isSecondContext ? 0 : image[i], `value ${i}`);
  }
});

const UNCHANGED = {
  swap: 0,
  oneLead: 0,
  flip: 0,
  gainDeviation: 0,
  shiftPoints: 0,
  wander: 0,
  noise: 0,
  contrast: 0,
};

test('leads that change places twice are where they were; flipped ones are turned over; masked samples stay', () => {
  const image = readBack(3);
  const swapped = image.slice();
  const swap = { ...UNCHANGED, swap: 1 };
  augmentLeads(swapped, swap, new SeededRandom(1));
  assert.notDeepEqual(swapped, image);
  augmentLeads(swapped, swap, new SeededRandom(1));
  const moved = (values: Float32Array): Float32Array => values.slice(2592);
  assert.deepEqual(moved(swapped), moved(image));

  const masked = readBack(4);
  masked.fill(0, 180, 220);
  augmentLeads(masked, { ...UNCHANGED, wander: 1, noise: 0.2 }, new SeededRandom(5));
  assert.ok(masked.subarray(180, 220).every((value) => value === 0));
});

test('the same seed makes the same changes', () => {
  const change = {
    swap: 0.5,
    oneLead: 0.5,
    flip: 0.5,
    gainDeviation: 0.2,
    shiftPoints: 2.5,
    wander: 0.3,
    noise: 0.05,
    contrast: 0.2,
  };
  const [a, b] = [readBack(6), readBack(6)];
  augmentLeads(a, change, new SeededRandom(9));
  augmentLeads(b, change, new SeededRandom(9));
  assert.deepEqual(a, b);
});

test('contrast: every interval of the context is as much more unlike its own, within the bound; nothing else changes', () => {
  const image = readBack(7);
  const changed = image.slice();
  augmentLeads(changed, { ...UNCHANGED, contrast: 0.2 }, new SeededRandom(4));
  let factor: number | null = null;
  for (let i = 0; i < IMAGE; i++) {
    if (changed[i] === image[i]) continue;
    const [row, column] = [Math.floor((i - 2592) / 36), (i - 2592) % 36];
    assert.ok(
      (row >= 0 && row < 18 && column < 2) || (row === 18 && column !== 8 && column !== 9),
      `value ${i}`,
    );
    if (Math.abs(changed[i]!) === 3 || Math.abs(image[i]!) < 0.1) continue;
    factor ??= changed[i]! / image[i]!;
    assert.ok(Math.abs(changed[i]! / image[i]! - factor) < 1e-5, `value ${i}`);
  }
  assert.ok(factor !== null && factor !== 1);
});
