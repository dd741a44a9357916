/** Every parser against inputs that nobody meant: `npm run bench -- fuzz [--minutes N] [--seed S] [TARGET...]`. */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { keepFound, readCorpus, writeCorpus } from './fuzz/corpus.ts';
import { TARGETS } from './fuzz/targets.ts';
import { SHARED_BYTES, type WorkerReport, type WorkerTask } from './fuzz/worker.ts';
import type { BenchTopic } from './topic.ts';

const DEFAULT_MINUTES = 2;
/** On a quiet machine the slowest case takes some milliseconds; a busy one may stop a thread for seconds. */
const CASE_WITHIN_MS = 20_000;
/** Before the first case there are modules to load; a machine that is starved takes minutes. */
const START_WITHIN_MS = 900_000;
const WATCH_EVERY_MS = 500;
/** Of a worker's heap: our parsers take a few megabytes. */
const MAX_HEAP_MB = 256;

/** A thread does not inherit how the first one loads TypeScript. */
const BOOTSTRAP = `
  import('tsx/esm/api').then(({ register }) => {
    register();
    return import(${JSON.stringify(new URL('fuzz/worker.ts', import.meta.url).href)});
  });`;

interface TargetRow extends Omit<WorkerReport, 'kept' | 'found'> {
  readonly target: string;
  readonly seed: number;
  readonly seconds: number;
  readonly cases_in_all: number;
  readonly corpus: number;
  readonly found: string | null;
}

/** Where main.ts keeps what the last run found. */
const RESULT = new URL('results/fuzz.json', import.meta.url);

/** Of the targets that were not run now: what the last run of each found, in the order of the list. */
function withEarlier(rows: readonly TargetRow[]): TargetRow[] {
  let earlier: TargetRow[] = [];
  try {
    earlier = (JSON.parse(readFileSync(RESULT, 'utf8')) as { targets: TargetRow[] }).targets;
  } catch {
    // The first run.
  }
  return TARGETS.flatMap(({ name }) => {
    const row = rows.find(({ target }) => target === name) ?? earlier.find(({ target }) => target === name);
    return row === undefined ? [] : [row];
  });
}

export const topic: BenchTopic = {
  summary: 'every parser against mutated inputs, guided by which code they reach',
  async run(args, progress) {
    const options = { minutes: { type: 'string' }, seed: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const seed = Number(values.seed ?? 1);
    const minutes = Number(values.minutes ?? DEFAULT_MINUTES);
    const chosen = TARGETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    if (chosen.length === 0 || !(minutes > 0) || !Number.isFinite(seed)) {
      const names = TARGETS.map(({ name }) => name).join(' ');
      throw new RhythmdError('E_USAGE', 'fuzz [--minutes N] [--seed S] [TARGET...]', `Targets: ${names}`);
    }
    const rows: TargetRow[] = [];
    for (const { name } of chosen) {
      const row = await fuzz(name, seed, (60_000 * minutes) / chosen.length);
      progress(
        `${name}: ${row.cases} cases, ${row.blocks} blocks${row.found === null ? '' : `, FOUND ${row.found}`}`,
      );
      rows.push(row);
    }
    const found = rows.filter((row) => row.found !== null);
    const all = withEarlier(rows);
    if (found.length > 0) {
      const told = found.map((row) => `${row.target}: ${row.found}`).join('\n');
      throw new RhythmdError('E_BENCH_TARGET', `inputs were found that break a parser:\n${told}`);
    }
    return {
      tables: [
        {
          title: 'Fuzzing',
          columns: [
            'parser',
            'seconds',
            'cases',
            'in all runs',
            'kept inputs',
            'blocks reached',
            'slowest case, ms',
            'found',
          ],
          rows: all.map((row) => [
            row.target,
            Math.round(row.seconds),
            row.cases,
            row.cases_in_all,
            row.corpus,
            row.blocks,
            Math.round(row.slowestMs),
            0,
          ]),
          note: `The last run of each parser. Found would be: another error than our own, a case of ${CASE_WITHIN_MS / 1000} s, ${MAX_HEAP_MB} MB of heap or 512 MB of buffers, a value out of range.`,
        },
      ],
      json: { targets: all },
    };
  },
};

async function fuzz(target: string, seed: number, forMs: number): Promise<TargetRow> {
  const corpus = readCorpus(target);
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const task: WorkerTask = { target, seed, firstCase: corpus.cases, forMs, corpus: corpus.inputs, shared };
  const report = await watched(task);
  corpus.cases += report.cases;
  corpus.inputs.push(...report.kept);
  writeCorpus(target, corpus);
  const found =
    report.found === null ? null : `${keepFound(target, report.found.input)}: ${report.found.error}`;
  const { cases, blocks, slowestMs } = report;
  return {
    target,
    seed,
    seconds: forMs / 1000,
    cases,
    cases_in_all: corpus.cases,
    corpus: corpus.inputs.length,
    blocks,
    slowestMs,
    found,
  };
}

/** The worker's report, or one that says why there is none. */
function watched(task: WorkerTask): Promise<WorkerReport> {
  const [numbers, content] = [new Int32Array(task.shared, 0, 2), new Uint8Array(task.shared, 8)];
  const worker = new Worker(BOOTSTRAP, {
    eval: true,
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  return new Promise((resolve) => {
    let [lastCase, sinceMs] = [0, performance.now()];
    const atHand = (error: string): WorkerReport => {
      const input = content.slice(0, numbers[1]);
      return { cases: Atomics.load(numbers, 0), blocks: 0, slowestMs: 0, kept: [], found: { input, error } };
    };
    const end = (report: WorkerReport) => {
      clearInterval(watch);
      void worker.terminate().then(() => resolve(report));
    };
    const watch = setInterval(() => {
      const now = Atomics.load(numbers, 0);
      if (now !== lastCase) [lastCase, sinceMs] = [now, performance.now()];
      else if (performance.now() - sinceMs > (now === 0 ? START_WITHIN_MS : CASE_WITHIN_MS)) {
        end(
          atHand(now === 0 ? 'the thread has not begun' : `a case has not ended within ${CASE_WITHIN_MS} ms`),
        );
      }
    }, WATCH_EVERY_MS);
    worker.once('message', end);
    worker.once('error', (error) =>
      end(atHand(error instanceof Error ? (error.stack ?? error.message) : String(error))),
    );
  });
}
