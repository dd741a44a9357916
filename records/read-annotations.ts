/** The annotations of a record: files beside it, or what its container holds itself. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type Annotation, annotationsAt, parseAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { containerOf, locateRecord, openRecord, recordName } from './open-record.ts';
import { readRecordFile } from './record-file.ts';
import type { Warn } from './record-reader.ts';
import { readWfdbHeader } from './wfdb/wfdb-reader.ts';

/** The name of the annotations that a container holds itself, as of a database's own. */
export const OWN_ANNOTATOR = 'atr';

/**
 * The annotations of `<record>.<annotator>`, at the rate of the record's header: a file may have a time resolution of its
 * own. `atr` of a file that holds annotations (EDF+) are those, where no such file lies beside it.
 * @throws RhythmdError E_RECORD_NOT_FOUND, E_RECORD_READ, E_WFDB_ANNOTATIONS
 */
export function readAnnotations(
  nameOrPath: string,
  annotator: string,
  folders?: readonly string[],
  warn: Warn = () => {},
): Annotation[] {
  const path = locateRecord(nameOrPath, folders);
  const file = annotationPath(path, annotator);
  if (containerOf(path) === 'WFDB') {
    const annotations = readAnnotationFile(file, warn);
    return annotationsAt(annotations.length === 0 ? 1 : readWfdbHeader(path).rateHz, annotations);
  }
  const reader = openRecord(path, { warn });
  try {
    if (annotator === OWN_ANNOTATOR && !existsSync(file) && reader.annotations !== null)
      return [...reader.annotations];
    return annotationsAt(reader.rateHz, readAnnotationFile(file, warn));
  } finally {
    reader.close();
  }
}

/** Beside the record, without the extension of its own file. */
export function annotationPath(recordPath: string, annotator: string): string {
  return join(dirname(recordPath), `${recordName(recordPath)}.${annotator}`);
}

/** A file as it is, at its own time resolution; it need not lie beside its record. */
export function readAnnotationFile(path: string, warn: Warn = () => {}): Annotation[] {
  if (!existsSync(path)) {
    throw new RhythmdError(
      'E_RECORD_READ',
      `there are no annotations ${path}`,
      '"rhythmd analyze RECORD --out DIR" makes some, and "score --test-dir DIR" finds them there',
    );
  }
  return parseAnnotations(readRecordFile(path), basename(path), warn);
}
