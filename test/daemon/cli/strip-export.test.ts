import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { appendToJournal } from '@rhythmd/daemon/corrections/journal.ts';
import { mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { runCommand } from '../../support/command.ts';
import { writeSmallRecord } from '../../support/piece.ts';

const record = writeSmallRecord();
const folder = dirname(record);
after(() => rmSync(folder, { recursive: true }));
const out = (name: string) => join(folder, name);

test('bad usage: no record, two, no place, no time, no format, too long to draw', async () => {
  for (const words of [
    ['strip', '--out', 'a.svg'],
    ['strip', record, record, '--out', 'a.svg'],
    ['strip', record],
    ['strip', record, '--out', 'a.svg', '--from', 'noon'],
    ['strip', record, '--out', 'a.svg', '--seconds', '0'],
    ['strip', record, '--out', 'a.pdf', '--seconds', '11:00'],
    ['strip', record, '--out', 'a.svg', '--seconds', 'all'],
    ['strip', '2026-11-22T15:00:02Z', '--from', '0:01', '--out', 'a.svg'],
    ['export', record, '--out', 'a'],
    ['export', record, '--out', 'a', '--format', 'docx'],
    ['export', record, '--format', 'csv'],
    ['export', '--format', 'csv', '--out', 'a'],
  ]) {
    const { status, err } = await runCommand(words);
    assert.equal(status, 2, words.join(' '));
    assert.match(err, /^E_USAGE: /);
  }
});

test('a missing record, a time behind its end, a place that cannot be written: one line', async () => {
  for (const [words, line] of [
    [['strip', 'no-such', '--out', out('a.svg')], /^E_RECORD_NOT_FOUND: .*no-such/],
    [['strip', record, '--from', '9:00', '--out', out('a.svg')], /^E_PIECE: /],
    [['strip', record, '--out', '/nowhere/a.svg'], /^E_OUT: \/nowhere\/a\.svg/],
    [['strip', record, '--out', '/nowhere/a'], /^E_RECORD_WRITE: \/nowhere\/a\.dat/],
    [['export', record, '--format', 'csv', '--out', '/nowhere/a.csv'], /^E_OUT: \/nowhere\/a\.csv/],
  ] as const) {
    const { status, err } = await runCommand(words);
    assert.equal(status, 1, words.join(' '));
    assert.match(err, line);
  }
});

test('export --format dicom: what fits none is refused, and a file that was there before stays', async () => {
  const path = out('kept.dcm');
  const words = ['export', record, '--format', 'dicom', '--out', path];
  assert.equal((await runCommand(words)).status, 0);
  const before = readFileSync(path);
  assert.equal(before.toString('latin1', 128, 132), 'DICM');
  const slow = out('slow.csv');
  writeFileSync(
    slow,
    `time,II_mV\n${Array.from({ length: 40 }, (_, i) => `${i / 20},${i % 3}`).join('\n')}\n`,
  );
  const { status, err } = await runCommand(['export', slow, ...words.slice(2)]);
  assert.equal(status, 1);
  assert.match(err, /E_DICOM: 1 ECG leads at 20 Hz fit no ECG of DICOM\. Export as EDF\+ or CSV$/m);
  assert.deepEqual(readFileSync(path), before);
});

test('strip: SVG, PDF and a record', async () => {
  for (const name of ['a.svg', 'a.pdf', 'piece']) {
    const { status, err } = await runCommand([
      'strip',
      record,
      '--from',
      '0:01',
      '--seconds',
      '3',
      '--out',
      out(name),
    ]);
    assert.equal(status, 0, err);
  }
  const svg = readFileSync(out('a.svg'), 'utf8');
  assert.match(svg, /2026-11-22 15:00:02 UTC, 0:01 of the recording/);
  assert.match(svg, />V</);
  assert.match(svg, />atrial fibrillation</);
  assert.match(svg, />heart rate 60\/min</);
  assert.doesNotMatch(svg, />\(/);
  assert.match(svg, /not a medical device/);
  assert.equal(readFileSync(out('a.pdf')).subarray(0, 5).toString(), '%PDF-');
  assert.equal(readRecord(out('piece')).sampleCount, 300);
});

test('export: each format, all of the record or a part; recordings are found by name', async () => {
  for (const format of ['fhir', 'csv', 'beats', 'edf']) {
    const { status, out: said } = await runCommand(
      ['export', 'small', '--format', format, '--seconds', '2', '--out', out(`small.${format}`)],
      { RHYTHMD_RECORDER_FOLDER: folder, RHYTHMD_DEVICE_ID: 'rhythmd-1' },
    );
    assert.equal(status, 0);
    assert.match(said, /bytes, 2\.0 s of record small/);
  }
  assert.equal(readFileSync(out('small.csv'), 'utf8').trimEnd().split('\n').length, 201);
  assert.match(readFileSync(out('small.fhir'), 'utf8'), /device rhythmd-1/);
});

test('a moment finds the recording that holds it; between recordings there is none', async () => {
  for (const extension of ['hea', 'dat', 'atr']) {
    const text = readFileSync(`${record}.${extension}`);
    const renamed = extension === 'hea' ? text.toString().replaceAll('small', '20261122_150001') : text;
    writeFileSync(join(folder, `20261122_150001.${extension}`), renamed);
  }
  const at = (moment: string) =>
    runCommand(['strip', moment, '--seconds', '2', '--out', out('moment.svg')], {
      RHYTHMD_RECORDER_FOLDER: folder,
    });
  const { status, err } = await at('2026-11-22T16:00:03+01:00');
  assert.equal(status, 0, err);
  assert.match(readFileSync(out('moment.svg'), 'utf8'), /2026-11-22 15:00:03 UTC, 0:01\.8 of the recording/);
  for (const moment of ['2026-11-22T15:00:00Z', '2026-11-22T15:00:09Z']) {
    assert.match((await at(moment)).err, /^E_RECORDING_TIME: nothing was recorded at/);
  }
});

test('strip and export have the labels as a person corrected them; those that were recorded by name', async () => {
  const corrected = out('corrected');
  for (const extension of ['hea', 'dat', 'atr'])
    writeFileSync(
      `${corrected}.${extension}`,
      extension === 'hea'
        ? readFileSync(`${record}.hea`, 'utf8').replaceAll('small', 'corrected')
        : readFileSync(`${record}.${extension}`),
    );
  const said = { t_ms: 1, by: 'B. Vee', rhythm: null, note: null };
  appendToJournal(corrected, { ...said, id: 'a', action: 'relabel', beats: [50], label: 'S' });
  appendToJournal(corrected, { ...said, id: 'b', action: 'reject', beats: [350], label: null });
  const codes = async (...more: string[]) => {
    const { status, err } = await runCommand([
      'export',
      corrected,
      '--format',
      'beats',
      '--out',
      out('beats.csv'),
      ...more,
    ]);
    assert.equal(status, 0, err);
    const [, ...rows] = readFileSync(out('beats.csv'), 'utf8').trimEnd().split(/\r?\n/);
    return rows.map((row) => row.split(',')[3]!.replace('""""', '"')).join('');
  };
  assert.equal(await codes(), '+SNN|NN"');
  assert.equal(await codes('--annotator', 'atr'), '+NNNVNN"');
  await runCommand(['strip', corrected, '--seconds', '5', '--out', out('corrected.svg')]);
  const svg = readFileSync(out('corrected.svg'), 'utf8');
  assert.ok(svg.includes('>S<') && !svg.includes('>V<'));
  await runCommand(['strip', corrected, '--seconds', '5', '--out', out('cut')]);
  assert.deepEqual(
    readAnnotations(out('cut'), 'atr').map(({ code }) => mnemonicOf(code)),
    ['+', 'S', 'N', 'N', '|', 'N'],
  );
  const { status, err } = await runCommand(['strip', record, '--annotator', 'rev', '--out', out('none.svg')]);
  assert.equal(status, 1);
  assert.match(err, /^E_RECORD_READ: there are no annotations/);
});
