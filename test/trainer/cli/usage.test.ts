/** Wrong commands: exit code 2, one line, the way out. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { dispatch } from '@rhythmd/shell/program.ts';
import { TRAINER } from '@rhythmd/trainer/cli/trainer.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly output: string;
}

async function trainer(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const before = { ...process.env };
  Object.assign(process.env, { RHYTHMD_TRAINING_FOLDER: folder, ...env });
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const io = { out: say, err: say, environment: process.env, signal: new AbortController().signal };
  try {
    return { code: await dispatch(TRAINER, args, io), output: lines.join('\n') };
  } finally {
    process.env = before;
  }
}

const run = ['--net', 'beatnet', '--protocol', 'paper'];
const wrong: [string, readonly string[], number, RegExp][] = [
  ['no verb', [], 2, /E_USAGE: no verb given.*npm run trainer -- VERB/],
  ['an unknown verb', ['tain'], 2, /E_USAGE.*tain/],
  ['no network', ['train', '--protocol', 'paper'], 2, /E_USAGE: --net NAME is missing/],
  ['an unknown network', ['train', '--net', 'vgg', '--protocol', 'paper'], 2, /E_NETWORK_UNKNOWN.*beatnet/],
  [
    'an unknown protocol',
    ['train', '--net', 'beatnet', '--protocol', 'mine'],
    2,
    /E_USAGE.*patient-separated/,
  ],
  ['a batch of zero', ['train', ...run, '--batch', '0'], 2, /E_USAGE: --batch.*from 2/],
  ['an unknown option', ['train', ...run, '--epoch', '3'], 2, /E_USAGE.*--epoch/],
  ['a fold of the paper protocol', ['train', ...run, '--fold', '1'], 2, /E_USAGE: --fold/],
  [
    'a folder of its own for a compression',
    ['compress', ...run, '--method', 'pruned', '--folder', '/tmp'],
    2,
    /E_USAGE: --folder is not for compress/,
  ],
  ['no method', ['compress', ...run], 2, /E_USAGE: --method is one of .*quantized/],
  ['an unknown method', ['compress', ...run, '--method', 'zipped'], 2, /E_USAGE: --method is one of/],
  [
    'a curve without a size',
    ['compress', ...run, '--method', 'curve'],
    2,
    /E_USAGE: --weight-bytes belongs to --method curve/,
  ],
  [
    'a size without a curve',
    ['compress', ...run, '--method', 'pruned', '--weight-bytes', '9'],
    2,
    /E_USAGE: --weight-bytes/,
  ],
  [
    'nothing trained to compress',
    ['compress', ...run, '--method', 'pruned'],
    1,
    /E_CHECKPOINT_MISSING.*First: npm run trainer -- train --net beatnet/,
  ],
  [
    'nothing pruned to quantize',
    ['compress', ...run, '--method', 'quantized+pruned'],
    1,
    /E_CHECKPOINT_MISSING.*First: npm run trainer -- compress .*--method pruned/,
  ],
  [
    'nothing trained of another seed to compress',
    ['compress', ...run, '--seed', '3', '--method', 'pruned'],
    1,
    /E_CHECKPOINT_MISSING.*First: npm run trainer -- train --net beatnet --protocol paper --seed 3$/,
  ],
  [
    'no checkpoint to export',
    ['export', ...run],
    1,
    /E_CHECKPOINT_MISSING.*First: npm run trainer -- train --net beatnet/,
  ],
];

for (const [what, args, code, expected] of wrong) {
  test(`${what} is refused`, async () => {
    const outcome = await trainer(args);
    assert.equal(outcome.code, code, outcome.output);
    assert.match(outcome.output, expected);
  });
}

test('missing records are named, and nothing is written', async () => {
  const outcome = await trainer(['dataset'], { RHYTHMD_RECORDS_FOLDERS: folder });
  assert.equal(outcome.code, 1);
  assert.match(outcome.output, /E_RECORD_NOT_FOUND.*records -- fetch/);
});

test('help and report', async () => {
  for (const verb of ['dataset', 'train', 'evaluate', 'export', 'report']) {
    const outcome = await trainer([verb, '--help']);
    assert.equal(outcome.code, 0, outcome.output);
    assert.match(outcome.output, new RegExp(`npm run trainer -- ${verb}`));
  }
  const { output } = await trainer(['report', '--json']);
  const { rows } = JSON.parse(output) as { rows: Record<string, unknown>[] };
  for (const row of rows) {
    for (const key of [
      'network',
      'method',
      'protocol',
      'accuracy',
      'precision',
      'recall',
      'fileBytes',
      'archiveBytes',
      'originalBytes',
    ]) {
      assert.ok(key in row, `${key} is missing`);
    }
  }
});
