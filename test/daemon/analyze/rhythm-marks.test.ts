import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qualityMarks } from '@rhythmd/daemon/analyze/quality-marks.ts';
import { type RhythmBeatMark, rhythmMarks } from '@rhythmd/daemon/analyze/rhythm-marks.ts';
import type { Alert, AlertPhase, BeatLabel } from '@rhythmd/ecg/types.ts';

const beats = (labels: string, rr = 300): RhythmBeatMark[] =>
  [...labels].map((label, i) => ({
    sample: (i + 1) * rr,
    label: label === '-' ? null : (label as BeatLabel),
  }));

function alert(
  id: string,
  kind: string,
  phase: AlertPhase,
  startSample: number,
  sample: number,
  evidence = {},
): Alert {
  return { id, kind, phase, startSample, sample, priority: 'low', text: '', evidence };
}

const shown = (marks: ReturnType<typeof rhythmMarks>) =>
  marks.map(({ sample, aux }) => `${sample}${aux}`).join(' ');

test('nothing found, nothing written', () => {
  assert.deepEqual(rhythmMarks([], [], 0), []);
  assert.deepEqual(rhythmMarks(beats('NNVVNNV-VVN'), [], 9999), []);
});

test('three ventricular beats in a row are a run, from its first to the beat after it', () => {
  assert.equal(shown(rhythmMarks(beats('NVVVN'), [], 9999)), '600(VT 1500(N');
  assert.equal(shown(rhythmMarks(beats('VVVV'), [], 2000)), '300(VT');
  assert.equal(shown(rhythmMarks(beats('NVVVN', 700), [], 9999)), '', 'too slow to be in a row');
});

test('a run within suspected fibrillation interrupts it, and an alert that never ended lasts to the end', () => {
  const alerts = [
    alert('a1', 'atrial_fibrillation', 'start', 100, 400),
    alert('a1', 'atrial_fibrillation', 'update', 100, 500),
    alert('a2', 'couplet', 'start', 0, 10),
  ];
  assert.equal(shown(rhythmMarks(beats('NVVVN'), alerts, 9999)), '100(AFIB 600(VT 1500(AFIB');
  const ended = [...alerts, alert('a1', 'atrial_fibrillation', 'end', 100, 1900, { until_sample: 1700 })];
  assert.equal(shown(rhythmMarks([], ended, 9999)), '100(AFIB 1700(N');
});

test('shutdown marks open and close, whatever the reasons in between', () => {
  const change = (sample: number, quality: 'settling' | 'good' | 'noisy' | 'off') => ({ sample, quality });
  const marks = qualityMarks(
    [change(0, 'settling'), change(700, 'good'), change(900, 'noisy'), change(950, 'off')],
    1,
  );
  assert.deepEqual(
    marks.map(({ sample, subtype, channel }) => [sample, subtype, channel]),
    [
      [0, 0x30, 1],
      [700, 0, 1],
      [900, 0x30, 1],
    ],
  );
});
