import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Counted, withEarlier } from './counted.ts';

const emulator = { cpu: 'cortex-a53', qemu: '7.2', node: '20.20.2', onnxruntime: '1.30.0' };
const of = (model: string, median: number): Counted => {
  const beat = { median, lowest: median, highest: median, scatter: null };
  return { model, fileBytes: 1, beat, call: beat };
};

test('what was counted earlier stays, unless it is counted again or the emulator is another', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-counted-'));
  try {
    const path = join(folder, 'instructions.json');
    const now = [of('b', 20)];
    assert.deepEqual(withEarlier(path, emulator, now), now);
    writeFileSync(path, JSON.stringify({ emulator, models: [of('a', 1), of('b', 2)] }));
    assert.deepEqual(withEarlier(path, emulator, now), [of('a', 1), of('b', 20)]);
    assert.deepEqual(withEarlier(path, { ...emulator, node: '22.0.0' }, now), now);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
