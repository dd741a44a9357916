/** The page's certificate: read at the start, and again when the file was renewed, without a restart. */
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { contained } from '../net/contained.ts';
import type { TlsFiles } from './options.ts';

/** Certificates last months; a minute late is early enough. */
const LOOK_EVERY_MS = 60_000;

/** @throws E_WEB_CERTIFICATE when a file cannot be read, or the two do not belong together */
export function readCertificate({ certFile, keyFile }: TlsFiles): { cert: Buffer; key: Buffer } {
  try {
    const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RhythmdError(
      'E_WEB_CERTIFICATE',
      `web.tls_cert ${certFile} and web.tls_key ${keyFile} cannot be used (${reason})`,
      'Both are PEM files that the user of the daemon may read, and belong together',
      { cause },
    );
  }
}

/** Looks at the files now and then; a renewed pair that cannot be used is told, and the one in use stays. */
export function followCertificate(
  server: Pick<Server, 'setSecureContext'>,
  files: TlsFiles,
  onFailure: (error: unknown) => void,
): { look: () => void; stop: () => void } {
  let version = versionOf(files);
  const look = contained(onFailure, () => {
    const latest = versionOf(files);
    if (latest === version) return;
    version = latest;
    server.setSecureContext({ ...readCertificate(files), minVersion: 'TLSv1.2' });
  });
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}

function versionOf({ certFile, keyFile }: TlsFiles): string {
  return [certFile, keyFile].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs).join(' ');
}
