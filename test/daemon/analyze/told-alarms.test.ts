import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToldAlert } from '@rhythmd/daemon/analyze/record-analysis.ts';
import { toldAlarms, unreadableStretches } from '@rhythmd/daemon/analyze/told-alarms.ts';
import type { AlertPhase, AlertPriority, LeadQuality } from '@rhythmd/ecg/types.ts';

const RATE_HZ = 360;

function told(
  id: string,
  phase: AlertPhase,
  priority: AlertPriority,
  atS: number,
  startS: number,
): ToldAlert {
  const sample = atS * RATE_HZ;
  const startSample = startS * RATE_HZ;
  return {
    id,
    kind: 'tachycardia',
    priority,
    phase,
    startSample,
    sample,
    text: '',
    evidence: {},
    toldAt: sample,
  };
}

const change = (atS: number, quality: LeadQuality) => ({ lead: 0, sample: atS * RATE_HZ, quality });

test('an alert that never ended stands at the end of the record', () => {
  assert.deepEqual(toldAlarms([]), []);
  assert.deepEqual(toldAlarms([told('a', 'start', 'high', 10, 6)]), [
    { kind: 'tachycardia', priority: 'high', start_s: 6, told_s: 10, end_s: null },
  ]);
});

test('an end without a start is nothing', () => {
  assert.deepEqual(toldAlarms([told('a', 'end', 'high', 10, 6)]), []);
});

test('a rise of priority is an entry of its own, an update is none', () => {
  const alarms = toldAlarms([
    told('a', 'start', 'medium', 10, 6),
    told('b', 'start', 'low', 11, 11),
    told('a', 'update', 'medium', 12, 6),
    told('a', 'update', 'high', 15, 6),
    told('a', 'end', 'high', 20, 6),
  ]);
  assert.deepEqual(
    alarms.map(({ priority, told_s, end_s }) => [priority, told_s, end_s]),
    [
      ['medium', 10, 15],
      ['low', 11, null],
      ['high', 15, 20],
    ],
  );
});

test('settling that went well was readable; a state told late counts from where it began', () => {
  assert.deepEqual(unreadableStretches([change(0, 'settling'), change(0, 'good')], 3600), []);
  assert.deepEqual(unreadableStretches([change(0, 'settling')], 3600), [[0, 10]]);
  const late = [
    change(0, 'good'),
    change(5, 'flat'),
    change(4, 'off'),
    change(6, 'noisy'),
    change(8, 'good'),
  ];
  assert.deepEqual(unreadableStretches(late, 3600), [[4, 8]]);
});
