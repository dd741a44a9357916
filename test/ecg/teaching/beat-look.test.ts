import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BeatLooks, copyOfLook, SHAPE_POINTS } from '@rhythmd/ecg/teaching/beat-look.ts';
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';

const IMAGE = 3 * 1296;

function imageWithPulseAt(peak: number): Float32Array {
  const image = new Float32Array(IMAGE);
  for (let i = -20; i <= 20; i++) image[peak + i] = 5 * Math.cos((Math.PI * i) / 40);
  return image;
}

const flat = Float32Array.from(BEAT_LABELS, () => 1 / BEAT_LABELS.length);

test('the shape is the same whatever layout it is cut from, and without gain and offset', () => {
  const shapes = (['leads-context', 'replicated'] as const).map((channels) => {
    const image = imageWithPulseAt(channels === 'leads-context' ? 324 : 648);
    const looks = new BeatLooks(channels);
    const once = copyOfLook(looks.of({ rrBefore: 288, rrAfter: 288 }, image, flat)).shape;
    const changed = looks.of(
      { rrBefore: 288, rrAfter: 288 },
      image.map((v) => 3 * v + 2),
      flat,
    ).shape;
    for (const [i, value] of changed.entries()) assert.ok(Math.abs(value - once[i]!) < 1e-5);
    return once;
  });
  assert.deepEqual(shapes[0], shapes[1]);
  assert.ok(Math.abs(Math.hypot(...shapes[0]!) - 1) < 1e-5);
});

test('a flat image, unknown intervals and certainties give numbers', () => {
  const looks = new BeatLooks('replicated');
  const certain = new Float32Array(BEAT_LABELS.length);
  certain[BEAT_LABELS.indexOf('V')] = 1;
  const look = looks.of({ rrBefore: null, rrAfter: null }, new Float32Array(IMAGE), certain);
  assert.deepEqual({ ...look, shape: [] }, { oddsS: 0, oddsV: 30, before: 0, after: 0, shape: [] });
  assert.deepEqual(look.shape, new Float32Array(SHAPE_POINTS));
});

test('early and late are against the usual interval of the stream so far', () => {
  const looks = new BeatLooks('replicated');
  const image = new Float32Array(IMAGE);
  for (let i = 0; i < 20; i++) looks.of({ rrBefore: 400, rrAfter: 400 }, image, flat);
  const { before, after } = looks.of({ rrBefore: 200, rrAfter: 600 }, image, flat);
  assert.ok(Math.abs(before - Math.log(0.5)) < 1e-9);
  assert.ok(Math.abs(after - Math.log(1.5)) < 1e-9);
});
