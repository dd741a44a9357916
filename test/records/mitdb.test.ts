/** The 48 records against what the database says of itself (README of the record folder). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Annotation, formatAnnotations, parseAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { isBeatCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { encodeSignals } from '@rhythmd/ecg/wfdb/signal-files.ts';
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { locateRecord, readRecord } from '@rhythmd/records/read-record.ts';
import { needsRecord } from '../support/needs.ts';

const COUNTS: Readonly<Record<string, number>> = {
  N: 75_052,
  L: 8_075,
  R: 7_259,
  V: 7_130,
  '/': 7_028,
  A: 2_546,
  F: 803,
  f: 982,
  j: 229,
  a: 150,
  E: 106,
  J: 83,
  Q: 33,
  e: 16,
  S: 2,
  '+': 1_291,
  '~': 616,
  '!': 472,
  '"': 437,
  x: 193,
  '|': 132,
  '[': 6,
  ']': 6,
};

test('48 records: 96 checksums and first values, 62,400,000 samples', needsRecord(...MITDB_RECORDS), () => {
  let samples = 0;
  for (const name of MITDB_RECORDS) {
    const record = readRecord(name, undefined, assert.fail); // compares the checksums
    assert.equal(record.leads.length, 2);
    for (const [index, signal] of record.header.signals.entries()) {
      assert.notEqual(signal.checksum, null);
      assert.equal(record.adc[index]?.[0], signal.firstValue, `${name} signal ${index}`);
      samples += record.adc[index]?.length ?? 0;
    }
  }
  assert.equal(samples, 2 * 48 * 650_000);
});

test('annotations: counts per code, 109,494 beats', needsRecord(...MITDB_RECORDS), () => {
  const counts: Record<string, number> = {};
  let beats = 0;
  for (const name of MITDB_RECORDS) {
    for (const { code } of readAnnotations(name, 'atr')) {
      counts[mnemonicOf(code)] = (counts[mnemonicOf(code)] ?? 0) + 1;
      if (isBeatCode(code)) beats++;
    }
  }
  assert.deepEqual(counts, COUNTS);
  assert.equal(beats, 109_494);
});

test('every .atr is written back byte for byte', needsRecord(...MITDB_RECORDS), () => {
  for (const name of MITDB_RECORDS) {
    const bytes = readFileSync(`${locateRecord(name)}.atr`);
    const annotations: Annotation[] = parseAnnotations(bytes, `${name}.atr`);
    assert.ok(bytes.equals(formatAnnotations(annotations)), name);
  }
});

test('a .dat is written back byte for byte', needsRecord('100', 'em'), () => {
  for (const name of ['100', 'em']) {
    const path = locateRecord(name);
    const encoded = encodeSignals(212, readRecord(name).adc, name);
    assert.ok(readFileSync(join(`${path}.dat`)).equals(encoded), name);
  }
});

test('gain 0 of the noise records is read as uncalibrated', needsRecord('em'), () => {
  const { header } = readRecord('em');
  assert.deepEqual(
    header.signals.map(({ gain, calibrated }) => [gain, calibrated]),
    [
      [200, false],
      [200, false],
    ],
  );
});
