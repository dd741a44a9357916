/**
 * False alarms that a person looked at, on the page of strips. Labels are wrong at times, and cudb marks no tachycardia and
 * no standstill: counting by marks alone says little of what a nurse would think. `unclear` counts as false.
 */
import type { FalseAlarm, RecordOutcome } from './outcome.ts';

export type Verdict = 'true' | 'unclear' | 'false' | 'not looked at';

interface Judged {
  readonly record: string;
  readonly fromS: number;
  readonly toS: number;
  /** Left out: every kind of alarm that was told then. */
  readonly kind?: string;
  readonly verdict: Exclude<Verdict, 'not looked at'>;
  readonly what: string;
}

const JUDGED: readonly Judged[] = [
  { record: 'cu09', fromS: 5, toS: 180, verdict: 'unclear', what: 'multiform ventricular beats at 130/min' },
  { record: 'cu16', fromS: 150, toS: 160, verdict: 'false', what: 'bigeminy and couplets' },
  { record: 'cu17', fromS: 465, toS: 475, verdict: 'unclear', what: 'wide irregular beats of a dying heart' },
  { record: 'cu26', fromS: 0, toS: 15, verdict: 'unclear', what: 'irregular wide beats at 150 to 190/min' },
  { record: 'cu28', fromS: 5, toS: 15, verdict: 'unclear', what: 'regular wide complexes at 124/min' },
  { record: 'cu29', fromS: 180, toS: 190, verdict: 'false', what: 'motion over narrow beats' },
  { record: 'cu29', fromS: 265, toS: 275, verdict: 'false', what: 'couplets' },
  {
    record: 'cu05',
    fromS: 85,
    toS: 200,
    verdict: 'true',
    what: 'polymorphic ventricular tachycardia of ten beats and more, three times before it fibrillates',
  },
  {
    record: 'cu06',
    fromS: 350,
    toS: 360,
    verdict: 'false',
    what: 'beats are back under artefacts, the alarm of the fibrillation stays on as unreadable',
  },
  {
    record: 'cu09',
    fromS: 435,
    toS: 509,
    verdict: 'true',
    what: 'after a shock: wide regular waves at 150/min, to the end of the record',
  },
  {
    record: 'cu14',
    fromS: 390,
    toS: 415,
    verdict: 'unclear',
    what: 'wide waves of a dying heart at 2 Hz, after a run of ventricular beats',
  },
  {
    record: 'cu14',
    fromS: 415,
    toS: 509,
    verdict: 'false',
    what: 'quiet line and artefacts of a resuscitation',
  },
  {
    record: 'cu19',
    fromS: 340,
    toS: 346,
    verdict: 'true',
    what: 'run of eight polymorphic ventricular beats',
  },
  { record: 'cu25', fromS: 290, toS: 297, verdict: 'true', what: 'a run of six wide beats at 125/min' },
  {
    record: 'cu25',
    fromS: 488,
    toS: 500,
    verdict: 'true',
    what: 'wide complexes become a fast ventricular rhythm',
  },
  { record: 'cu26', fromS: 200, toS: 280, verdict: 'false', what: 'amplifier at its limits and artefacts' },
  {
    record: 'cu26',
    fromS: 300,
    toS: 375,
    verdict: 'unclear',
    what: 'wide ventricular rhythm at 100/min, artefacts',
  },
  {
    record: 'cu27',
    fromS: 300,
    toS: 312,
    verdict: 'true',
    what: 'polymorphic tachycardia that becomes flutter',
  },
  { record: 'cu28', fromS: 180, toS: 190, verdict: 'true', what: '28 beats a minute, then standstill' },
  {
    record: 'cu28',
    fromS: 238,
    toS: 250,
    verdict: 'unclear',
    what: 'bursts of waves at 4 Hz in a standstill',
  },
  { record: 'cu31', fromS: 50, toS: 55, verdict: 'true', what: '25 beats a minute' },
  {
    record: '419',
    fromS: 245,
    toS: 260,
    verdict: 'unclear',
    what: 'regular wide complexes at 110/min, marked N',
  },
  { record: '419', fromS: 695, toS: 1360, verdict: 'false', what: 'motion: beats ride on waves of 3 mV' },
  { record: '419', fromS: 1565, toS: 1575, verdict: 'true', what: 'fast ventricular waves, not marked' },
  { record: '421', fromS: 165, toS: 175, verdict: 'false', what: 'motion over narrow beats' },
  { record: '421', fromS: 785, toS: 795, verdict: 'false', what: 'motion over narrow beats' },
  { record: '421', fromS: 840, toS: 850, verdict: 'false', what: 'motion over narrow beats' },
  {
    record: '426',
    fromS: 1340,
    toS: 1360,
    verdict: 'unclear',
    what: 'after a resuscitation: no beat is seen',
  },
  { record: '426', fromS: 1620, toS: 1705, verdict: 'false', what: 'small beats on a wandering line' },
  { record: '426', fromS: 1990, toS: 2000, verdict: 'false', what: 'small beats on a wandering line' },
  { record: '428', fromS: 1755, toS: 1765, verdict: 'unclear', what: 'eight fast wide beats, marked N' },
  { record: '429', fromS: 1970, toS: 1990, verdict: 'false', what: 'the electrode is moved' },
  { record: '430', fromS: 0, toS: 10, verdict: 'unclear', what: 'wide beats in salvos at the beginning' },
  {
    record: '609',
    fromS: 0,
    toS: 2100,
    kind: 'ventricular_tachycardia',
    verdict: 'true',
    what: 'runs of five to eight ventricular beats at 150 to 200/min, marked as ectopy',
  },
  {
    record: '610',
    fromS: 0,
    toS: 2100,
    kind: 'ventricular_tachycardia',
    verdict: 'true',
    what: 'runs of five to eight ventricular beats at 110 to 200/min, marked as ectopy',
  },
  { record: '848', fromS: 1000, toS: 1020, verdict: 'true', what: 'atrial fibrillation at 180/min' },
  {
    record: '865',
    fromS: 700,
    toS: 712,
    verdict: 'unclear',
    what: 'sudden regular wide complexes at 151/min, annotated S',
  },
  {
    record: '865',
    fromS: 1125,
    toS: 1135,
    verdict: 'false',
    what: 'regular beats of the usual shape at 145/min',
  },
  {
    record: '801',
    fromS: 35,
    toS: 145,
    verdict: 'false',
    what: 'atrial tachycardia at 126/min, annotated S',
  },
  { record: '421', fromS: 650, toS: 660, verdict: 'false', what: 'motion over narrow beats' },
  { record: '421', fromS: 720, toS: 730, verdict: 'false', what: 'motion over narrow beats' },
  { record: '868', fromS: 690, toS: 700, verdict: 'false', what: 'bigeminy beside wide conducted beats' },
  {
    record: '116',
    fromS: 1354,
    toS: 1365,
    verdict: 'false',
    what: 'the electrode moves: seven seconds of a hundredth of the amplitude',
  },
  {
    record: '207',
    fromS: 1750,
    toS: 1806,
    verdict: 'false',
    what: 'supraventricular tachycardia with wide complexes',
  },
];

export function judge(record: string, { kind, toldS }: FalseAlarm): { verdict: Verdict; what: string } {
  const found = JUDGED.find(
    (judged) =>
      judged.record === record &&
      judged.fromS <= toldS &&
      toldS <= judged.toS &&
      (judged.kind === undefined || judged.kind === kind),
  );
  return found ?? { verdict: 'not looked at', what: '' };
}

/** How many of the false alarms of these records are true in the eyes of whoever judged them. */
export function judgedTrue(outcomes: readonly RecordOutcome[]): number {
  return outcomes
    .flatMap(({ record, falseHigh }) => falseHigh.map((alarm) => judge(record, alarm)))
    .filter(({ verdict }) => verdict === 'true').length;
}
