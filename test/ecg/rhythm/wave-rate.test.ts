import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waveBpm } from '@rhythmd/ecg/rhythm/wave-rate.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';

const RATE_HZ = 90;
const windowOf = (value: (seconds: number) => number) =>
  Float64Array.from({ length: 4 * RATE_HZ }, (_, i) => value(i / RATE_HZ));

test('waves that repeat themselves have a rate, whatever their shape', () => {
  for (const bpm of [90, 110, 150, 200, 280]) {
    const phase = (s: number) => (2 * Math.PI * bpm * s) / 60;
    for (const shape of [Math.sin, (x: number) => Math.sin(x) + 0.5 * Math.sin(2 * x + 1)]) {
      const found = waveBpm(
        windowOf((s) => shape(phase(s))),
        RATE_HZ,
      );
      assert.ok(found !== null && Math.abs(found / bpm - 1) < 0.08, `${bpm}: ${found}`);
    }
  }
});

test('noise and a line have none', () => {
  const random = new SeededRandom(1);
  for (let i = 0; i < 50; i += 1)
    assert.equal(
      waveBpm(
        windowOf(() => random.uniform() - 0.5),
        RATE_HZ,
      ),
      null,
    );
  assert.equal(
    waveBpm(
      windowOf(() => 0),
      RATE_HZ,
    ),
    null,
  );
});
