/** What is written is what the record holds, and a DICOM ECG by the judgement of a validator that is not ours. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { dicomEcg } from '@rhythmd/daemon/export/dicom.ts';
import { type Piece, readPiece } from '@rhythmd/daemon/export/piece.ts';
import { writeRecord } from '@rhythmd/records/write-record.ts';
import { needsProgram } from '../../support/needs.ts';
import { writeSmallRecord } from '../../support/piece.ts';

const record = writeSmallRecord();
const folder = dirname(record);
after(() => rmSync(folder, { recursive: true }));
const read = (path = record) =>
  readPiece({ record: path, fromS: 0, seconds: null, annotator: 'atr', folders: [] });
const fileOf = (piece: Piece) => Buffer.concat([...dicomEcg(piece, 'rhythmd 0.0.0, device bed-1')]);

/** The values of a tag, in the order of the file; every tag looked for stands in it as it is. */
function valuesOf(file: Buffer, group: number, element: number, vr: string): string[] {
  const start = Buffer.from([group & 255, group >> 8, element & 255, element >> 8, ...Buffer.from(vr)]);
  const values: string[] = [];
  for (let at = file.indexOf(start); at >= 0; at = file.indexOf(start, at + 1)) {
    values.push(
      file
        .subarray(at + 8, at + 8 + file.readUInt16LE(at + 6))
        .toString('utf8')
        .replace(/[ \0]+$/, ''),
    );
  }
  return values;
}

test('samples count from 0 V, what is lost is the padding value, scale and time are the record’s', () => {
  const file = fileOf(read());
  const samples = Array.from({ length: 650 }, (_, i) => file.readInt16LE(file.length - 2600 + 4 * i + 2));
  assert.deepEqual(samples.slice(248, 252), [3, 4, -32768, -32768]);
  assert.equal(samples.filter((sample) => sample === -32768).length, 50);
  assert.equal(samples[50], 200);
  assert.deepEqual(valuesOf(file, 0x003a, 0x0210, 'DS'), ['5', '4.8828125']);
  assert.deepEqual(valuesOf(file, 0x003a, 0x0213, 'DS').map(Number), [0, 0]);
  assert.deepEqual(valuesOf(file, 0x0008, 0x002a, 'DT'), ['20261122150001.250+0000']);
  assert.deepEqual(valuesOf(file, 0x0070, 0x0006, 'ST').slice(0, 5), ['(AFIB', 'N', 'N', 'N', 'V']);
  // Below 200 Hz it is an Ambulatory ECG.
  assert.equal(valuesOf(file, 0x0008, 0x0016, 'UI')[0], '1.2.840.10008.5.1.4.1.1.9.1.3');
});

/** Two leads and a pressure; more than 16 bits are needed for the second. */
function writeFine(rateHz: number): string {
  const path = join(folder, `fine${rateHz}`);
  const wave = (step: number) => Int32Array.from({ length: 5 * rateHz }, (_, i) => step * (i % 100));
  writeRecord(path, {
    rateHz,
    format: 24,
    signals: [
      { name: 'aVR', adc: wave(1), gain: 1000, baseline: 0 },
      { name: 'MLII', adc: wave(50_000), gain: 1e6, baseline: -1000 },
      { name: 'ABP', adc: wave(1), gain: 10, baseline: 0, units: 'mmHg' },
    ],
  });
  return path;
}

test('more than 16 bits are spread over them; what is no voltage stays out; an unknown time is said to be none', () => {
  const file = fileOf(read(writeFine(500)));
  const [, sensitivity] = valuesOf(file, 0x003a, 0x0210, 'DS').map(Number);
  const [, baseline] = valuesOf(file, 0x003a, 0x0213, 'DS').map(Number);
  for (const i of [0, 1, 57, 99, 2499]) {
    const microvolts = file.readInt16LE(file.length - 10_000 + 4 * i + 2) * sensitivity! + baseline!;
    const true_ = (50_000 * (i % 100) + 1000) / 1000;
    assert.ok(Math.abs(microvolts - true_) <= sensitivity! / 2 + 1e-6, `${microvolts} instead of ${true_}`);
  }
  assert.deepEqual(valuesOf(file, 0x003a, 0x0203, 'SH'), ['aVR', 'MLII']);
  assert.deepEqual(
    valuesOf(file, 0x0008, 0x0100, 'SH').filter((code) => code !== 'uV'),
    ['2:62', '2:0'],
  );
  assert.deepEqual(valuesOf(file, 0x0008, 0x0020, 'DA'), ['']);
  assert.equal(valuesOf(file, 0x0008, 0x0016, 'UI')[0], '1.2.840.10008.5.1.4.1.1.9.1.2');
});

test('a rate that no ECG of DICOM has is refused with what to do', () => {
  assert.throws(() => fileOf(read(writeFine(2000))), {
    code: 'E_DICOM',
    message: '2 ECG leads at 2000 Hz fit no ECG of DICOM',
    fix: 'Export as EDF+ or CSV',
  });
});

test('dicom3tools has nothing to say against it', needsProgram('dciodvfy'), () => {
  for (const path of [record, writeFine(500)]) {
    const file = join(folder, 'whole.dcm');
    writeFileSync(file, fileOf(read(path)));
    const { stderr, stdout, status } = spawnSync('dciodvfy', [file], { encoding: 'utf8' });
    const said = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !line.includes('DICOMDIR'));
    assert.match(said.join('\n'), /^(General|Ambulatory)ECG$/);
    assert.equal(status, 0);
  }
});
