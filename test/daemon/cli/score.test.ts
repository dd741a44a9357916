import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { findBesideRecords } from '@rhythmd/records/folders.ts';
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { writeAnnotations, writeRecord } from '@rhythmd/records/write-record.ts';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { runCommand } from '../../support/command.ts';
import { needsFile, needsProgram, needsRecord } from '../../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-score-'));
after(() => rmSync(folder, { recursive: true }));

/** A synthetic record whose test annotator misses one beat, adds one and calls one by the wrong name. */
function writePatient(name: string): string {
  const path = join(folder, name);
  const { leads, annotations, leadNames, rateHz } = makeSyntheticRecord({ seed: 5, rateHz: 360 }, 120);
  writeRecord(path, {
    rateHz,
    format: 16,
    signals: leads.map((lead, i) => ({
      name: leadNames[i] ?? '',
      adc: lead.map((millivolts) => Math.round(millivolts * 200)),
      gain: 200,
      baseline: 0,
    })),
  });
  writeAnnotations(path, 'atr', annotations);
  const found = annotations.map((beat, i) => (i === 40 ? { ...beat, code: codeOf('V')! } : beat));
  found.splice(20, 1);
  found.splice(60, 0, { ...found[60]!, sample: found[60]!.sample - 100 });
  writeAnnotations(path, 'rhy', found);
  return path;
}

test('bad usage is refused: no record, no time, no such option', async () => {
  for (const args of [[], ['100', '--from', 'noon'], ['100', '--strips', '0'], ['100', '--frm', '1']]) {
    const { status, err } = await runCommand(['score', ...args]);
    assert.equal(status, 2, args.join(' '));
    assert.match(err, /^E_USAGE: .*Usage: rhythmd score/);
  }
});

test('a missing record, missing or damaged annotations: one line with the file’s name', async () => {
  const path = writePatient('broken');
  for (const [args, line] of [
    [['no-such-record'], /^E_RECORD_NOT_FOUND: .*no-such-record/],
    [[path, '--test', 'none'], /^E_RECORD_READ: there are no annotations .*broken\.none\. "rhythmd analyze/],
    [[path, '--test-dir', '/nowhere'], /^E_RECORD_READ: .*\/nowhere\/broken\.rhy/],
  ] as const) {
    const { status, err } = await runCommand(['score', ...args]);
    assert.equal(status, 1);
    assert.match(err, line);
    assert.equal(err.split('\n').length, 1);
  }
  writeFileSync(`${path}.rhy`, Uint8Array.of(1, 0xf4, 0, 0));
  assert.match((await runCommand(['score', path])).err, /^E_WFDB_ANNOTATIONS: broken\.rhy/);
});

test('JSON has the shape of the interface', async () => {
  const { status, out } = await runCommand(['score', writePatient('json'), '--from', '0:00', '--json']);
  assert.equal(status, 0);
  const report = JSON.parse(out);
  const [record] = report.records;
  assert.equal(record.record, 'json');
  assert.deepEqual(
    record.matrix.map((row: number[]) => row.length),
    [7, 7, 7, 7, 7, 5, 5],
  );
  assert.deepEqual([record.qrs.fn, record.qrs.fp], [1, 1]);
  assert.equal(record.qrs.se, record.qrs.tp / (record.qrs.tp + 1));
  assert.equal(record.veb.fp, 1);
  assert.deepEqual(Object.keys(record.veb).sort(), ['fn', 'fp', 'fpr', 'pp', 'se', 'tn', 'tp']);
  assert.equal(record.sveb.se, null);
  assert.deepEqual(report.gross.qrs, record.qrs);
  assert.equal(report.average.qrs.se, record.qrs.se);
  assert.equal(report.standard_period, false);
});

test('text says which period, which set, and both conventions', async () => {
  const { out } = await runCommand(['score', writePatient('text'), '--from', '0:30']);
  assert.match(out, /from 0:30 to the end, which is not the standard's 5:00: rhy against atr/);
  assert.match(out, /gross: 1 record without paced/);
  assert.match(out, /SVEB\* has escape beats e and j as normal/);
});

test('test annotations of another time base are brought to the reference’s', async () => {
  const path = writePatient('rescaled');
  const { annotations } = makeSyntheticRecord({ seed: 5, rateHz: 360 }, 120);
  const note = {
    sample: 0,
    code: codeOf('"')!,
    subtype: 0,
    channel: 0,
    num: 0,
    aux: '## time resolution: 250',
  };
  const slow = annotations.map((beat) => ({ ...beat, sample: Math.round((beat.sample * 250) / 360) }));
  writeAnnotations(path, 'slow', [note, ...slow]);
  const { out } = await runCommand(['score', path, '--test', 'slow', '--from', '0', '--json']);
  const { qrs } = JSON.parse(out).gross;
  assert.deepEqual([qrs.fn, qrs.fp], [0, 0]);
});

test(
  'the page of wrong beats opens in a browser, needs nothing else and shows each of them',
  needsProgram('chromium'),
  async () => {
    const html = join(folder, 'score.html');
    const { status } = await runCommand(['score', writePatient('page'), '--from', '0', '--html', html]);
    assert.equal(status, 0);
    assert.doesNotMatch(
      readFileSync(html, 'utf8').replaceAll('http://www.w3.org/2000/svg', ''),
      /https?:|<script/,
    );
    const browser = await launchBrowser();
    try {
      const { page, complaints } = await openPage(browser, `file://${html}`);
      await page.click('summary');
      assert.equal(await page.locator('.strips svg').count(), 3);
      assert.ok(await page.locator('.strips svg').first().isVisible());
      assert.equal(await page.locator('summary').textContent(), 'page: 3 wrong (No 1, Nv 1, On 1)');
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
    }
  },
);

test('a page that cannot be written is one clear line', async () => {
  const { status, err } = await runCommand([
    'score',
    writePatient('unwritable'),
    '--html',
    '/nowhere/a.html',
  ]);
  assert.equal(status, 1);
  assert.match(err, /^E_SCORE_PAGE: \/nowhere\/a\.html/);
});

const peers = findBesideRecords('ec57/annotations');

test('a peer over the whole database: the figures of the evaluation, both sets, a page of bounded size', {
  ...needsRecord(...MITDB_RECORDS),
  ...needsFile(peers, 'ec57/annotations'),
}, async () => {
  const html = join(folder, 'peer.html');
  const args = [
    'score',
    'mitdb',
    '--test',
    'ofl1',
    '--test-dir',
    peers!,
    '--json',
    '--html',
    html,
    '--strips',
    '3',
  ];
  const report = JSON.parse((await runCommand(args)).out);
  assert.equal(report.set.length, 48);
  assert.equal(report.without_paced.set.length, 44);
  assert.deepEqual([report.gross.qrs.fn, report.gross.qrs.fp], [176, 219]);
  assert.equal(report.without_paced.gross.qrs.tp + report.without_paced.gross.qrs.fn, 83_978);
  assert.ok(readFileSync(html).length < 3_000_000);
});
