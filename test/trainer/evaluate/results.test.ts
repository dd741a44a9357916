import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { resultFileName } from '@rhythmd/trainer/evaluate/result-row.ts';
import { resultPath } from '@rhythmd/trainer/evaluate/results.ts';
import { gitRevision } from '@rhythmd/trainer/revision.ts';

test('the file of a row is named by network, protocol, method, variant, and seed where it is another', () => {
  assert.equal(basename(resultPath('beatnet', 'paper', 'none')), 'beatnet-paper-none.json');
  assert.equal(
    basename(resultPath('resnet50', 'patient-separated', 'quantized+pruned')),
    'resnet50-patient-separated-quantized-pruned.json',
  );
  assert.equal(
    resultFileName({ network: 'beatnet', protocol: 'paper', method: 'none', seed: 3 }),
    'beatnet-paper-none-seed3.json',
  );
  assert.equal(
    resultFileName({ network: 'mobilenetv2', protocol: 'paper', method: 'curve', variant: 'sparsity-0.95' }),
    'mobilenetv2-paper-curve-sparsity-0.95.json',
  );
});

test('a revision has a + where code was changed, not where results were', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-revision-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], {
      cwd: folder,
    });
  };
  mkdirSync(join(folder, 'trainer/results'), { recursive: true });
  write('code.ts', '1');
  write('trainer/results/row.json', '{}');
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'all');
  assert.match(gitRevision(folder), /^[0-9a-f]{7,}$/);
  write('trainer/results/row.json', '{ }');
  assert.match(gitRevision(join(folder, 'trainer')), /^[0-9a-f]{7,}$/);
  write('code.ts', '2');
  assert.match(gitRevision(join(folder, 'trainer')), /^[0-9a-f]{7,}\+$/);
  assert.equal(gitRevision(tmpdir()), 'unknown');
});
