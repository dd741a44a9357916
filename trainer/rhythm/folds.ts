/** Patient-wise folds over all records of all databases. */
import { ASYSTOLE, FIBRILLATION, RHYTHM_DATABASES, TACHYCARDIA } from './reference.ts';
import { RHYTHM_FOLDS } from './rhythm-recipe.ts';
import type { RhythmRecord } from './rhythm-record.ts';

/**
 * Each database's records, those with asystole, fibrillation and tachycardia first, are dealt to and fro: 0 1 2 3 4
 * 4 3 2 1 0 and so on, so that no fold has all of what is rare.
 * @returns the fold of each record, by `database/name`
 */
export function foldsOf(records: readonly RhythmRecord[]): ReadonlyMap<string, number> {
  const folds = new Map<string, number>();
  for (const database of RHYTHM_DATABASES) {
    const ordered = records.filter((record) => record.database === database).toSorted(rarestFirst);
    for (const [i, record] of ordered.entries()) {
      const place = i % RHYTHM_FOLDS;
      const isBackwards = Math.floor(i / RHYTHM_FOLDS) % 2 === 1;
      folds.set(keyOf(record), isBackwards ? RHYTHM_FOLDS - 1 - place : place);
    }
  }
  return folds;
}

export function keyOf({ database, name }: RhythmRecord): string {
  return `${database}/${name}`;
}

function rarestFirst(a: RhythmRecord, b: RhythmRecord): number {
  return (
    Number(countOf(b, ASYSTOLE) > 0) - Number(countOf(a, ASYSTOLE) > 0) ||
    countOf(b, FIBRILLATION) - countOf(a, FIBRILLATION) ||
    countOf(b, TACHYCARDIA) - countOf(a, TACHYCARDIA) ||
    (a.name < b.name ? -1 : 1)
  );
}

function countOf({ reference }: RhythmRecord, c: number): number {
  let count = 0;
  for (const value of reference) if (value === c) count++;
  return count;
}
