/** Certificates for a test, made by openssl: an authority, and what it signs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SignedFiles {
  readonly cert: string;
  readonly key: string;
}

export class TestAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  /** Its own certificate. */
  readonly ca = join(this.folder, 'ca.pem');
  readonly #key = join(this.folder, 'ca.key');

  constructor() {
    this.#openssl(
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=test-authority',
      '-keyout',
      this.#key,
      '-out',
      this.ca,
    );
  }

  /** A certificate for 127.0.0.1 and localhost; with negative `days` one that has expired. */
  sign(name: string, days = 30): SignedFiles {
    const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((end) =>
      join(this.folder, `${name}.${end}`),
    ) as [string, string, string, string];
    writeFileSync(extensions, 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
    this.#openssl(
      `req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${name}`,
      '-keyout',
      key,
      '-out',
      request,
    );
    this.#openssl(
      `x509 -req -CAcreateserial -days ${days}`,
      ...['-in', request, '-CA', this.ca, '-CAkey', this.#key, '-extfile', extensions, '-out', cert],
    );
    return { cert, key };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #openssl(words: string, ...more: string[]): void {
    execFileSync('openssl', [...words.split(' '), ...more], { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
