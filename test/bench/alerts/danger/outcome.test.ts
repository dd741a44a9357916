import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToldAlarm } from '@rhythmd/daemon/analyze/told-alarms.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { joined, type ReferenceEpisodes, referenceEpisodes, sharedS } from './episodes.ts';
import { outcomeOf } from './outcome.ts';

const RATE_HZ = 250;
const mark = (atS: number, code: number, aux: string | null = null) => ({
  sample: atS * RATE_HZ,
  code,
  subtype: 0,
  channel: 0,
  num: 0,
  aux,
});
const NONE: ReferenceEpisodes = referenceEpisodes([], RATE_HZ, 100 * RATE_HZ);
const alarm = (
  kind: string,
  told_s: number,
  end_s: number | null,
  priority: ToldAlarm['priority'] = 'high',
) => ({
  kind,
  priority,
  start_s: told_s - 2,
  told_s,
  end_s,
});
const outcome = (reference: ReferenceEpisodes, alarms: readonly ToldAlarm[]) =>
  outcomeOf('db', 'r', reference, alarms, []);

test('an open mark lasts to the end, stretches less than half a second apart are one', () => {
  const reference = referenceEpisodes(
    [
      mark(10, AnnotationCode.rhythm, '(VFL'),
      mark(20, AnnotationCode.rhythm, '(N'),
      mark(20.3, AnnotationCode.rhythm, '(VF'),
      mark(30, AnnotationCode.rhythm, '(N'),
      mark(90, AnnotationCode.flutterStart),
    ],
    RATE_HZ,
    100 * RATE_HZ,
  );
  assert.deepEqual(reference.fibrillation, [
    { fromS: 10, toS: 30 },
    { fromS: 90, toS: 100 },
  ]);
  assert.deepEqual(joined([]), []);
  assert.equal(sharedS({ fromS: 0, toS: 10 }, [{ fromS: 5, toS: 20 }]), 5);
});

test('found, how soon, covered: an alarm that stood already counts from the onset', () => {
  const reference = { ...NONE, fibrillation: [{ fromS: 20, toS: 40 }] };
  const [late] = outcome(reference, [alarm('ventricular_fibrillation', 25, 35)]).episodes;
  assert.deepEqual([late?.highDelayS, late?.namedDelayS, late?.coveredS], [5, 5, 10]);
  const [stood] = outcome(reference, [alarm('asystole', 10, null)]).episodes;
  assert.deepEqual([stood?.highDelayS, stood?.namedDelayS, stood?.coveredS], [0, null, 20]);
  const [medium] = outcome(reference, [alarm('tachycardia', 25, 35, 'medium')]).episodes;
  assert.equal(medium?.highDelayS, null);
  const [after] = outcome(reference, [alarm('ventricular_fibrillation', 46, 50)]).episodes;
  assert.equal(after?.highDelayS, null);
});

test('false: near no episode of any danger, no run, no noise', () => {
  const reference = {
    ...NONE,
    asystole: [{ fromS: 50, toS: 60 }],
    runs: [{ fromS: 80, toS: 82 }],
    noise: [{ fromS: 10, toS: 15 }],
  };
  const kinds = (alarms: readonly ToldAlarm[]) =>
    outcome(reference, alarms).falseHigh.map(({ kind }) => kind);
  assert.deepEqual(
    kinds([alarm('ventricular_fibrillation', 48, 49), alarm('ventricular_tachycardia', 84, 86)]),
    [],
  );
  assert.deepEqual(kinds([alarm('asystole', 12, 20)]), []);
  assert.deepEqual(kinds([alarm('ventricular_fibrillation', 12, 20)]), ['ventricular_fibrillation']);
});
