/** A PostgreSQL of Debian's for a test: a folder and a socket of its own, never the machine's. It refuses to run as root, so there it runs as its own user. */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const VERSIONS = '/usr/lib/postgresql';

/** Where its programs lie; null: none is installed. Debian puts them into no PATH. */
export function postgresPrograms(): string | null {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const folder = versions
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  return folder ?? null;
}

export class Postgres {
  readonly folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  readonly #programs = postgresPrograms() ?? '';

  async start(): Promise<void> {
    if (process.getuid?.() === 0) {
      const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
      chownSync(this.folder, id('-u'), id('-g'));
    }
    chmodSync(this.folder, 0o755);
    const data = join(this.folder, 'data');
    await this.#run(
      'initdb',
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=trust',
      '--no-sync',
      '-E',
      'UTF8',
      '--locale=C',
    );
    // Nothing here has to outlive a loss of power.
    const settings = `-c listen_addresses= -k ${this.folder} -c fsync=off -c shared_buffers=16MB`;
    await this.#run(
      'pg_ctl',
      '-D',
      data,
      '-w',
      '-t',
      '120',
      '-l',
      join(this.folder, 'log'),
      '-o',
      settings,
      'start',
    );
  }

  /** What psql and the archive read. */
  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, PGHOST: this.folder, PGUSER: 'postgres', PGDATABASE: 'postgres' };
  }

  /** @returns its rows, one a line, columns separated by | */
  async sql(text: string): Promise<string> {
    const words = ['-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', text];
    const { stdout } = await promisify(execFile)('psql', words, { env: this.environment });
    return stdout.trim();
  }

  async file(path: string): Promise<void> {
    await promisify(execFile)('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', '-f', path], {
      env: this.environment,
    });
  }

  async remove(): Promise<void> {
    await this.#run('pg_ctl', '-D', join(this.folder, 'data'), '-m', 'immediate', 'stop').catch(() => {});
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #run(program: string, ...words: string[]): Promise<void> {
    const path = join(this.#programs, program);
    const asOther = process.getuid?.() === 0;
    const [command, all] = asOther ? ['runuser', ['-u', 'postgres', '--', path, ...words]] : [path, words];
    await promisify(execFile)(command, all, { cwd: this.folder });
  }
}
