/** The rows of the targets as tables: per database, per record, and the curves of sensitivity against false alarms. */

import type { ResultTable } from '../../topic.ts';
import type { CurvePoint } from './curves.ts';
import { judge } from './judged.ts';
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
  'by judgement',
  'unreadable',
  'NOISE told',
  'noise told elsewhere',
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
    rows.judgedFalsePerHour.toFixed(2),
    formatShare(rows.unreadable),
    formatShare(rows.noiseTold),
    formatShare(rows.noiseToldOutside),
  ];
}

export type DangerLevel = 'cross-fitted' | 'as shipped' | 'without the rhythm network';

/** Together, as the targets are stated. */
const GROUPS = [
  ['cudb', 'vfdb'],
  ['svdb', 'mitdb'],
] as const;

/** @param levels outcomes by level; the first that is there is shown record by record */
export function dangerTables(
  levels: Readonly<Partial<Record<DangerLevel, readonly RecordOutcome[]>>>,
): ResultTable[] {
  const gross: (string | number)[][] = [];
  const perRecord: (string | number)[][] = [];
  const [shownLevel] = Object.keys(levels);
  for (const [level, outcomes] of Object.entries(levels)) {
    const databases = [...new Set(outcomes.map((outcome) => outcome.database))];
    for (const database of databases) {
      const own = outcomes.filter((outcome) => outcome.database === database);
      gross.push([database, level, own.length, ...cells(rowsOf(own))]);
      if (level !== shownLevel || database === 'ludb') continue;
      for (const outcome of own) perRecord.push([database, outcome.record, ...cells(rowsOf([outcome]))]);
    }
    for (const group of GROUPS.filter((names) => names.every((name) => databases.includes(name)))) {
      const own = outcomes.filter(({ database }) => (group as readonly string[]).includes(database));
      gross.push([group.join(' + '), level, own.length, ...cells(rowsOf(own))]);
    }
  }
  return [
    {
      title: 'What kills: alarms of high priority, by database',
      columns: ['database', 'level', 'records', ...COLUMNS],
      rows: gross,
      note: 'Definitions: docs/alerts.md. Cross-fitted: by rhythm networks that had not seen the patient. Tachycardia: by an alarm of tachycardia or fibrillation. By judgement: false alarms an hour without those that a person who looked at the strip called true (next table). ludb has no rhythm marks: what it shows is unreadable time and any alarm.',
    },
    falseTable(levels[shownLevel as DangerLevel] ?? []),
    {
      title: `The same by record, ${shownLevel}`,
      columns: ['database', 'record', ...COLUMNS],
      rows: perRecord,
    },
  ];
}

function falseTable(outcomes: readonly RecordOutcome[]): ResultTable {
  return {
    title: 'Each alarm of high priority that is false by the marks, and what was seen there',
    columns: ['record', 'kind', 'told s', 'until s', 'judged', 'what'],
    rows: outcomes.flatMap(({ database, record, falseHigh }) =>
      falseHigh.map((alarm) => {
        const { verdict, what } = judge(record, alarm);
        const at = [alarm.toldS.toFixed(1), alarm.endS.toFixed(0)];
        return [`${database}/${record}`, alarm.kind, ...at, verdict, what];
      }),
    ),
  };
}

export function curveTable(points: readonly CurvePoint[]): ResultTable {
  return {
    title: 'Sensitivity against false alarms: limits moved one by one',
    columns: ['limit', 'value', ...COLUMNS],
    rows: points.map(({ alarm, limit, outcomes }) => [alarm, limit, ...cells(rowsOf(outcomes))]),
    note: 'cudb and vfdb together; the other limits at their defaults.',
  };
}
