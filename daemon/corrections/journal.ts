/**
 * The journal of a recording's corrections: `<recording>.rev.jsonl`, one a line, never written over. A line that a crash cut
 * off is none, and ends where the next begins; a disk that takes only part of one is left as it was.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { JournalLine } from '@rhythmd/ecg/review/corrections.ts';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { isRegularFile } from '@rhythmd/shell/regular-file.ts';

export const JOURNAL = 'rev.jsonl';
/** A hundred corrections of every beat of an hour. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Journals that were read last: a correction asks for its own several times, and a megabyte of it takes long to parse. */
const KEPT = 4;
const kept = new Map<string, { readonly version: string; readonly lines: readonly JournalLine[] }>();

/** In the order in which they were said; empty where there is none. */
export function readJournal(recording: string): readonly JournalLine[] {
  const path = `${recording}.${JOURNAL}`;
  if (!isRegularFile(path)) return [];
  const version = versionOf(path);
  const known = kept.get(path);
  const lines = known?.version === version ? known.lines : parsedJournal(path);
  keep(path, version, lines);
  return lines;
}

/** Only ever appended to: of one size there is one content, whatever the ticks of the file's time. */
function versionOf(path: string): string {
  const { size, mtimeMs, ino } = statSync(path);
  return `${ino} ${size} ${mtimeMs}`;
}

function keep(path: string, version: string, lines: readonly JournalLine[]): void {
  kept.delete(path);
  kept.set(path, { version, lines });
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
}

function parsedJournal(path: string): JournalLine[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line): JournalLine[] => {
      const parsed = parsedLine(line);
      return parsed === null ? [] : [parsed];
    });
}

function parsedLine(line: string): JournalLine | null {
  if (line === '') return null;
  try {
    const value = JSON.parse(line) as Partial<Record<string, unknown>> | null;
    if (value === null || typeof value.t_ms !== 'number') return null;
    if (typeof value.undo === 'string') return value as unknown as JournalLine;
    return typeof value.id === 'string' && Array.isArray(value.beats)
      ? (value as unknown as JournalLine)
      : null;
  } catch {
    return null;
  }
}

/** It is on the disk when this returns. @throws RhythmdError E_REVIEW_WRITE; the journal is as it was */
export function appendToJournal(recording: string, line: JournalLine): void {
  const path = `${recording}.${JOURNAL}`;
  const before = readJournal(recording);
  try {
    const file = openSync(path, 'a+', FILE_MODE);
    try {
      const { size } = fstatSync(file);
      const text = `${endsInside(file, size) ? '\n' : ''}${JSON.stringify(line)}\n`;
      const bytes = Buffer.from(text);
      if (size + bytes.length > MAX_BYTES) throw new Error(`it would be longer than ${MAX_BYTES} bytes`);
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done);
        fsyncSync(file);
      } catch (error) {
        ftruncateSync(file, size);
        throw error;
      }
    } finally {
      closeSync(file);
    }
    keep(path, versionOf(path), [...before, line]);
  } catch (cause) {
    throw new RhythmdError(
      'E_REVIEW_WRITE',
      `the correction cannot be kept: ${(cause as Error).message}`,
      'Make room on the disk, or make the folder of recordings writable',
      { cause },
    );
  }
}

function endsInside(file: number, size: number): boolean {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}
