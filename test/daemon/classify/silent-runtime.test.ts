/** onnxruntime keeps no identifier of the machine and prepares no messages to its makers, whoever loads it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../support/needs.ts';

const model = join(repositoryRoot, 'models/beatnet');

/** What a program leaves below its home. CI is taken away: the runtime is silent there by itself. */
async function leftBy(t: TestContext, source: string): Promise<string[]> {
  const home = mkdtempSync(join(tmpdir(), 'rhythmd-home-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const { CI, ORT_DISABLE_TELEMETRY, XDG_CACHE_HOME, ...environment } = process.env;
  await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', `${source}\nprocess.exit(0);`],
    { cwd: repositoryRoot, env: { ...environment, HOME: home } },
  );
  return readdirSync(home, { recursive: true, encoding: 'utf8' });
}

test('in the daemon', async (t) => {
  const source = `
    const { readModelFiles } = await import('./daemon/classify/model-files.ts');
    const { openOnnxNetwork } = await import('./daemon/classify/onnx-network.ts');
    const { card, onnx } = await readModelFiles(${JSON.stringify(model)});
    const network = await openOnnxNetwork({ path: 'beatnet', card, onnx }, 'for this test');
    await network.run(new Float32Array(3 * 36 * 36), 1);`;
  assert.deepEqual(await leftBy(t, source), []);
});

test('in the child that tries it', async (t) => {
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-node');
  const source = `
    const { readModelFiles } = await import('./daemon/classify/model-files.ts');
    const { tryInChild } = await import('./daemon/classify/runtime-trial.ts');
    const { onnx } = await readModelFiles(${JSON.stringify(model)});
    const trial = await tryInChild(process.execPath, ${JSON.stringify(runtime)}, onnx, [3, 36, 36]);
    if (!trial.runs) throw new Error(trial.why);`;
  assert.deepEqual(await leftBy(t, source), []);
});

test('in the trainer', async (t) => {
  const source = `
    const { readFileSync } = await import('node:fs');
    const { openSession, floats } = await import('./trainer/graph/runtime.ts');
    const session = await openSession(readFileSync(${JSON.stringify(join(model, 'model.onnx'))}));
    await session.run({ [session.inputNames[0]]: floats(new Float32Array(3 * 36 * 36), [1, 3, 36, 36]) });`;
  assert.deepEqual(await leftBy(t, source), []);
});
