/** A recording's annotations as they are after what a person corrected, and the file `<recording>.rev` that says so to WFDB's own tools. */
import { statSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { applyCorrections, type Reviewed } from '@rhythmd/ecg/review/corrections.ts';
import { type Annotation, formatAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { OWN_ANNOTATOR, readAnnotationFile, readAnnotations } from '@rhythmd/records/read-annotations.ts';
import type { Warn } from '@rhythmd/records/record-reader.ts';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { writeWholeFileSync } from '@rhythmd/shell/whole-file.ts';
import { JOURNAL, readJournal } from './journal.ts';

const REVIEWED = 'rev';

/** @param recording path without extension. @throws RhythmdError as readAnnotationFile */
export function readReviewed(recording: string, warn?: Warn): Reviewed {
  return applyCorrections(readAnnotationFile(`${recording}.atr`, warn), readJournal(recording));
}

/**
 * The labels of a record as they stand: its own (`atr`, or what its container holds), with what a person corrected. At the rate of the
 * record's header; empty where it has none, and with a warning where they are damaged: nobody loses the signal for it.
 */
export function standingAnnotations(path: string, warn?: Warn): readonly Annotation[] {
  try {
    return applyCorrections(readAnnotations(path, OWN_ANNOTATOR, undefined, warn), readJournal(path))
      .annotations;
  } catch (error) {
    if (!(error instanceof RhythmdError)) throw error;
    if (error.code === 'E_WFDB_ANNOTATIONS') warn?.(`${error.message}: its labels are left out`);
    else if (error.code !== 'E_RECORD_READ') throw error;
    return [];
  }
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
