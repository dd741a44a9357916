/** ISHNE files, made byte by byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ISHNE_HEADER_BYTES, ishneChecksum } from '@rhythmd/ecg/ishne/ishne-header.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { file, near, words } from './made-files.ts';

test('ISHNE: leads, scale, start; damage is named', () => {
  const bytes = Buffer.alloc(ISHNE_HEADER_BYTES + 12);
  bytes.write('ISHNE1.0', 0, 'latin1');
  bytes.writeInt32LE(3, 14);
  bytes.writeInt32LE(522, 18);
  bytes.writeInt32LE(522, 22);
  for (const [at, value] of [
    [138, 22],
    [140, 11],
    [142, 2026],
    [150, 15],
    [152, 1],
    [154, 2],
    [156, 2],
    [158, 6],
    [160, 12],
    [206, 5000],
    [208, 1000],
    [272, 200],
  ] as const) {
    bytes.writeInt16LE(value, at);
  }
  words(100, 1000, -200, -32768, 300, 3000).copy(bytes, 522);
  bytes.writeUInt16LE(ishneChecksum(bytes.subarray(0, 522)), 8);
  const record = readRecord(file('holter.ecg', bytes));
  assert.deepEqual([record.rateHz, record.sampleCount, record.leadNames], [200, 3, ['II', 'V2']]);
  assert.equal(startOf(record.header), Date.UTC(2026, 10, 22, 15, 1, 2));
  near(record.leads[0]![1], -1);
  near(record.leads[1]![2], 3);
  assert.ok(Number.isNaN(record.leads[1]![1]));
  bytes.writeInt16LE(99, 156);
  assert.throws(() => readRecord(file('bad.ecg', bytes)), { code: 'E_ISHNE_HEADER', message: /99 leads/ });
});
