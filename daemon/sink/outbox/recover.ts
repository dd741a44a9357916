/** What earlier runs left in the outbox folder. */
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { FOLDER_MODE } from '@rhythmd/shell/permissions.ts';
import { AckFile } from './ack-file.ts';
import { LaneLog } from './lane-log.ts';
import { LANES, type Lane } from './message.ts';
import { ASIDE_SUFFIX, parseName, Segment } from './segment.ts';

/** Damaged files that are kept aside; the oldest go. */
const MAX_ASIDE = 8;

export interface Recovered {
  readonly ackFile: AckFile;
  readonly acknowledged: number;
  /** The first sequence that was never used. */
  readonly nextSequence: number;
  readonly logs: Readonly<Record<Lane, LaneLog>>;
  /** Places in files where messages could not be read; the files are kept aside. */
  readonly damaged: number;
  /** Bytes of writes that were never completed. */
  readonly torn: number;
}

/**
 * @param writtenMs from a message's wall time to the clock that nobody sets
 * @throws E_OUTBOX_FOLDER when the folder cannot be made, read or written
 */
export async function recover(folder: string, writtenMs: (tMs: number) => number): Promise<Recovered> {
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    // One that an earlier version made was open to everyone; where it is not ours to close, it stays as it is.
    await chmod(folder, FOLDER_MODE).catch(() => {});
    const ackFile = new AckFile(join(folder, 'acknowledged'));
    const acknowledged = await ackFile.open();
    const segments: Segment[] = [];
    let [damaged, torn, nextSequence] = [0, 0, acknowledged + 1];
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    for (const name of names.sort()) {
      const named = parseName(name, LANES);
      if (named === null) continue;
      const recovered = await Segment.recover(join(folder, name), named.lane, acknowledged, writtenMs);
      damaged += recovered.damaged;
      torn += recovered.torn;
      // By its name too: what cannot be read has used its numbers.
      nextSequence = Math.max(nextSequence, named.first + 1, (recovered.segment?.last ?? 0) + 1);
      if (recovered.segment?.pending === 0) await recovered.segment.remove();
      else if (recovered.segment !== null) segments.push(recovered.segment);
    }
    await forgetOldest(folder);
    const logOf = (lane: Lane) =>
      new LaneLog(
        folder,
        lane,
        segments.filter((segment) => segment.lane === lane).sort((a, b) => a.first - b.first),
      );
    const logs = { alert: logOf('alert'), beat: logOf('beat'), strip: logOf('strip') };
    return { ackFile, acknowledged, nextSequence, logs, damaged, torn };
  } catch (cause) {
    throw new RhythmdError(
      'E_OUTBOX_FOLDER',
      `the outbox cannot use ${folder}: ${(cause as Error).message}`,
      'Beats and alerts wait in memory only. Make the folder writable or set outbox.folder',
      { cause },
    );
  }
}

/** Names hold sequences: the smallest of a lane is its oldest, and lanes are kept alike. */
async function forgetOldest(folder: string): Promise<void> {
  const aside = (await readdir(folder)).filter((name) => name.endsWith(`.seg${ASIDE_SUFFIX}`));
  const byAge = aside.sort((a, b) => sequenceOf(a) - sequenceOf(b));
  for (const name of byAge.slice(0, -MAX_ASIDE)) await rm(join(folder, name), { force: true });
}

function sequenceOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}
