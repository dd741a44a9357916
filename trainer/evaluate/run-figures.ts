/** What a trained network says of patients it was not trained on, record by record, with two leads and with one. */

import { DS1_RECORDS, DS2_RECORDS } from '@rhythmd/records/mitdb.ts';
import type { Dataset } from '../data/dataset.ts';
import { labelsOf } from '../data/dataset.ts';
import { databaseOf } from '../data/record-source.ts';
import { type EctopicFigures, ectopicFigures, emptyConfusion } from './ectopic.ts';
import { argMax } from './metrics.ts';

/** The groups that figures are told of; DS2 is the published test. */
export const GROUPS = ['DS1', 'paced', 'svdb', 'DS2'] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf(record: string): Group {
  if (databaseOf(record) !== 'mitdb') return 'svdb';
  return DS1_RECORDS.includes(record) ? 'DS1' : DS2_RECORDS.includes(record) ? 'DS2' : 'paced';
}

export interface RecordFigures {
  readonly record: string;
  readonly group: Group;
  /** Rows: what it is; columns: what was said; in the order of EC57_LABELS. */
  readonly confusion: readonly (readonly number[])[];
}

/** @param logits of the beats, [beats, 5] */
export function figuresByRecord(
  { record, records, label, recipe }: Dataset,
  beats: Uint32Array,
  logits: Float32Array,
): RecordFigures[] {
  const classes = labelsOf(recipe).length;
  const confusions = new Map<number, number[][]>();
  for (const [i, beat] of beats.entries()) {
    let confusion = confusions.get(record[beat]!);
    if (confusion === undefined) {
      confusion = emptyConfusion();
      confusions.set(record[beat]!, confusion);
    }
    confusion[label[beat]!]![argMax(logits, i * classes, classes)]!++;
  }
  return [...confusions].map(([index, confusion]) => {
    const { name } = records[index]!;
    return { record: name, group: groupOf(name), confusion };
  });
}

/** Gross figures of the records of a group, or of all but one of them; null where there is none. */
export function figuresOfGroup(
  records: readonly RecordFigures[],
  group: Group,
  without?: string,
): EctopicFigures | null {
  const own = records.filter(({ group: of, record }) => of === group && record !== without);
  if (own.length === 0) return null;
  const sum = emptyConfusion();
  for (const { confusion } of own)
    for (const [row, counts] of confusion.entries())
      for (const [column, count] of counts.entries()) sum[row]![column]! += count;
  return ectopicFigures(sum);
}
