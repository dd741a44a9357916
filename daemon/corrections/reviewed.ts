/** A recording's annotations as they are after what a person corrected, and the file `<recording>.rev` that says so to WFDB's own tools. */
import { statSync } from 'node:fs';
import { applyCorrections, type Reviewed } from '@rhythmd/ecg/review/corrections.ts';
import { formatAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { readAnnotationFile } from '@rhythmd/records/read-annotations.ts';
import type { Warn } from '@rhythmd/records/record-reader.ts';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { writeWholeFileSync } from '@rhythmd/shell/whole-file.ts';
import { JOURNAL, readJournal } from './journal.ts';

const REVIEWED = 'rev';

/** @param recording path without extension. @throws RhythmdError as readAnnotationFile */
export function readReviewed(recording: string, warn?: Warn): Reviewed {
  return applyCorrections(readAnnotationFile(`${recording}.atr`, warn), readJournal(recording));
}

/** @throws what the disk says, and as readAnnotationFile */
export function writeReviewed(recording: string): void {
  const bytes = formatAnnotations(readReviewed(recording).annotations);
  writeWholeFileSync(`${recording}.${REVIEWED}`, [bytes], { mode: FILE_MODE });
}

/**
 * It is missing or not younger than what it is made of: a crash came between, or the recording has grown. The times of files go on in
 * ticks of some milliseconds: of equal ones nobody knows which was first, and it is made again.
 */
export function isReviewedStale(recording: string): boolean {
  const journalMs = modifiedMs(`${recording}.${JOURNAL}`);
  if (journalMs === null) return false;
  const ownMs = modifiedMs(`${recording}.${REVIEWED}`);
  return ownMs === null || ownMs <= journalMs || ownMs <= (modifiedMs(`${recording}.atr`) ?? 0);
}

function modifiedMs(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
