import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Contact } from '@rhythmd/ecg/signal/contact.ts';
import { type LeadQuality, SampleFlag } from '@rhythmd/ecg/types.ts';

const BLOCK = 36;

/** States at the end of each block of 100 ms at 360 Hz. */
function statesOf(values: Float32Array, flags = 0): LeadQuality[] {
  const contact = new Contact();
  const states: LeadQuality[] = [];
  for (let at = 0; at + BLOCK <= values.length; at += BLOCK) {
    contact.add(values, at, at + BLOCK);
    states.push(contact.closeBlock(flags));
  }
  return states;
}

const sine = (seconds: number, heightMv: number): Float32Array =>
  new Float32Array(seconds * 360).map((_, i) => heightMv * Math.sin(i / 20));

test('the first second settles, then a lead that moves is good', () => {
  const states = statesOf(sine(3, 0.5));
  assert.deepEqual(states.slice(0, 9), new Array(9).fill('settling'));
  assert.deepEqual(states.slice(9), new Array(21).fill('good'));
});

test('what the board says goes before what the signal looks like, and needs no second', () => {
  for (const flag of [SampleFlag.leadOffPlus, SampleFlag.leadOffMinus, SampleFlag.referenceOff]) {
    assert.ok(statesOf(sine(2, 0.5), flag).every((state) => state === 'off'));
  }
  assert.ok(statesOf(sine(2, 0.5), SampleFlag.saturated).every((state) => state === 'saturated'));
});

test('microvolts of noise are alive, for as long as they last', () => {
  for (const heightMv of [0.001, 0.02, 0.05]) assert.equal(statesOf(sine(30, heightMv)).at(-1), 'good');
});

test('a line that stands still is dead after ten seconds, not within a pause', () => {
  const line = new Float32Array(11 * 360).fill(0.1);
  const states = statesOf(line);
  assert.equal(states.indexOf('flat'), 99);
  assert.equal(
    statesOf(Float32Array.of(...line.subarray(0, 9 * 360), ...sine(1, 0.5))).includes('flat'),
    false,
  );
});

test('without any sample for a second there is no signal', () => {
  const states = statesOf(Float32Array.of(...sine(2, 0.5), ...new Float32Array(720).fill(Number.NaN)));
  assert.equal(states.indexOf('flat'), 29);
});

test("a signal cut off at the converter's limit is saturated", () => {
  const cut = sine(6, 8).map((value) => Math.min(5.12, value));
  assert.ok(!statesOf(cut).includes('saturated'), "short clipping at a wave's top is no saturation");
  cut.fill(5.12, 1000, 1400);
  assert.ok(statesOf(cut).includes('saturated'));
});

test('a line that stands still in the middle of the range is flat, not saturated', () => {
  const still = sine(14, 1);
  still.fill(0.1, 1000);
  const states = statesOf(still);
  assert.ok(!states.includes('saturated'));
  assert.equal(states.at(-1), 'flat');
});

test('lost samples neither move a lead nor hold it', () => {
  const lost = sine(3, 0.5).map((value, i) => (i % 7 === 0 ? Number.NaN : value));
  assert.equal(statesOf(lost).at(-1), 'good');
});
