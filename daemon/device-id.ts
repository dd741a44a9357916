/**
 * The id of an installation that was given none: made once and kept beside the other state. A card copied into another
 * computer has the same state, and two devices with one id throw each other out of the broker: the id is bound to the
 * computer it was made on, where that says which one it is.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FILE_MODE, FOLDER_MODE } from '@rhythmd/shell/permissions.ts';
import { writeWholeFileSync } from '@rhythmd/shell/whole-file.ts';

/** A Raspberry Pi's serial number is burnt into its chip; elsewhere systemd's id of the installation is all there is. */
const COMPUTER_FILES = ['/proc/device-tree/serial-number', '/etc/machine-id'];
const ID_BYTES = 4;

/** Where it is kept (daemon/config/paths.ts). */
export const DEVICE_FILE = '$STATE_DIRECTORY/device.json';

export interface DeviceId {
  readonly id: string;
  /** A sentence when something is to be told: it is new, or cannot be kept. */
  readonly remark: string | null;
}

interface Kept {
  readonly id: string;
  /** Hash of what the computer calls itself; null when it did not say. */
  readonly computer: string | null;
}

/** The id that was made here before; null when none was. Makes none. */
export function keptDeviceId(file: string): string | null {
  return readKept(file)?.id ?? null;
}

/**
 * @param file where it is kept
 * @param computer what the computer calls itself; null when it does not say
 */
export function ownDeviceId(file: string, computer: string | null = computerName()): DeviceId {
  const mark =
    computer === null ? null : createHash('sha256').update(`rhythmd ${computer}`).digest('hex').slice(0, 32);
  const kept = readKept(file);
  const isOurs = kept !== null && (mark === null || kept.computer === null || kept.computer === mark);
  if (isOurs) return { id: kept.id, remark: null };
  const id = `rhythmd-${randomBytes(ID_BYTES).toString('hex')}`;
  const why = kept === null ? '' : `; the one kept, ${kept.id}, was made on another computer`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: FOLDER_MODE });
    writeWholeFileSync(file, [JSON.stringify({ id, computer: mark })], { mode: FILE_MODE });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { id, remark: `this run calls itself ${id}: no id can be kept (${reason}). Set device.id` };
  }
  return { id, remark: `this device calls itself ${id} from now on (device.id is empty)${why}` };
}

function readKept(file: string): Kept | null {
  try {
    const { id, computer } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept>;
    if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id)) return null;
    return { id, computer: typeof computer === 'string' ? computer : null };
  } catch {
    return null;
  }
}

function computerName(): string | null {
  for (const file of COMPUTER_FILES) {
    try {
      const name = readFileSync(file, 'utf8').replace(/[\0\s]+$/g, '');
      if (name !== '') return name;
    } catch {
      // Not that kind of computer.
    }
  }
  return null;
}
