/** What programs that are not ours read of our files, and every command of theirs. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { writeRecord } from '@rhythmd/records/write-record.ts';
import { runCommand } from '../../support/command.ts';
import { needsProgram } from '../../support/needs.ts';
import { folder, near } from './made-files.ts';

/** A minute of two leads at an odd rate, with a note. */
function sourceRecord(): string {
  const path = join(folder, 'source');
  const lead = (k: number) =>
    Int16Array.from({ length: 3000 }, (_, i) => Math.round(900 * Math.sin(i / (7 + k)) + 300 * k));
  writeRecord(path, {
    rateHz: 50,
    format: 16,
    signals: [
      { name: 'II', adc: lead(0), gain: 200, baseline: 0 },
      { name: 'V1', adc: lead(1), gain: 0.4, baseline: 5, units: 'uV' },
    ],
    baseTime: '10:11:12',
    baseDate: '02/03/2020',
  });
  return path;
}

/** Through BioSig and back as BDF, which is read here. */
function throughBiosig(path: string) {
  const json = execFileSync('save2gdf', ['-JSON', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  // Not all of its text is UTF-8.
  const header = JSON.parse(json.toString('latin1')) as {
    StartOfRecording: string;
    CHANNEL: { Label: string; PhysicalUnit: string }[];
  };
  const back = join(folder, 'back.bdf');
  execFileSync('save2gdf', ['-f=BDF', path, back], { stdio: 'ignore' });
  return { header, record: readRecord(back) };
}

test('what is exported as EDF+ is read by BioSig as it was', needsProgram('save2gdf'), async () => {
  const source = sourceRecord();
  const edf = join(folder, 'out.edf');
  assert.equal((await runCommand(['export', source, '--format', 'edf', '--out', edf])).status, 0);
  const { header, record } = throughBiosig(edf);
  assert.deepEqual(
    header.CHANNEL.slice(0, 2).map(({ Label, PhysicalUnit }) => [Label, PhysicalUnit]),
    [
      ['ECG II', 'uV'],
      ['ECG V1', 'uV'],
    ],
  );
  // It keeps days as a fraction, and cuts where it should round.
  const start = Date.parse(`${header.StartOfRecording.slice(0, 19).replace(' ', 'T')}Z`);
  assert.ok(Math.abs(start - Date.UTC(2020, 2, 2, 10, 11, 12)) <= 1000, header.StartOfRecording);
  for (const [index, lead] of readRecord(source).leads.entries()) {
    for (let i = 0; i < 3000; i += 13) {
      assert.ok(Math.abs(record.leads[index]![i]! - lead[i]!) < 0.01, `${index} ${i}`);
    }
  }
});

/** Of one signal: with two it takes the interleaved samples of one for those of the other. */
test('what is written as WFDB is read by BioSig as it was', needsProgram('save2gdf'), () => {
  const path = join(folder, 'one');
  const adc = Int16Array.from({ length: 3000 }, (_, i) => Math.round(900 * Math.sin(i / 7)));
  writeRecord(path, {
    rateHz: 50,
    format: 16,
    signals: [{ name: 'II', adc, gain: 0.2, baseline: 0, units: 'uV' }],
  });
  const { header, record } = throughBiosig(`${path}.hea`);
  assert.deepEqual([header.CHANNEL[0]?.Label, header.CHANNEL[0]?.PhysicalUnit], ['II', 'uV']);
  for (const [i, value] of readRecord(path).leads[0]!.entries()) {
    assert.ok(Math.abs(record.leads[0]![i]! - value) < 0.01, `${i}`);
  }
});

test('an EDF file is a RECORD everywhere: analysed, scored, cut, exported', async () => {
  const source = sourceRecord();
  const edf = join(folder, 'everywhere.edf');
  const out = join(folder, 'everywhere');
  const environment = { RHYTHMD_MODEL_PATH: '' };
  for (const words of [
    ['export', source, '--format', 'edf', '--out', edf],
    ['analyze', edf, '--out', folder],
    ['score', edf, '--reference', 'rhy', '--test', 'rhy'],
    ['strip', edf, '--out', out],
    ['strip', edf, '--out', `${out}.svg`],
    ['export', edf, '--format', 'csv', '--out', `${out}.csv`],
    ['export', `${out}.csv`, '--format', 'edf', '--out', `${out}2.edf`],
  ]) {
    const { status, err } = await runCommand(words, environment);
    assert.equal(status, 0, `${words.join(' ')}: ${err}`);
  }
  assert.match(readFileSync(join(folder, 'everywhere.rhy'), 'latin1'), /## time resolution: 50/);
  const [first, again] = [readRecord(edf), readRecord(`${out}2.edf`)];
  for (let i = 0; i < 3000; i += 17) near(again.leads[1]![i], first.leads[1]![i]!);
});
