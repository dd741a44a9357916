/** A night in which the clock is changed: no hour of a report has the name of another. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hourTable } from '@rhythmd/daemon/report/hour-table.ts';
import { momentOf } from '@rhythmd/daemon/report/report-time.ts';

process.env.TZ = 'Europe/Berlin';

const hour = (from_s: number) => ({
  from_s,
  to_s: from_s + 3600,
  recorded_s: 0,
  readable_s: 0,
  beats: 0,
  mean_bpm: null,
  slowest_bpm: null,
  fastest_bpm: null,
  ventricular: null,
  supraventricular: null,
  pauses: null,
  atrial_fibrillation_s: null,
});

function hoursFrom(startMs: number | null): string[] {
  const table = hourTable({ hours: [0, 1, 2, 3].map((hours) => hour(3600 * hours)) }, startMs);
  assert.ok(table.kind === 'table');
  return table.rows.map(([time]) => time!);
}

test('in autumn an hour comes twice, and the second has its zone', () => {
  const startMs = Date.UTC(2026, 9, 24, 23);
  assert.deepEqual(hoursFrom(startMs), [
    '10-25 01:00',
    '10-25 02:00',
    '10-25 02:00 UTC+1',
    '10-25 03:00 UTC+1',
  ]);
  assert.equal(momentOf(startMs, 5400), '2026-10-25 02:30:00');
  assert.equal(momentOf(startMs, 9000), '2026-10-25 02:30:00 UTC+1');
});

test('in spring one is left out', () => {
  const startMs = Date.UTC(2026, 2, 28, 23);
  assert.deepEqual(hoursFrom(startMs), [
    '03-29 00:00',
    '03-29 01:00',
    '03-29 03:00 UTC+2',
    '03-29 04:00 UTC+2',
  ]);
  assert.equal(momentOf(null, 5400), '1:30:00');
});

test('without a time of day the first hour is written like the others', () => {
  assert.deepEqual(hoursFrom(null), ['0:00:00', '1:00:00', '2:00:00', '3:00:00']);
});
