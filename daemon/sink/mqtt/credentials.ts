/**
 * Who we are to a broker. First match wins: the configuration (RHYTHMD_MQTT_... or the file), a file it
 * names, the URL, then what systemd's LoadCredential= put into $CREDENTIALS_DIRECTORY under `mqtt-user`,
 * `mqtt-password`, `mqtt-ca`, `mqtt-cert` and `mqtt-key`. Read before every connection: a renewed
 * certificate needs no restart.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

export interface Credentials {
  readonly user: string | null;
  readonly password: string | null;
  /** PEM; null: the system's authorities, no certificate of our own. */
  readonly ca: Buffer | null;
  readonly cert: Buffer | null;
  readonly key: Buffer | null;
}

/** Where to look; an empty text means nowhere. */
export interface CredentialSources {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly passwordFile: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** $CREDENTIALS_DIRECTORY. */
  readonly folder: string;
}

/** @throws E_CREDENTIAL when a file that is named cannot be read, or a certificate has no key */
export async function readCredentials(sources: CredentialSources): Promise<Credentials> {
  const inUrl = URL.canParse(sources.url) ? new URL(sources.url) : { username: '', password: '' };
  const named = (key: string, path: string) => (path === '' ? null : read(`mqtt.${key}`, path));
  const given = (name: string) => (sources.folder === '' ? null : readIfThere(join(sources.folder, name)));
  const user = sources.user || decodeURIComponent(inUrl.username) || lineOf(await given('mqtt-user'));
  const password =
    sources.password ||
    lineOf(await named('password_file', sources.passwordFile)) ||
    decodeURIComponent(inUrl.password) ||
    lineOf(await given('mqtt-password'));
  const ca = (await named('ca_file', sources.caFile)) ?? (await given('mqtt-ca'));
  const cert = (await named('cert_file', sources.certFile)) ?? (await given('mqtt-cert'));
  const key = (await named('key_file', sources.keyFile)) ?? (await given('mqtt-key'));
  if ((cert === null) !== (key === null)) {
    throw new RhythmdError(
      'E_CREDENTIAL',
      `a ${cert === null ? 'key without a certificate' : 'certificate without its key'}`,
      'Set mqtt.cert_file and mqtt.key_file, or neither',
    );
  }
  return { user: user || null, password: password || null, ca, cert, key };
}

/** Editors end files with a line end, which belongs to no password. */
function lineOf(bytes: Buffer | null): string {
  return bytes?.toString().replace(/\r?\n$/, '') ?? '';
}

async function read(what: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const fix = 'Check that it exists and that the user rhythmd may read it';
    throw new RhythmdError('E_CREDENTIAL', `${what}: cannot read ${path}`, fix, { cause });
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    return read('$CREDENTIALS_DIRECTORY', path);
  }
}
