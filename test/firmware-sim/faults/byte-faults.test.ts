import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteFaults } from '@rhythmd/firmware-sim/faults/byte-faults.ts';
import { Schedule } from '@rhythmd/firmware-sim/faults/schedule.ts';
import { parseFaultScript } from '@rhythmd/firmware-sim/faults/script.ts';

const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i & 0xff);

function arrived(script: string, seed = 1): Uint8Array {
  const schedule = new Schedule(parseFaultScript(`[[fault]]\n${script}`, 'test'));
  return new ByteFaults(schedule, seed).apply(bytes, 0);
}

test('without a fault the bytes are the very same', () => {
  assert.equal(arrived('kind = "stall"'), bytes);
});

test('the same seed gives the same damage, another one another', () => {
  const script = 'kind = "flip"\nshare = 0.01';
  assert.deepEqual(arrived(script, 5), arrived(script, 5));
  assert.notDeepEqual(arrived(script, 5), arrived(script, 6));
});

test('drop, duplicate and insert change the length by their share', () => {
  const near = (length: number, expected: number) => assert.ok(Math.abs(length - expected) < 60, `${length}`);
  near(arrived('kind = "drop"\nshare = 0.01').length, 19_800);
  near(arrived('kind = "duplicate"\nshare = 0.01').length, 20_200);
  near(arrived('kind = "insert"\nshare = 0.01').length, 20_200);
  const runs = arrived('kind = "drop"\nshare = 0.001\nbytes = 40').length;
  assert.ok(runs < 19_800 && runs > 19_300, `${runs}`);
});

test('flip changes one bit at a time', () => {
  const damaged = arrived('kind = "flip"\nshare = 0.01');
  assert.equal(damaged.length, bytes.length);
  let changed = 0;
  for (const [i, byte] of damaged.entries()) {
    const difference = byte ^ bytes[i]!;
    if (difference === 0) continue;
    changed++;
    assert.equal(difference & (difference - 1), 0);
  }
  assert.ok(Math.abs(changed - 200) < 50, `${changed}`);
});
