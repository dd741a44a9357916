/** Paths of the configuration as absolute ones. */
import { fromInstallation } from '@rhythmd/shell/installation.ts';

/** `$STATE_DIRECTORY` is what systemd's StateDirectory= made (the first of several), `./state` without it. */
export function configuredPath(path: string, environment: NodeJS.ProcessEnv = process.env): string {
  const state = environment.STATE_DIRECTORY?.split(':')[0] || 'state';
  return fromInstallation(path.replace('$STATE_DIRECTORY', () => state));
}
