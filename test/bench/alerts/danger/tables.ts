/** The rows of the targets as tables: per database, per record, and the curves of sensitivity against false alarms. */

import type { ResultTable } from '../../topic.ts';
import type { RecordOutcome } from './outcome.ts';
import { type DangerRows, formatShare, rowsOf } from './rows.ts';

const COLUMNS = [
  'fibrillation of 10 s: high alarm within 10 s',
  'its time covered',
  'delay, median / 95 % s',
  'tachycardia 10 s',
  '5 to 10 s',
  'shorter',
  'asystole of 5 s (any high)',
  'its time covered',
  'false high an hour',
  'unreadable',
  'NOISE told',
];

function cells(rows: DangerRows): (string | number)[] {
  const seconds = (value: number | null) => (value === null ? '-' : value.toFixed(1));
  return [
    formatShare(rows.fibrillationInTime),
    formatShare(rows.fibrillationCovered),
    `${seconds(rows.delayMedianS)} / ${seconds(rows.delay95S)}`,
    formatShare(rows.tachycardia10),
    formatShare(rows.tachycardia5),
    formatShare(rows.tachycardia0),
    `${formatShare(rows.asystole)} (${formatShare(rows.asystoleAny)})`,
    formatShare(rows.asystoleCovered),
    `${rows.falsePerHour.toFixed(2)} (${rows.falseHigh})`,
    formatShare(rows.unreadable),
    formatShare(rows.noiseTold),
  ];
}

export type DangerLevel = 'end to end' | 'without the rhythm network';

/** @param levels outcomes by level */
export function dangerTables(levels: Readonly<Record<DangerLevel, readonly RecordOutcome[]>>): ResultTable[] {
  const gross: (string | number)[][] = [];
  const perRecord: (string | number)[][] = [];
  for (const [level, outcomes] of Object.entries(levels)) {
    for (const database of [...new Set(outcomes.map((outcome) => outcome.database))]) {
      const own = outcomes.filter((outcome) => outcome.database === database);
      gross.push([database, level, own.length, ...cells(rowsOf(own))]);
      if (level !== 'end to end') continue;
      for (const outcome of own) perRecord.push([database, outcome.record, ...cells(rowsOf([outcome]))]);
    }
  }
  return [
    {
      title: 'What kills: alarms of high priority, by database',
      columns: ['database', 'level', 'records', ...COLUMNS],
      rows: gross,
      note: 'Definitions: docs/alerts.md. Tachycardia: by an alarm of tachycardia or fibrillation. cudb has no marks for tachycardia and none for asystole: some of its "false" alarms are true, see the page of strips.',
    },
    { title: 'The same by record, end to end', columns: ['database', 'record', ...COLUMNS], rows: perRecord },
  ];
}

export interface CurvePoint {
  readonly alarm: string;
  readonly limit: number;
  readonly outcomes: readonly RecordOutcome[];
}

export function curveTable(points: readonly CurvePoint[]): ResultTable {
  return {
    title: 'Sensitivity against false alarms: the limits of the rhythm network moved one by one',
    columns: ['limit', 'value', ...COLUMNS],
    rows: points.map(({ alarm, limit, outcomes }) => [alarm, limit, ...cells(rowsOf(outcomes))]),
    note: 'All databases together; the other limits at their defaults.',
  };
}
