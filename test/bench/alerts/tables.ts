/** The tables of docs/alerts.md. */
import { DS1_RECORDS, DS2_RECORDS } from '@rhythmd/records/mitdb.ts';
import type { Level, Scores } from '../alerts.ts';
import type { ResultTable } from '../topic.ts';
import type { EpisodeCounts } from './interval.ts';
import type { NoiseScore } from './noise.ts';
import type { RecordScore } from './score.ts';

const SETS: readonly (readonly [string, (record: string) => boolean])[] = [
  ['DS1', (record) => DS1_RECORDS.includes(record)],
  ['DS2', (record) => DS2_RECORDS.includes(record)],
  ['all', () => true],
];
/** Records on which no alert of high priority may come. */
const QUIET_RECORDS = ['100', '101', '103', '112', '113', '115', '117', '122', '234'];
const NOTE =
  'DS1: the network was trained on these records, which flatters it there. DS2: patients new to it. all: with the four paced records.';

type Cell = string | number | null;

export function tablesOf(scores: Scores, noise: readonly NoiseScore[]): ResultTable[] {
  const levels = (Object.keys(scores) as Level[]).filter((level) => scores[level].length > 0);
  return [
    episodeTable(scores, levels),
    fibrillationTable(scores, levels),
    quietTable(scores, levels),
    delayTable(scores, levels),
    noiseTable(noise),
  ];
}

function percent(part: number, whole: number): Cell {
  return whole === 0 ? null : `${((100 * part) / whole).toFixed(1)} %`;
}

function episodeTable(scores: Scores, levels: readonly Level[]): ResultTable {
  const kinds = Object.keys(scores[levels[0]!][0]?.episodes ?? {});
  const rows: Cell[][] = [];
  for (const kind of kinds) {
    for (const level of levels) {
      for (const [set, belongs] of SETS) {
        const sum = summed(
          scores[level].filter(({ record }) => belongs(record)).map((s) => s.episodes[kind]!),
        );
        if (sum.reference === 0 && sum.alarms === 0) continue;
        rows.push([
          kind,
          level,
          set,
          sum.reference,
          sum.found,
          percent(sum.found, sum.reference),
          sum.alarms,
          sum.true,
          percent(sum.true, sum.alarms),
          sum.ignored,
        ]);
      }
    }
  }
  return {
    title: 'Episodes by kind',
    columns: ['kind', 'level', 'records', 'episodes', 'found', '', 'alarms', 'true', '', 'left out'],
    rows,
    note: `${NOTE} The reference of asystole, pause, bradycardia, tachycardia, r_on_t and frequent_ectopy is the same rule on the reference beats.`,
  };
}

function summed(counts: readonly EpisodeCounts[]): EpisodeCounts {
  const sum: EpisodeCounts = { reference: 0, found: 0, alarms: 0, true: 0, ignored: 0 };
  for (const one of counts) {
    for (const key of Object.keys(sum) as (keyof EpisodeCounts)[]) sum[key] += one[key];
  }
  return sum;
}

function fibrillationTable(scores: Scores, levels: readonly Level[]): ResultTable {
  const rows: Cell[][] = [];
  for (const level of levels) {
    for (const [set, belongs] of SETS) {
      const sum = { reference: 0, found: 0, alarmed: 0, flutter: 0 };
      for (const { record, fibrillation } of scores[level]) {
        if (!belongs(record)) continue;
        sum.reference += fibrillation.referenceSeconds;
        sum.found += fibrillation.foundSeconds;
        sum.alarmed += fibrillation.alarmedSeconds;
        sum.flutter += fibrillation.flutterSeconds;
      }
      rows.push([
        level,
        set,
        Math.round(sum.reference),
        percent(sum.found, sum.reference),
        Math.round(sum.alarmed),
        percent(sum.found, sum.alarmed),
        percent(sum.found, sum.alarmed - sum.flutter),
        percent(sum.found + sum.flutter, sum.alarmed),
      ]);
    }
  }
  return {
    title: 'Atrial fibrillation by duration',
    columns: [
      'level',
      'records',
      'annotated s',
      'found',
      'alarmed s',
      'true (AFL false)',
      'true (AFL left out)',
      'true (AFL true)',
    ],
    rows,
    note: NOTE,
  };
}

function quietTable(scores: Scores, levels: readonly Level[]): ResultTable {
  const rows: Cell[][] = [];
  for (const level of levels) {
    for (const { record, highPriority } of scores[level]) {
      if (QUIET_RECORDS.includes(record))
        rows.push([level, record, highPriority.length, shown(highPriority)]);
    }
  }
  return {
    title: 'High priority on records without such a condition',
    columns: ['level', 'record', 'high-priority alerts', 'which, at second'],
    rows,
  };
}

function shown(alerts: readonly string[]): string {
  return alerts.length > 6 ? `${alerts.slice(0, 6).join(' ')} ...` : alerts.join(' ');
}

function delayTable(scores: Scores, levels: readonly Level[]): ResultTable {
  const rows: Cell[][] = [];
  for (const level of levels) {
    for (const kind of ['asystole', 'ventricular_run', 'ventricular_fibrillation']) {
      const delays = scores[level].flatMap((score: RecordScore) => score.delays[kind] ?? []);
      delays.sort((a, b) => a - b);
      const at = (share: number) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))];
      rows.push([level, kind, delays.length, seconds(at(0.5)), seconds(at(0.95)), seconds(delays.at(-1))]);
    }
  }
  return {
    title: 'From onset to alert',
    columns: ['level', 'kind', 'matched', 'median s', '95 % s', 'longest s'],
    rows,
  };
}

function seconds(value: number | undefined): Cell {
  return value === undefined ? null : value.toFixed(1);
}

function noiseTable(noise: readonly NoiseScore[]): ResultTable {
  return {
    title: 'Electrode motion noise',
    columns: [
      'record',
      'SNR dB',
      'labels',
      'high priority an hour',
      'which',
      'unreadable alerts',
      'unreadable s',
    ],
    rows: noise.map((score) => [
      score.record,
      score.snrDb,
      score.labels,
      (score.highPriority.length / score.hours).toFixed(1),
      shown(score.highPriority),
      score.unreadableAlerts,
      Math.round(score.unreadableSeconds),
    ]),
    note: 'The recipe of the MIT-BIH Noise Stress Test Database. Neither record has a high-priority condition.',
  };
}
