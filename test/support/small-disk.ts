/** A file system of its own with little room, so that "disk full" is the kernel's own. Mounting needs root. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** null where mounting is not allowed. @param folder made, and removed by `unmount`; @param names how many files it can hold */
  static mount(folder: string, kilobytes: number, names = 10_000): SmallDisk | null {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,nr_inodes=${names}`, 'tmpfs', folder], {
        stdio: 'ignore',
      });
    } catch {
      rmSync(folder, { recursive: true });
      return null;
    }
    return new SmallDisk(folder);
  }

  /** Leaves so many bytes, to a page. */
  fillUpTo(freeBytes: number): void {
    const { bavail, bsize } = statfsSync(this.folder);
    writeFileSync(this.#ballast, Buffer.alloc(Math.max(0, bavail * bsize - freeBytes), 1));
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Takes every name that is left, while bytes are free: what thousands of small files do to a card. */
  useUpNames(): void {
    mkdirSync(this.#names);
    try {
      for (let i = 0; ; i++) writeFileSync(join(this.#names, String(i)), '');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  freeNames(): void {
    rmSync(this.#names, { recursive: true });
  }

  /** As the kernel does with a card that fails. */
  setReadOnly(isReadOnly: boolean): void {
    const option = isReadOnly ? 'remount,ro' : 'remount,rw';
    execFileSync('mount', ['-o', option, this.folder], { stdio: 'ignore' });
  }

  unmount(): void {
    execFileSync('umount', [this.folder]);
    rmSync(this.folder, { recursive: true });
  }

  get #ballast(): string {
    return join(this.folder, 'ballast');
  }

  get #names(): string {
    return join(this.folder, 'names');
  }
}
