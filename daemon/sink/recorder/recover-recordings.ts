/**
 * What a crash left in the folder of recordings, mended at the next start: samples that reached the disk before the
 * header that counts them, a dating anew that was not finished, half-written replacements, files without samples.
 */
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describeError } from '@rhythmd/ecg/errors.ts';
import { formatHeader, parseHeader, type RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { encodeText } from '@rhythmd/ecg/wfdb/header-text.ts';
import { checksumOf } from '@rhythmd/ecg/wfdb/signal-files.ts';
import { findFormat } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { TEMPORARY_SUFFIX, writeWholeFile } from '@rhythmd/shell/whole-file.ts';
import { RECORDING_NAME } from './layout.ts';
import { COMPANIONS, nameBefore } from './redate.ts';

/** A crash leaves one or two recordings unfinished; only the youngest are looked into. */
const YOUNGEST = 8;

export interface RecoveredRecordings {
  /** Samples per lead that no header counted. */
  readonly samplesSaved: number;
  /** Signals without a header: how to read them is not known, so they are left as they are. */
  readonly orphans: readonly string[];
  /** What could not be looked into, and why; left as it is. One bad sector must not end the recording of today. */
  readonly unread: readonly string[];
}

/** @throws what the disk says of the folder itself */
export async function recoverRecordings(folder: string): Promise<RecoveredRecordings> {
  const names = await readdir(folder);
  const ours = names.filter((name) => RECORDING_NAME.test(recordOf(name)));
  for (const name of ours.filter((candidate) => candidate.endsWith(TEMPORARY_SUFFIX))) {
    await rm(join(folder, name), { force: true });
  }
  const have = new Set(ours);
  const orphans: string[] = [];
  const unread: string[] = [];
  const signals: { path: string; modifiedMs: number }[] = [];
  const tidy = async (record: string): Promise<void> => {
    const path = join(folder, record);
    if (!have.has(`${record}.dat`)) {
      if (COMPANIONS.some((extension) => have.has(`${record}.${extension}`)))
        await giveToSuccessor(folder, record, ours);
      await removeAll(path);
      return;
    }
    const { size, mtimeMs } = await stat(`${path}.dat`);
    if (size === 0) await removeAll(path);
    else if (!have.has(`${record}.hea`)) orphans.push(record);
    else signals.push({ path, modifiedMs: mtimeMs });
  };
  const failed = (record: string) => (error: unknown) => {
    unread.push(`${record}: ${describeError(error).split('\n')[0]}`);
    return 0;
  };
  for (const record of new Set(ours.map(recordOf))) await tidy(record).catch(failed(record));
  signals.sort((a, b) => b.modifiedMs - a.modifiedMs);
  let samplesSaved = 0;
  for (const { path } of signals.slice(0, YOUNGEST)) {
    samplesSaved += await countSamples(path).catch(failed(basename(path)));
  }
  return { samplesSaved, orphans, unread };
}

/** The name without extensions. */
export function recordOf(name: string): string {
  return name.split('.')[0] ?? name;
}

/** The header first: without it the rest is no recording, should a crash come between. */
export async function removeAll(path: string): Promise<void> {
  for (const extension of ['hea', 'dat', ...COMPANIONS]) await rm(`${path}.${extension}`, { force: true });
}

/** The annotations of a recording whose signals had been renamed already when the crash came. */
async function giveToSuccessor(folder: string, record: string, names: readonly string[]): Promise<void> {
  for (const name of names.filter((candidate) => candidate.endsWith('.hea'))) {
    const successor = recordOf(name);
    const header = await headerOf(join(folder, successor));
    if (header === null || nameBefore(header) !== record) continue;
    for (const extension of COMPANIONS) {
      const isLeft = names.includes(`${record}.${extension}`) && !names.includes(`${successor}.${extension}`);
      if (isLeft)
        await rename(join(folder, `${record}.${extension}`), join(folder, `${successor}.${extension}`));
    }
  }
}

/** @returns samples per lead that the header did not count, and does now */
async function countSamples(path: string): Promise<number> {
  const header = await headerOf(path);
  const [first] = header?.signals ?? [];
  if (header === null || first === undefined) return 0;
  const bytes = await readFile(`${path}.dat`);
  const { samplesIn, decode } = findFormat(first.format, path);
  const leads = header.signals.length;
  const held = Math.floor(samplesIn(bytes.length) / leads);
  const announced = header.sampleCount ?? 0;
  if (held === announced || held === 0) return 0;
  const interleaved = new Int32Array(held * leads);
  decode(bytes, 0, interleaved);
  const signals = header.signals.map((signal, lead) => ({
    ...signal,
    firstValue: interleaved[lead]!,
    checksum: checksumOf(interleaved.filter((_, i) => i % leads === lead)),
  }));
  const text = formatHeader({ ...header, sampleCount: held, signals });
  await writeWholeFile(`${path}.hea`, encodeText(text, header.encoding), { mode: FILE_MODE });
  return Math.max(0, held - announced);
}

/** null when it cannot be read: it stays as it is, for whoever can. */
async function headerOf(path: string): Promise<RecordHeader | null> {
  try {
    return parseHeader(await readFile(`${path}.hea`), `${path}.hea`);
  } catch {
    return null;
  }
}
