/** Processes that train on demand: ours, and PyTorch's where it is installed. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
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

/** Answers `NETWORK BATCH STEPS`; null where PyTorch is not installed. */
export async function startTorch(): Promise<Torch | null> {
  const python = ['/usr/bin/python3', 'python3'].find(hasTorch);
  if (python === undefined) return null;
  const { child, next } = start(python, ['steps.py'], torchFolder);
  const { torch } = (await next()) as { torch: string };
  return { version: torch, ...traineeOf(child, next) };
}

interface Child {
  readonly child: ChildProcessWithoutNullStreams;
  readonly next: () => Promise<unknown>;
}

function start(command: string, args: readonly string[], cwd?: string): Child {
  const child = spawn(command, args, cwd === undefined ? {} : { cwd });
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

function hasTorch(python: string): boolean {
  try {
    execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
