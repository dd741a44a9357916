/**
 * `analyze` beside other programs that look for beats, on the same records in turns: processor time of whole processes. gqrs (of the
 * WFDB software package) and OSEA (EP Limited's, as `osea RECORD`) are run where they are built and in the PATH; neither is in
 * Debian. `npm run bench -- peers [ROUNDS]`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { findRecord } from '@rhythmd/records/folders.ts';
import { repositoryRoot } from '../support/needs.ts';
import type { BenchTopic } from './topic.ts';

const RECORDS = ['100', '208', '222', '233'];
const ROUNDS = 5;

interface Contender {
  readonly name: string;
  /** A program in the PATH; null: this one. */
  readonly program: string | null;
  readonly words: (record: string) => readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Whether it takes all records at once. */
  readonly takesAll?: boolean;
}

const GQRS = 'gqrs';
const OSEA = 'osea';

export const topic: BenchTopic = {
  summary: 'processor time of analyze beside gqrs and OSEA, where they are built',
  async run(args, progress) {
    const rounds = Number(args[0] ?? ROUNDS);
    const paths = RECORDS.map((name) => findRecord(name));
    if (paths.includes(null) || !(rounds >= 1)) {
      throw new RhythmdError(
        'E_RECORD_NOT_FOUND',
        `records ${RECORDS.join(', ')} are needed`,
        'npm run records -- fetch',
      );
    }
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-peers-'));
    try {
      const dist = join(folder, 'dist');
      const env = { ...process.env, RHYTHMD_DIST_FOLDER: dist };
      execFileSync(process.execPath, ['--import', 'tsx', 'daemon/build.ts'], {
        cwd: repositoryRoot,
        env,
        stdio: 'pipe',
      });
      symlinkSync(join(repositoryRoot, 'node_modules'), join(dist, 'node_modules'));
      const contenders = contendersOf(join(dist, 'rhythmd.js'), folder, dirname(paths[0]!));
      const there = contenders.filter(({ program }) => program === null || isThere(program));
      const seconds = new Map<string, number[]>(there.map(({ name }) => [name, []]));
      // In turns: what else the machine does meets all of them.
      for (let round = 0; round < rounds; round++) {
        for (const one of there) seconds.get(one.name)!.push(userSeconds(one, paths as string[], folder));
        progress(`round ${round + 1} of ${rounds}`);
      }
      const medians = new Map([...seconds].map(([name, values]) => [name, median(values)]));
      const ratio = (name: string, peer: string): string | null => {
        const [own, theirs] = [medians.get(name), medians.get(peer)];
        return own === undefined || theirs === undefined ? null : `${(own / theirs).toFixed(1)} x`;
      };
      const missing = contenders.filter((one) => !there.includes(one)).map(({ name }) => name);
      const table = {
        title: `User processor time of ${RECORDS.length} records of half an hour, whole processes, median of ${rounds} rounds in turns`,
        columns: ['program', 'seconds', 'of gqrs', 'of OSEA'],
        rows: contenders.map(({ name }) => [
          name,
          medians.get(name)?.toFixed(3) ?? 'not built here',
          ratio(name, GQRS),
          ratio(name, OSEA),
        ]),
        note: `Must be at most 12 x and 7 x with the model, 5 x gqrs without.${missing.length === 0 ? '' : ` Not built here: ${missing.join(', ')}.`}`,
      };
      return {
        tables: [table],
        json: { rounds, records: RECORDS, seconds: Object.fromEntries(seconds), missing },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function contendersOf(program: string, folder: string, records: string): readonly Contender[] {
  const analyze = (record: string) => [program, 'analyze', ...record.split(' '), '--out', folder];
  const without = { RHYTHMD_MODEL_PATH: '', RHYTHMD_MODEL_RHYTHM_PATH: '' };
  const name = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return [
    { name: 'analyze', program: null, words: analyze, takesAll: true },
    {
      name: 'analyze, own executor',
      program: null,
      words: analyze,
      takesAll: true,
      environment: { RHYTHMD_MODEL_EXECUTOR: 'integer' },
    },
    { name: 'analyze, no networks', program: null, words: analyze, takesAll: true, environment: without },
    {
      name: GQRS,
      program: GQRS,
      words: (path) => ['-r', name(path), '-o', 'peer'],
      environment: { WFDB: records },
    },
    { name: OSEA, program: OSEA, words: (path) => [path] },
  ];
}

function userSeconds(
  { program, words, environment, takesAll = false }: Contender,
  paths: readonly string[],
  folder: string,
): number {
  const turns = takesAll ? [paths.join(' ')] : paths;
  let sum = 0;
  for (const turn of turns) {
    // Bash says what its child took; nothing of Node does.
    const timed = 'TIMEFORMAT=%U; time "$@" >/dev/null 2>&1';
    const command = [program ?? process.execPath, ...words(turn)];
    const said = execFileSync('bash', ['-c', `{ ${timed}; } 2>&1`, 'time', ...command], {
      cwd: folder,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    sum += Number(said.trim().split('\n').at(-1));
  }
  return sum;
}

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
