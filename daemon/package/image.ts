/** What a fresh Raspberry Pi OS Lite card needs beside the package: a first boot that ends with the page in the network. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packDebian } from './deb.ts';
import { built, root } from './staging.ts';

/** @returns what was put together: a folder to copy onto the card's boot partition */
export function packImage(): string[] {
  const folder = join(built, 'image');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const package_ = packDebian();
  cpSync(package_, join(folder, basename(package_)));
  for (const name of ['user-data', 'rhythmd-first-boot.sh']) {
    cpSync(join(root, 'config/deploy/image', name), join(folder, name));
  }
  return [folder];
}
