/** How a folder is refused. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Holder } from './lock-socket.ts';

/** @param holder null: it is not known who */
export function busy(folder: string, holder: Holder | null): RhythmdError {
  if (holder?.isHidden) {
    return new RhythmdError(
      'E_STATE_BUSY',
      `lock.sock in ${folder} belongs to another user, so whether that daemon still runs cannot be asked`,
      'Run both as one user; where no other daemon runs, delete it',
    );
  }
  const who = holder === null || holder.process === '' ? '' : ` (process ${holder.process})`;
  return new RhythmdError(
    'E_STATE_BUSY',
    `another daemon${who} keeps its state in ${folder}`,
    'Stop it, or give this one folders of its own: STATE_DIRECTORY, and what is set of recorder.folder, outbox.folder and audit.folder',
  );
}
