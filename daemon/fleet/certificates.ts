/** A small authority of the fleet's own, and what it signs, by openssl: Node cannot make certificates. */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';

const CURVE = 'req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'.split(' ');
const AUTHORITY_DAYS = 3650;
/** What browsers and phones still accept of a server: 825 days (CA/Browser Forum, ballot 193). */
const SIGNED_DAYS = 825;

/** `ca.pem` and `ca.key` in `folder`; one that is there stays. */
export function makeAuthority(folder: string): void {
  if (existsSync(join(folder, 'ca.key'))) return;
  const [key, cert] = [join(folder, 'ca.key'), join(folder, 'ca.pem')];
  openssl([
    ...CURVE,
    '-x509',
    '-days',
    String(AUTHORITY_DAYS),
    '-subj',
    '/CN=rhythmd authority',
    '-keyout',
    key,
    '-out',
    cert,
  ]);
}

/** For the brokers of these hosts. */
export function signServer(authority: string, hosts: readonly string[], path: string): void {
  const names = [...new Set(hosts)].map((host) => `${isIP(host) ? 'IP' : 'DNS'}:${host}`);
  sign(authority, 'rhythmd broker', path, `subjectAltName=${names.join()}`);
}

/** For a device or user that shows it to the broker: its name is the user there. */
export function signClient(authority: string, name: string, path: string): void {
  sign(authority, name, path, 'extendedKeyUsage=clientAuth');
}

/** @param path without `.pem` and `.key` */
function sign(authority: string, name: string, path: string, extensions: string): void {
  const [request, extensionFile] = [`${path}.csr`, `${path}.ext`];
  try {
    openssl([...CURVE, '-subj', `/CN=${name}`, '-keyout', `${path}.key`, '-out', request]);
    writeFileSync(extensionFile, `${extensions}\n`, { mode: FILE_MODE });
    const [ca, key] = [join(authority, 'ca.pem'), join(authority, 'ca.key')];
    openssl([
      ...['x509', '-req', '-in', request, '-CA', ca, '-CAkey', key, '-CAcreateserial'],
      ...['-days', String(SIGNED_DAYS), '-extfile', extensionFile, '-out', `${path}.pem`],
    ]);
  } finally {
    for (const file of [request, extensionFile]) rmSync(file, { force: true });
  }
}

function openssl(words: readonly string[]): void {
  try {
    execFileSync('openssl', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (cause) {
    const { code, stderr } = cause as { code?: string; stderr?: Buffer };
    const why = code === 'ENOENT' ? 'openssl is not there' : String(stderr).trim().split('\n').at(-1);
    throw new RhythmdError('E_FLEET', `a certificate cannot be made: ${why}`, 'Install openssl.', { cause });
  }
}
