import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withShutdowns } from '@rhythmd/daemon/analyze/quality-marks.ts';
import { type RhythmBeatMark, rhythmMarks } from '@rhythmd/daemon/analyze/rhythm-marks.ts';
import type { Alert, AlertPhase, BeatLabel } from '@rhythmd/ecg/types.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import fc from 'fast-check';

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

test('shutdown marks: nothing stands between a mark and its end', () => {
  const other = (sample: number, code: number) => ({
    sample,
    code,
    subtype: 0,
    channel: 1,
    num: 0,
    aux: null,
  });
  const rhythm = AnnotationCode.rhythm;
  const marks = withShutdowns(
    [other(100, 1), other(500, rhythm), other(500, 1), other(700, 1), other(900, rhythm), other(950, rhythm)],
    [
      [0, 0],
      [100, 700],
      [900, 950],
    ],
    1,
  );
  assert.deepEqual(
    marks.map(({ sample, code, subtype }) => [sample, code, subtype]),
    [
      [100, 1, 0],
      [100, 14, 0x30],
      [500, 14, 0],
      [500, rhythm, 0],
      [500, 1, 0],
      [500, 14, 0x30],
      [700, 14, 0],
      [700, 1, 0],
      [900, rhythm, 0],
      [900, 14, 0x30],
      [950, 14, 0],
      [950, rhythm, 0],
    ],
  );
});

test('whatever was found: every shutdown mark is followed by its end, and both cover the same time', () => {
  const gap = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(fc.array(gap), fc.array(fc.tuple(gap, gap)), (distances, pairs) => {
      let at = 0;
      const places = distances.map((distance) => {
        at += distance;
        return at;
      });
      const others = places.map((sample, i) => ({
        sample,
        code: i % 3 === 0 ? AnnotationCode.rhythm : 1,
        subtype: 0,
        channel: 0,
        num: 0,
        aux: null,
      }));
      let end = 0;
      const shutdowns = pairs.map(([pause, length]) => {
        const from = end + 1 + pause;
        end = from + length;
        return [from, end] as const;
      });
      const marks = withShutdowns(others, shutdowns, 0);
      const inside = new Set<number>();
      for (const [i, mark] of marks.entries()) {
        assert.ok(i === 0 || mark.sample >= marks[i - 1]!.sample);
        if (mark.code !== AnnotationCode.signalQuality || mark.subtype === 0) continue;
        const next = marks[i + 1]!;
        assert.deepEqual([next.code, next.subtype], [AnnotationCode.signalQuality, 0]);
        for (let sample = mark.sample; sample <= next.sample; sample++) inside.add(sample);
      }
      const expected = new Set<number>();
      for (const [from, to] of shutdowns) {
        if (to > from) for (let sample = from; sample <= to; sample++) expected.add(sample);
      }
      assert.deepEqual(inside, expected);
      assert.equal(marks.filter(({ code }) => code !== AnnotationCode.signalQuality).length, others.length);
    }),
  );
});
