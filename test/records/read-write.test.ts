import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { writeAnnotations, writeRecord } from '@rhythmd/records/write-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-records-'));
after(() => rmSync(folder, { recursive: true }));

const signal = { name: 'MLII', adc: [0, 100, -100, 2000], gain: 200, baseline: 0 };
const write = (name: string) => {
  writeRecord(join(folder, name), { rateHz: 360, signals: [signal], format: 212 });
  return join(folder, name);
};

test('a record that is nowhere is one clear error', () => {
  assert.throws(() => readRecord('no-such', [folder]), {
    code: 'E_RECORD_NOT_FOUND',
    message: /no-such is in none of the record folders/,
  });
  for (const [path, message] of [
    [join(folder, 'no-such'), /there is no .*no-such\.hea/],
    [join(folder, 'no-such.edf'), /there is no file .*no-such\.edf/],
    [folder, /is a folder/],
  ] as const) {
    assert.throws(() => readRecord(path), { code: 'E_RECORD_NOT_FOUND', message });
  }
});

test('a missing or truncated signal file is refused with its name', () => {
  const path = write('damaged');
  truncateSync(`${path}.dat`, 3);
  assert.throws(() => readRecord(path), {
    code: 'E_WFDB_TRUNCATED',
    message: /damaged\.dat holds 2 of the 4/,
  });
  rmSync(`${path}.dat`);
  assert.throws(() => readRecord(path), { code: 'E_RECORD_READ', message: /damaged\.dat/ });
});

test('a wrong checksum is a warning; signed, unsigned, never computed and absent ones are right', () => {
  const path = write('summed');
  const header = readFileSync(`${path}.hea`, 'utf8');
  const warnings = (text: string) => {
    writeFileSync(`${path}.hea`, text);
    const said: string[] = [];
    assert.equal(readRecord(path, [], (warning) => said.push(warning)).sampleCount, 4);
    return said;
  };
  assert.deepEqual(warnings(header), []);
  assert.deepEqual(warnings(header.replace(' 2000 0 MLII', ` ${2000 - 65536} 0 MLII`)), []);
  assert.deepEqual(warnings(header.replace(' 2000 0 MLII', ' 0 0 MLII')), []);
  assert.deepEqual(warnings(header.replace(' 2000 0 MLII', '')), []);
  const wrong = warnings(header.replace(' 2000 0 MLII', ' 2001 0 MLII'));
  assert.equal(wrong.length, 1);
  assert.match(wrong[0]!, /summed: the samples of signal 0 .* sum to 2000, the header says 2001/);
});

test('annotations that are missing are refused, those that are cut off read with a warning', () => {
  const path = write('noted');
  assert.throws(() => readAnnotations(path, 'atr'), { code: 'E_RECORD_READ', message: /noted\.atr/ });
  writeFileSync(`${path}.atr`, Uint8Array.of(5, 4));
  const warnings: string[] = [];
  assert.equal(readAnnotations(path, 'atr', [], (warning) => warnings.push(warning)).length, 1);
  assert.match(warnings[0]!, /noted\.atr: byte 2/);
});

test('a written record reads back, and no temporary file stays', () => {
  const path = write('good');
  const annotations = [{ sample: 2, code: 1, subtype: 0, channel: 0, num: 0, aux: null }];
  writeAnnotations(path, 'rhy', annotations);
  const record = readRecord('good', [folder]);
  assert.deepEqual([...record.adc[0]!], signal.adc);
  assert.deepEqual([...record.leads[0]!], [0, 0.5, -0.5, 10]);
  assert.deepEqual(record.leadNames, ['MLII']);
  assert.equal(record.sampleCount, 4);
  assert.deepEqual(readAnnotations('good', 'rhy', [folder]), annotations);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test('a folder that is not there cannot be written', () => {
  assert.throws(() => writeAnnotations(join(folder, 'nowhere', 'a'), 'rhy', []), { code: 'E_RECORD_WRITE' });
});
