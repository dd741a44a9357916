/** Test files in processes of their own, a few at a time, with their output as each ends. */
import { spawn } from 'node:child_process';
import { PATIENCE } from './patience.ts';

const AT_ONCE = 2;
/** A file that ends by itself takes a minute at most on a quiet machine; one that failed and left something running never does. */
const FILE_WITHIN_MS = 300_000 * PATIENCE;
/** One that has failed and then says nothing for so long is kept by what its failure left running, and is not waited for. */
const SILENT_AFTER_FAILURE_MS = 60_000 * PATIENCE;
/** After so long without a line: which files are running. */
const SILENT_MS = 30_000;
/** Of a file's newest line. */
const LINE_SHOWN = 120;
/**
 * So many files that failed are run once more, alone: what a busy machine did to real brokers, browsers and sockets is
 * told from what is broken. A file that then passes is named with what it said, as unsteady, and is to be mended; more of
 * them than this are no accident, and fail the run.
 */
const MOST_RUN_AGAIN = 2;
/** What Node's reporter counts at the end of a file. */
const COUNTS = ['tests', 'pass', 'fail', 'cancelled', 'skipped', 'todo'] as const;

interface Ended {
  readonly file: string;
  readonly output: string;
  readonly hasFailed: boolean;
}

/** @returns the exit status: 1 when a test failed, or a file that could not be run to its end */
export async function runTestFiles(files: readonly string[], folder: string): Promise<number> {
  const startedMs = performance.now();
  const waiting = [...files];
  const running = new Map<string, { readonly since: number; last: string }>();
  const ended: Ended[] = [];
  let spokeMs = startedMs;
  const say = (text: string): void => {
    console.log(text);
    spokeMs = performance.now();
  };
  const heartbeat = setInterval(() => {
    if (performance.now() - spokeMs < SILENT_MS) return;
    const names = [...running].map(
      ([file, { since, last }]) => `${file} (${seconds(since)}${last === '' ? '' : `, after: ${last}`})`,
    );
    say(`... ${names.join(', ')}`);
  }, 1000);
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const since = performance.now();
      const told = { since, last: '' };
      running.set(file, told);
      const result = await runFile(file, folder, (line) => {
        told.last = line;
      });
      running.delete(file);
      ended.push(result);
      say(`${result.hasFailed ? '✖' : '✔'} [${ended.length}/${files.length}] ${file} (${seconds(since)})`);
      say(testsOf(result.output));
      // At once: whoever watches need not wait for the end to see why.
      if (result.hasFailed) say(failuresOf(result.output));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const unsteady: Ended[] = [];
  const first = ended.filter(({ hasFailed }) => hasFailed);
  for (const before of first.length <= MOST_RUN_AGAIN ? first : []) {
    const since = performance.now();
    const again = await runFile(before.file, folder);
    ended[ended.indexOf(before)] = again;
    say(`${again.hasFailed ? '✖' : '✔'} again, alone: ${before.file} (${seconds(since)})`);
    if (!again.hasFailed) unsteady.push(before);
  }
  clearInterval(heartbeat);
  for (const { file, output } of unsteady) {
    console.log(`! unsteady, failed once and passed alone: ${file}\n${failuresOf(output)}`);
  }
  const failed = ended.filter(({ hasFailed }) => hasFailed);
  if (failed.length > 0) console.log('✖ failing tests:');
  for (const { file, output } of failed) console.log(`\n${file}\n${failuresOf(output)}`);
  for (const name of COUNTS) {
    console.log(
      `ℹ ${name} ${ended.reduce((sum, { output }) => sum + (countOf(output, name) ?? (name === 'fail' ? 1 : 0)), 0)}`,
    );
  }
  console.log(
    `ℹ files ${ended.length}, ${failed.length} of them failed, ${unsteady.length} unsteady, ${seconds(startedMs)}`,
  );
  return failed.length > 0 ? 1 : 0;
}

/** @param onLine its newest line: where it stands still, that is how far it came */
function runFile(file: string, folder: string, onLine?: (line: string) => void): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--test-reporter=spec', file], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const line = text.trimEnd().split('\n').at(-1)!.trim();
        if (line !== '') onLine?.(line.slice(0, LINE_SHOWN));
      });
    }
    const killAfter = (ms: number, why: string) =>
      setTimeout(() => {
        output += `\n${why} ${ms / 1000} s, and killed`;
        child.kill('SIGKILL');
      }, ms);
    const overdue = killAfter(FILE_WITHIN_MS, 'not ended within');
    let stuck: NodeJS.Timeout | undefined;
    child.stdout.on('data', () => {
      clearTimeout(stuck);
      if (/^✖/m.test(output)) stuck = killAfter(SILENT_AFTER_FAILURE_MS, 'failed, silent for');
    });
    // What a test left running may hold the pipes open for ever: the process itself is what ends.
    child.on('exit', (status) => {
      clearTimeout(overdue);
      clearTimeout(stuck);
      setImmediate(() => {
        const hasFailed = status !== 0 || countOf(output, 'fail') !== 0;
        resolve({ file, output, hasFailed });
        child.stdout.destroy();
        child.stderr.destroy();
      });
    });
  });
}

/** Without the counts of the file. */
function testsOf(output: string): string {
  const [tests = ''] = output.split(/^ℹ tests /m);
  return tests.trimEnd();
}

/** The part that tells failures again, or all where there is none: it broke before its first test. */
function failuresOf(output: string): string {
  return (output.split('✖ failing tests:')[1] ?? output).trim();
}

/** null: the file did not come to its end. */
function countOf(output: string, name: (typeof COUNTS)[number]): number | null {
  const found = new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(output)?.[1];
  return found === undefined ? null : Number(found);
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(0)} s`;
}
