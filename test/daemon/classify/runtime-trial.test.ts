/** A runtime that dies by an illegal instruction, fails or hangs is found out in a child process, and the daemon lives on. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { isProven, tryInChild, tryRuntime } from '@rhythmd/daemon/classify/runtime-trial.ts';
import { repositoryRoot } from '../../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-trial-'));
after(() => rmSync(folder, { recursive: true }));

const { onnx } = await readModelFiles(join(repositoryRoot, 'models/beatnet'));
const SHAPE = [3, 36, 36];

function runtime(name: string, source: string): string {
  const path = join(folder, `${name}.cjs`);
  writeFileSync(path, source);
  return path;
}

const tried = (path: string): ReturnType<typeof tryInChild> =>
  tryInChild(process.execPath, path, onnx, SHAPE);

test('one that ends by an illegal instruction when it is loaded', async () => {
  const trial = await tried(runtime('illegal', `process.kill(process.pid, 'SIGILL');`));
  assert.deepEqual(trial, { runs: false, why: 'onnxruntime was ended by SIGILL when it was tried' });
});

test('one that loads and ends by it in its first run', async () => {
  const source = `
    exports.Tensor = class {};
    exports.InferenceSession = { create: async () => ({ inputNames: ['image'], run: () => process.kill(process.pid, 'SIGILL') }) };
  `;
  assert.match(JSON.stringify(await tried(runtime('later', source))), /SIGILL/);
});

test('one whose native part is for another processor, and a program that is not there', async () => {
  const source = `exports.InferenceSession = { create: () => Promise.reject(new Error('wrong ELF class')) };`;
  assert.match(JSON.stringify(await tried(runtime('other', source))), /wrong ELF class/);
  const trial = await tryInChild(join(folder, 'no-node'), 'none', onnx, SHAPE);
  assert.match(JSON.stringify(trial), /could not be tried/);
});

test('the installed one runs a shipped model, in a child as here', async () => {
  const path = createRequire(import.meta.url).resolve('onnxruntime-node');
  assert.deepEqual(await tried(path), { runs: true });
  assert.deepEqual(await tryRuntime(onnx, SHAPE), { runs: true });
});

test('processors that it was run on are not tried', () => {
  const x86 = 'processor\t: 0\nflags\t\t: fpu sse2 avx avx2 fma\n';
  const arm = 'processor\t: 0\nFeatures\t: fp asimd\nCPU part\t: 0xd03\n';
  assert.equal(isProven('x64', x86), true);
  assert.equal(isProven('x64', 'flags\t\t: fpu sse2\n'), false);
  assert.equal(isProven('arm64', arm + arm), true);
  assert.equal(isProven('arm64', `${arm}CPU part\t: 0xd0b\n`), false);
  assert.equal(isProven('arm64', ''), false);
  assert.equal(isProven('riscv64', arm), false);
});
