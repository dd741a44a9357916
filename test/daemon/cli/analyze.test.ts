import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { findRecord } from '@rhythmd/records/folders.ts';
import { readAnnotationFile, readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { runCommand } from '../../support/command.ts';
import { needsRecord } from '../../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-analyze-'));
after(() => rmSync(folder, { recursive: true }));
/** No model: these tests are about the stages. */
const environment = { RHYTHMD_MODEL_PATH: '' };

test('bad usage is told before any work', async () => {
  for (const words of [[], ['100'], ['100', '--out', folder, '--annotator', '../x']]) {
    const { status, err } = await runCommand(['analyze', ...words], environment);
    assert.equal(status, 2, words.join(' '));
    assert.match(err, /^E_USAGE: .*Usage: rhythmd analyze RECORD/);
  }
});

test('a missing record, and an --out that is a file', async () => {
  const missing = await runCommand(['analyze', 'no-such-record', '--out', folder], environment);
  assert.equal(missing.status, 1);
  assert.match(missing.err, /^E_RECORD_NOT_FOUND: .*no-such-record/);
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const blocked = await runCommand(['analyze', 'x', '--out', join(file, 'below')], environment);
  assert.equal(blocked.status, 1);
  assert.match(blocked.err, /^E_OUT_FOLDER: /);
});

test('two records that would write over each other’s annotations are refused before any work', async () => {
  const [edf, csv] = [join(folder, 'twin.edf'), join(folder, 'twin.csv')];
  writeFileSync(edf, '');
  writeFileSync(csv, '');
  const { status, err } = await runCommand(['analyze', edf, csv, '--out', folder], environment);
  assert.equal(status, 2);
  assert.match(err, /^E_USAGE: .*twin\.edf and .*twin\.csv would both be written as twin: /);
});

test('a truncated record and an unknown signal leave no file behind', needsRecord('100'), async () => {
  const source = findRecord('100')!;
  copyFileSync(`${source}.hea`, join(folder, '100.hea'));
  writeFileSync(join(folder, '100.dat'), readFileSync(`${source}.dat`).subarray(0, 100_000));
  const truncated = await runCommand(['analyze', join(folder, '100'), '--out', folder], environment);
  assert.equal(truncated.status, 1);
  assert.match(truncated.err, /^E_WFDB_\w+: .*100\.dat/);
  const unknown = await runCommand(['analyze', '100', '--out', folder, '--signal', 'V9'], environment);
  assert.equal(unknown.status, 1);
  assert.match(unknown.err, /^E_SIGNAL_UNKNOWN: .*It has 0 \(MLII, mV\), 1 \(V5, mV\)/);
  assert.equal(existsSync(join(folder, '100.rhy')), false);
});

test('writes an annotation file with the beats of the record', needsRecord('100'), async () => {
  const { status, out } = await runCommand(
    ['analyze', '100', '--out', folder, '--annotator', 'own', '--signal', 'MLII', '--json'],
    environment,
  );
  assert.equal(status, 0);
  const [summary] = (JSON.parse(out) as { records: { beats: number; byLabel: Record<string, number> }[] })
    .records;
  const beatsOf = (annotations: readonly { code: number }[]) =>
    annotations.filter(({ code }) => isBeatCode(code));
  const found = beatsOf(readAnnotationFile(join(folder, '100.own')));
  const reference = beatsOf(readAnnotations('100', 'atr'));
  assert.equal(found.length, summary?.beats);
  assert.equal(summary?.byLabel.unclassified, found.length);
  assert.ok(Math.abs(found.length - reference.length) < 5, `${found.length} of ${reference.length}`);
});

test('an interrupted analysis ends with 130', needsRecord('100'), async () => {
  const stop = new AbortController();
  const running = runCommand(['analyze', '100', '--out', folder], environment, stop.signal);
  stop.abort('SIGINT');
  assert.equal((await running).status, 130);
});
