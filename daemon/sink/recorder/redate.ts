/**
 * A recording dated anew: the clock was set after it began. Its names and its header say when it began, so its
 * files are renamed, in an order that a crash at any moment leaves mendable (recover-recordings.ts):
 *
 *   1. the new header, which names the old recording; 2. the signals; 3. the annotations and their corrections; 4. the old header goes
 */
import { access, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatHeader, parseHeader, type RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { formatStart, startOf, withoutStart } from '@rhythmd/ecg/wfdb/record-time.ts';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { writeWholeFile } from '@rhythmd/shell/whole-file.ts';
import { recordingName } from './layout.ts';

const NOTE = /^ dated anew: recorded as (\S+), before the clock was set$/;

/** What lies beside the signals: annotations, and what a person made of them. */
export const COMPANIONS = ['atr', 'rev', 'rev.jsonl'] as const;

export interface Redated {
  readonly name: string;
  readonly startMs: number;
  /** What the header says of it, besides. */
  readonly notes: readonly string[];
}

/** The name a recording had before it was dated anew; null for any other. */
export function nameBefore({ comments }: Pick<RecordHeader, 'comments'>): string | null {
  for (const comment of comments) {
    const name = NOTE.exec(comment)?.[1];
    if (name !== undefined) return name;
  }
  return null;
}

/**
 * @param shiftMs what is to be added to the time it says
 * @returns what it is called now. @throws what the disk says, or E_WFDB_HEADER
 */
export async function redate(folder: string, name: string, shiftMs: number, sync: boolean): Promise<Redated> {
  const path = join(folder, name);
  const header = parseHeader(await readFile(`${path}.hea`, 'latin1'), `${name}.hea`);
  const startMs = (startOf(header) ?? 0) + shiftMs;
  const newName = await freeName(folder, recordingName(startMs));
  const newPath = join(folder, newName);
  const { baseTime, baseDate, comment } = formatStart(startMs);
  const notes = [` dated anew: recorded as ${name}, before the clock was set`];
  const others = withoutStart(header.comments).filter((line) => !NOTE.test(line));
  const signals = header.signals.map((signal) => ({ ...signal, fileName: `${newName}.dat` }));
  const comments = [comment, ...others, ...notes];
  const text = formatHeader({ ...header, name: newName, baseTime, baseDate, signals, comments });
  await writeWholeFile(`${newPath}.hea`, text, { mode: FILE_MODE, sync: sync });
  await rename(`${path}.dat`, `${newPath}.dat`);
  for (const extension of COMPANIONS) {
    await rename(`${path}.${extension}`, `${newPath}.${extension}`).catch((error: NodeJS.ErrnoException) => {
      // Nobody has corrected it; every recording has annotations.
      if (error.code !== 'ENOENT' || extension === 'atr') throw error;
    });
  }
  await rm(`${path}.hea`);
  return { name: newName, startMs, notes };
}

/** Two recordings may begin in one second (a replay faster than time). */
export async function freeName(folder: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    const isTaken = await access(join(folder, `${candidate}.dat`)).then(
      () => true,
      () => false,
    );
    if (!isTaken) return candidate;
  }
}
