/** Processors that models are run on without having them: onnxruntime chooses its kernels by what each can do. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { findParts } from '../../bench/instructions/parts.ts';
import { CPU_MODEL, makeRoot } from '../../bench/instructions/zero-2-w.ts';
import { needsFound, needsProgram, repositoryRoot } from '../needs.ts';

export interface Processor {
  readonly name: string;
  readonly needs: { readonly skip?: string };
  /** Program and arguments before those of Node. @param folder of its own, for what the emulator wants to find */
  readonly command: (folder: string) => readonly string[];
}

const x86 = (cpu: string, name: string): Processor => ({
  name,
  needs: needsX86(),
  command: () => ['qemu-x86_64', '-cpu', cpu, process.execPath],
});

function needsX86(): { readonly skip?: string } {
  // Emulated by an emulator that runs the same programs; elsewhere there are none of it.
  if (process.arch !== 'x64') return { skip: 'SKIPPED: runs this Node on another x86-64' };
  return needsProgram('qemu-x86_64');
}

export const PROCESSORS: readonly Processor[] = [
  x86('Haswell', 'an x86-64 with AVX2 and without VNNI'),
  x86('Nehalem', 'an x86-64 without AVX2'),
  {
    name: 'a Cortex-A53',
    needs: needsFound('an emulated Cortex-A53', findParts),
    command: (folder) => {
      const { qemu, libraries, node } = findParts();
      const root = join(folder, 'root');
      makeRoot(root, libraries);
      return [qemu, '-cpu', CPU_MODEL, '-L', root, node];
    },
  },
];

/**
 * Runs a program of this folder there.
 * @param program `guest.ts` on the models of a folder, whose answers lie there afterwards; `opened.ts` on one model
 * @returns what it printed
 */
export async function runGuest(processor: Processor, program: string, path: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-emulated-'));
  try {
    const guest = join(folder, 'guest.mjs');
    symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
    await build({
      entryPoints: [fileURLToPath(new URL(program, import.meta.url))],
      outfile: guest,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      external: ['onnxruntime-node'],
      logLevel: 'warning',
    });
    const [emulator, ...args] = processor.command(folder);
    const { stdout } = await promisify(execFile)(emulator!, [...args, guest, path]);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
