/** What a device gets, put where the package puts it, and what it takes there. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/needs.ts';

const PLACE = 'usr/lib/rhythmd';

export class Installed {
  /** For whatever else the measurement needs; goes with it. */
  readonly folder: string;
  readonly alone: string;
  /** The modules of this machine and of arm64 beside it. */
  readonly withRuntime: string;
  /** As dpkg says it. */
  readonly sizesMb: { readonly alone: number; readonly withRuntime: number };

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'rhythmd-device-'));
    const env = {
      ...process.env,
      RHYTHMD_DIST_FOLDER: join(this.folder, 'dist'),
      RHYTHMD_DEB_COMPRESSION: 'gzip',
    };
    const words = ['run', '--silent', 'package', '--', 'deb', 'arm64'];
    const said = execFileSync('npm', words, { cwd: repositoryRoot, env, encoding: 'utf8' });
    const [own = '', runtime = ''] = said.split('\n').filter((line) => line.endsWith('.deb'));
    this.alone = join(this.folder, 'alone', PLACE);
    this.withRuntime = join(this.folder, 'with-runtime', PLACE);
    execFileSync('dpkg-deb', ['-x', own, join(this.folder, 'alone')]);
    mkdirSync(join(this.folder, 'with-runtime/usr/lib'), { recursive: true });
    cpSync(this.alone, this.withRuntime, { recursive: true });
    symlinkSync(join(repositoryRoot, 'node_modules'), join(this.withRuntime, 'node_modules'));
    const alone = installedMb(own);
    this.sizesMb = { alone, withRuntime: alone + installedMb(runtime) };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function installedMb(path: string): number {
  return (
    (Number(execFileSync('dpkg-deb', ['-f', path, 'Installed-Size'], { encoding: 'utf8' })) * 1024) / 1e6
  );
}
