/** Nodes of the devices that the daemon is for, emulated: what starts the packaged program there. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { findParts } from '../../bench/instructions/parts.ts';
import { CPU_MODEL, makeRoot } from '../../bench/instructions/zero-2-w.ts';

/** As `.ci/debian-armel` unpacks it: Debian 12 for ARMv6 with soft floats, the only Debian for that processor. */
const ARMEL =
  process.env.RHYTHMD_ARMEL_FOLDER ||
  join(process.env.RHYTHMD_EMULATOR_FOLDER || join(homedir(), '.cache/rhythmd/emulator'), 'armel');
const LIBRARIES = ['lib/arm-linux-gnueabi', 'usr/lib/arm-linux-gnueabi'];

export interface Device {
  readonly name: string;
  /** @throws RhythmdError E_EMULATOR_MISSING with what is missing */
  readonly find: () => void;
  /** The number that kill(2) has there: how a program marks its counts (test/bench/instructions/counter.c). */
  readonly killNumber: number;
  /** The emulator and its arguments up to Node. @param folder of its own, for what the emulator wants to find */
  readonly command: (folder: string) => readonly string[];
}

export const ZERO: Device = {
  name: 'an ARM1176 with Debian armel',
  killNumber: 37,
  find: () => {
    if (existsSync(join(ARMEL, 'usr/bin/node'))) return;
    throw new RhythmdError('E_EMULATOR_MISSING', 'Debian armel is not here', `.ci/debian-armel ${ARMEL}`);
  },
  command: () => {
    // Its loader is not at home in a folder: it is told where the libraries are.
    const libraries = LIBRARIES.map((name) => join(ARMEL, name)).join(':');
    const root = ['-cpu', 'arm1176', '-L', ARMEL, '-E', `LD_LIBRARY_PATH=${libraries}`];
    return ['qemu-arm', ...root, join(ARMEL, 'usr/bin/node')];
  },
};

export const ZERO_2: Device = {
  name: 'a Cortex-A53',
  killNumber: 129,
  find: () => void findParts(),
  command: (folder) => {
    const { qemu, libraries, node } = findParts();
    const root = join(folder, 'root');
    if (!existsSync(root)) makeRoot(root, libraries);
    return [qemu, '-cpu', CPU_MODEL, '-L', root, node];
  },
};
