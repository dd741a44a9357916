import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSpeed } from '@rhythmd/trainer/report/speed.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-speed-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a broken file is refused, none is none', () => {
  const path = join(folder, 'trainer.json');
  assert.equal(readSpeed(path), null);
  for (const text of [
    '',
    '{',
    '{}',
    'null',
    '{"steps":[{}]}',
    '{"steps":[{"network":"resnet50","batch":"31"}]}',
  ]) {
    writeFileSync(path, text);
    assert.throws(() => readSpeed(path), { code: 'E_RESULT_BROKEN' }, text);
  }
  const steps = [
    { network: 'resnet50', batch: 31, ours_ms: 1, pytorch_ms: null, ratio: null, peak_rss_mb: 9 },
  ];
  writeFileSync(path, JSON.stringify({ pytorch: null, steps }));
  assert.deepEqual(readSpeed(path), { pytorch: null, steps });
});
