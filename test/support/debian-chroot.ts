/** A small Debian to install packages in: what a test does to it lies in memory, and is gone afterwards. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

/** As `.ci/debian-chroot` makes it. */
export const DEBIAN = process.env.RHYTHMD_CHROOT_FOLDER || join(homedir(), '.cache/rhythmd/chroot');
const MEMORY = 'size=400m';

interface Said {
  readonly status: number | null;
  /** Both outputs, as a terminal shows them. */
  readonly text: string;
}

export class DebianChroot {
  readonly root: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.root = join(folder, 'root');
  }

  /** @throws RhythmdError E_EMULATOR_MISSING with what makes it */
  static find(): void {
    if (existsSync(join(DEBIAN, 'usr/bin/node'))) return;
    throw new RhythmdError(
      'E_EMULATOR_MISSING',
      'there is no Debian to install in',
      `.ci/debian-chroot ${DEBIAN}`,
    );
  }

  /** null where mounting is not allowed */
  static open(): DebianChroot | null {
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-debian-'));
    const mount = (...words: string[]) => execFileSync('mount', words, { stdio: 'ignore' });
    try {
      mount('-t', 'tmpfs', '-o', MEMORY, 'tmpfs', folder);
    } catch {
      rmSync(folder, { recursive: true });
      return null;
    }
    const chroot = new DebianChroot(folder);
    for (const name of ['root', 'upper', 'work']) mkdirSync(join(folder, name));
    const layers = `lowerdir=${DEBIAN},upperdir=${join(folder, 'upper')},workdir=${join(folder, 'work')}`;
    try {
      mount('-t', 'overlay', 'overlay', '-o', layers, chroot.root);
    } catch {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
      return null;
    }
    mount('-t', 'proc', 'proc', join(chroot.root, 'proc'));
    return chroot;
  }

  /** @returns its path inside */
  put(file: string): string {
    copyFileSync(file, join(this.root, 'root', basename(file)));
    return `/root/${basename(file)}`;
  }

  run(program: string, ...words: readonly string[]): Said {
    const { status, stdout, stderr } = spawnSync('chroot', [this.root, program, ...words], {
      encoding: 'utf8',
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        DEBIAN_FRONTEND: 'noninteractive',
        LC_ALL: 'C.UTF-8',
        HOME: '/root',
      },
    });
    return { status, text: stdout + stderr };
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  close(): void {
    for (const place of ['root/proc', 'root', '']) {
      execFileSync('umount', ['--lazy', join(this.#folder, place)], { stdio: 'ignore' });
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
