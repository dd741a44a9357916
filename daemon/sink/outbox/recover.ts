/** What earlier runs left in the outbox folder. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { AckFile } from './ack-file.ts';
import { LaneLog } from './lane-log.ts';
import { LANES, type Lane } from './message.ts';
import { laneOfName, Segment } from './segment.ts';

export interface Recovered {
  readonly ackFile: AckFile;
  readonly acknowledged: number;
  /** The first sequence that was never used. */
  readonly nextSequence: number;
  readonly logs: Readonly<Record<Lane, LaneLog>>;
  readonly damaged: number;
  /** Bytes of writes that were never completed. */
  readonly torn: number;
}

/** @throws E_OUTBOX_FOLDER when the folder cannot be made, read or written */
export async function recover(folder: string): Promise<Recovered> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    const ackFile = new AckFile(join(folder, 'acknowledged'));
    const acknowledged = await ackFile.open();
    const segments: Segment[] = [];
    let [damaged, torn] = [0, 0];
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    for (const name of names.sort()) {
      const lane = laneOfName(name, LANES);
      if (lane === null) continue;
      const recovered = await Segment.recover(join(folder, name), lane, acknowledged);
      if (recovered === null) continue;
      damaged += recovered.damaged;
      torn += recovered.torn;
      if (recovered.segment.pending === 0) await recovered.segment.remove();
      else segments.push(recovered.segment);
    }
    const nextSequence = Math.max(acknowledged, ...segments.map(({ last }) => last)) + 1;
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
