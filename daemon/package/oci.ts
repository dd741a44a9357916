/** A container image by whichever builder is there: buildah and podman need no root. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { VERSION } from '../version.ts';
import { built, copyProgram, inStaging, root, run } from './staging.ts';

const BUILDERS = ['buildah', 'podman', 'docker'] as const;
const PLATFORMS = ['linux/arm64', 'linux/amd64'] as const;

/**
 * RHYTHMD_OCI_BASE: another image than Debian's to begin with.
 * @param words a platform; without: this machine's
 * @returns the path of an OCI archive
 */
export function packOci([platform]: readonly string[]): string {
  if (platform !== undefined && !(PLATFORMS as readonly string[]).includes(platform)) {
    throw new RhythmdError('E_USAGE', `no platform "${platform}"`, `Platforms: ${PLATFORMS.join(', ')}`);
  }
  const builder = BUILDERS.find(isThere);
  if (builder === undefined) {
    throw new RhythmdError(
      'E_PACKAGE',
      `none of ${BUILDERS.join(', ')} is installed`,
      'Install: apt-get install buildah',
    );
  }
  return inStaging((folder) => {
    copyProgram(join(folder, 'rhythmd'));
    cpSync(join(root, 'config/deploy/oci/Dockerfile'), join(folder, 'Dockerfile'));
    const tag = `rhythmd:${VERSION}`;
    const chosen = platform === undefined ? [] : ['--platform', platform];
    const path = join(
      built,
      `rhythmd-${VERSION}${platform === undefined ? '' : `-${platform.split('/')[1]}`}.oci.tar`,
    );
    rmSync(path, { force: true });
    const base = process.env.RHYTHMD_OCI_BASE;
    const based = base === undefined ? [] : ['--build-arg', `BASE=${base}`];
    run(builder, ['build', ...chosen, ...based, '-t', tag, folder], builder);
    if (builder === 'buildah') run(builder, ['push', tag, `oci-archive:${path}:${tag}`], builder);
    else
      run(
        builder,
        ['save', ...(builder === 'podman' ? ['--format', 'oci-archive'] : []), '-o', path, tag],
        builder,
      );
    return path;
  });
}

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
