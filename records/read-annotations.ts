/** Annotation files beside a record. */
import { basename } from 'node:path';
import { type Annotation, parseAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { locateRecord, readRecordFile } from './read-record.ts';

/**
 * The annotations of `<record>.<annotator>`, as the file holds them.
 * @throws RhythmdError E_RECORD_NOT_FOUND, E_RECORD_READ, E_WFDB_ANNOTATIONS
 */
export function readAnnotations(
  nameOrPath: string,
  annotator: string,
  folders?: readonly string[],
): Annotation[] {
  return readAnnotationFile(`${locateRecord(nameOrPath, folders)}.${annotator}`);
}

/** The same of a file that need not lie beside its record. */
export function readAnnotationFile(path: string): Annotation[] {
  return parseAnnotations(readRecordFile(path), basename(path));
}
