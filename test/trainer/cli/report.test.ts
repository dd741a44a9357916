import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { resultFileName } from '@rhythmd/trainer/evaluate/result-row.ts';
import { madeUpResult } from '../../support/made-up-results.ts';
import { repositoryRoot } from '../../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-report-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function report(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'trainer/main.ts', 'report', ...args],
      { cwd: repositoryRoot },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test('a broken result is named in one line, and nothing is written', async () => {
  const results = join(folder, 'broken');
  mkdirSync(results);
  writeFileSync(join(results, 'beatnet-paper-none.json'), '{"network": "beatnet"');
  const out = join(folder, 'out-of-broken');
  const { code, stderr } = await report('--results', results, '--out', out);
  assert.equal(code, 1);
  assert.match(stderr, /^E_RESULT_BROKEN: beatnet-paper-none\.json is no JSON.*\n$/);
  assert.equal(existsSync(out), false);
});

test('a place that cannot be written is told', async () => {
  const out = join(folder, 'a-file');
  writeFileSync(out, 'kept');
  const { code, stderr } = await report('--out', out);
  assert.equal(code, 1);
  assert.match(stderr, /^E_FILE_WRITE: /);
  assert.equal(readFileSync(out, 'utf8'), 'kept');
});

test('writes page and Markdown, and prints the summary', async () => {
  const results = join(folder, 'results');
  mkdirSync(results);
  const row = madeUpResult('mobilenetv2', 'paper', 'quantized+pruned');
  writeFileSync(join(results, resultFileName(row)), JSON.stringify(row));
  const out = join(folder, 'new/place');
  const { code, stdout, stderr } = await report('--results', results, '--out', out);
  assert.equal(code, 0, stderr);
  assert.deepEqual(readdirSync(out).sort(), ['report.html', 'report.md']);
  assert.match(
    stdout,
    new RegExp(`mobilenetv2 .*${row.accuracy.toFixed(4)}.*0\\.895 0\\.892 0\\.891, 0\\.98 MB`),
  );
  for (const name of readdirSync(out)) {
    assert.ok(readFileSync(join(out, name), 'utf8').includes(row.accuracy.toFixed(4)), name);
  }
});

test('no results: the report says so', async () => {
  const out = join(folder, 'empty');
  const { code, stdout } = await report('--results', join(folder, 'nowhere'), '--out', out);
  assert.equal(code, 0);
  assert.match(stdout, /no results yet/);
  assert.match(readFileSync(join(out, 'report.md'), 'utf8'), /not measured/);
});

test('--json prints and writes nothing', async () => {
  const out = join(folder, 'json');
  const { stdout } = await report('--results', join(folder, 'results'), '--out', out, '--json');
  assert.equal((JSON.parse(stdout) as { rows: unknown[] }).rows.length, 1);
  assert.equal(existsSync(out), false);
});
