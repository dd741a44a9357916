/** Runs an arm64 program with the counting plugin. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Parts } from './parts.ts';
import { parseCounts } from './per-beat.ts';
import { CPU_MODEL, makeRoot } from './zero-2-w.ts';

const COUNTER = fileURLToPath(new URL('counter.c', import.meta.url));
const run = promisify(execFile);

export class Emulator {
  /** For whatever the program needs; goes with the emulator. */
  readonly folder: string;
  readonly #parts: Pick<Parts, 'qemu' | 'gcc' | 'libraries'>;

  private constructor(folder: string, parts: Pick<Parts, 'qemu' | 'gcc' | 'libraries'>) {
    this.folder = folder;
    this.#parts = parts;
  }

  static async open(parts: Pick<Parts, 'qemu' | 'gcc' | 'libraries'>): Promise<Emulator> {
    const emulator = new Emulator(mkdtempSync(join(tmpdir(), 'rhythmd-emulator-')), parts);
    makeRoot(emulator.#root, parts.libraries);
    await buildCounter(parts.gcc, emulator.#plugin);
    return emulator;
  }

  get #root(): string {
    return join(this.folder, 'root');
  }

  get #plugin(): string {
    return join(this.folder, 'counter.so');
  }

  /**
   * @returns instructions executed since the program's start, at each of its marks
   * @throws RhythmdError E_EMULATOR when the program fails, E_COUNT when what was counted makes no sense
   */
  async count(program: string, args: readonly string[]): Promise<number[]> {
    const out = join(this.folder, 'counts');
    rmSync(out, { force: true });
    const options = ['-cpu', CPU_MODEL, '-L', this.#root, '-plugin', `${this.#plugin},out=${out}`];
    await runProgram(this.#parts.qemu, [...options, program, ...args]);
    return parseCounts(readFileSync(out, 'utf8'));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** @param path of the plugin that is made. @throws RhythmdError E_EMULATOR */
export async function buildCounter(gcc: string, path: string): Promise<void> {
  const options = ['-O2', '-shared', '-fPIC', '-fvisibility=hidden', '-Wall', '-Wextra', '-Werror'];
  await runProgram(gcc, [...options, '-o', path, COUNTER]);
}

async function runProgram(program: string, args: readonly string[]): Promise<void> {
  try {
    await run(program, args);
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    const last = stderr?.trim().split('\n').at(-1) || message;
    throw new RhythmdError('E_EMULATOR', `${program} failed: ${last}`, '', { cause });
  }
}
