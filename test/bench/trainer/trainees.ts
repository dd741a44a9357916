/** Processes that train on demand: ours, and PyTorch's where it is installed. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

const torchFolder = fileURLToPath(new URL('../torch/', import.meta.url));
const oursPath = fileURLToPath(new URL('steps.ts', import.meta.url));

export interface StepsCost {
  /** Processor milliseconds a step. */
  readonly ms: readonly number[];
  /** Ours only. */
  readonly peak_rss_mb?: number;
}

export interface Trainee {
  readonly train: (line: string) => Promise<StepsCost>;
  readonly end: () => void;
}

export interface Torch extends Trainee {
  readonly version: string;
}

/** Answers `STEPS`. */
export function startOurs(network: string, batch: number): Trainee {
  const { child, next } = start(process.execPath, ['--import', 'tsx', oursPath, network, String(batch)]);
  return traineeOf(child, next);
}

/**
 * Answers `NETWORK BATCH STEPS`; null where PyTorch is not installed.
 * @param root of another Debian that has python3-torch (by debootstrap), whose Python runs without a chroot; null: this machine's
 */
export async function startTorch(root: string | null = null): Promise<Torch | null> {
  const python = (root === null ? ['/usr/bin/python3', 'python3'].map(ofThisMachine) : [ofRoot(root)]).find(
    hasTorch,
  );
  if (python === undefined) return null;
  const { child, next } = start(python.command, [...python.args, 'steps.py'], {
    cwd: torchFolder,
    env: { ...process.env, ...python.env },
  });
  const { torch } = (await next()) as { torch: string };
  return { version: torch, ...traineeOf(child, next) };
}

interface Python {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function ofThisMachine(command: string): Python {
  return { command, args: [], env: {} };
}

/** By the loader and the libraries of its own release (ld.so(8)). */
function ofRoot(root: string): Python {
  const libraries = ['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder));
  const loader = libraries
    .flatMap((folder) => ['ld-linux-x86-64.so.2', 'ld-linux-aarch64.so.1'].map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  if (loader === undefined) {
    throw new RhythmdError(
      'E_BENCH_TRAINEE',
      `${root} is no root of a Debian for this processor`,
      'Make one: debootstrap --variant=minbase --include=python3-torch,libopenblas0-pthread trixie DIR',
    );
  }
  // The link to the BLAS in use is absolute and leads out of the root: its quickest one first.
  const nested = libraries.flatMap((folder) =>
    ['openblas-pthread', 'blas', 'lapack', ''].map((name) => join(folder, name)),
  );
  return {
    command: loader,
    args: ['--library-path', nested.join(':'), join(root, 'usr/bin/python3')],
    env: { PYTHONHOME: join(root, 'usr'), PYTHONDONTWRITEBYTECODE: '1' },
  };
}

interface Child {
  readonly child: ChildProcessWithoutNullStreams;
  readonly next: () => Promise<unknown>;
}

function start(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Child {
  const child = spawn(command, args, options);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new RhythmdError('E_BENCH_TRAINEE', `${command} ${args.join(' ')} ended early`);
    return JSON.parse(value as string);
  };
  return { child, next };
}

function traineeOf(child: ChildProcessWithoutNullStreams, next: Child['next']): Trainee {
  return {
    train: async (line) => {
      child.stdin.write(`${line}\n`);
      return (await next()) as StepsCost;
    },
    end: () => child.stdin.end(),
  };
}

function hasTorch({ command, args, env }: Python): boolean {
  try {
    execFileSync(command, [...args, '-c', 'import torch'], {
      stdio: 'ignore',
      env: { ...process.env, ...env },
    });
    return true;
  } catch {
    return false;
  }
}
