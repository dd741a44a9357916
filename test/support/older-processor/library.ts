/** onnxruntime on an older x86-64 than this one, at full speed: a copy of its library that asks cpuid.c what the processor can do. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What each leaves out of x86-64-v4: `haswell` AVX-512 and VNNI, `nehalem` AVX, AVX2 and FMA too. */
export const OLDER_PROCESSORS = ['haswell', 'nehalem'] as const;
export type OlderProcessor = (typeof OLDER_PROCESSORS)[number];

const LIBRARY = 'libonnxruntime.so.1';
const CPUID = Buffer.from([0x0f, 0xa2]);
const UD2 = Buffer.from([0x0f, 0x0b]);
/** As objdump prints an instruction: address, bytes, name. */
const DISASSEMBLED_CPUID = /^\s*([0-9a-f]+):\t0f a2\s+cpuid/gm;
const PROGRAMS = ['gcc', 'objdump'];

/** @returns why it cannot be had here, null where it can */
export function whyNoOlderProcessor(): string | null {
  if (process.arch !== 'x64' || process.platform !== 'linux') return 'x86-64 Linux is needed';
  for (const program of PROGRAMS) {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
    } catch {
      return `${program} is needed`;
    }
  }
  return null;
}

/**
 * @param folder made where it is missing; the copy and the preloaded library stay in it
 * @returns what a process (and those it starts) needs in its environment
 * @throws Error where a program is missing, or the library has no CPUID to write over
 */
export function olderProcessorEnvironment(processor: OlderProcessor, folder: string): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  const preloaded = join(folder, 'cpuid.so');
  execFileSync('gcc', [
    '-O2',
    '-shared',
    '-fPIC',
    '-o',
    preloaded,
    fileURLToPath(new URL('cpuid.c', import.meta.url)),
  ]);
  writeFileSync(join(folder, LIBRARY), withoutCpuid(libraryPath()));
  return { LD_PRELOAD: preloaded, LD_LIBRARY_PATH: folder, RHYTHMD_PROCESSOR: processor };
}

function libraryPath(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  return join(dirname(entry), '..', 'bin', 'napi-v6', 'linux', 'x64', LIBRARY);
}

/** By a disassembler: the two bytes occur inside other instructions, too. */
function withoutCpuid(path: string): Buffer {
  // The whole listing is a gigabyte.
  const listing = execFileSync('sh', ['-c', 'objdump -d -j .text "$0" | grep cpuid', path], {
    encoding: 'latin1',
  });
  const bytes = readFileSync(path);
  const { address, offset } = textSection(bytes);
  let found = 0;
  for (const [, hex] of listing.matchAll(DISASSEMBLED_CPUID)) {
    const at = Number.parseInt(hex!, 16) - address + offset;
    if (!bytes.subarray(at, at + 2).equals(CPUID)) throw new Error(`no CPUID at ${at} of ${path}`);
    UD2.copy(bytes, at);
    found++;
  }
  if (found === 0) throw new Error(`${path} never asks what its processor can do`);
  return bytes;
}

/** Of a 64-bit little-endian ELF file: where `.text` lies in memory and in the file. */
function textSection(elf: Buffer): { readonly address: number; readonly offset: number } {
  const table = Number(elf.readBigUInt64LE(0x28));
  const size = elf.readUInt16LE(0x3a);
  const names = table + elf.readUInt16LE(0x3e) * size;
  const strings = Number(elf.readBigUInt64LE(names + 0x18));
  for (let i = 0; i < elf.readUInt16LE(0x3c); i++) {
    const header = table + i * size;
    const name = strings + elf.readUInt32LE(header);
    if (elf.toString('latin1', name, name + 6) !== '.text\0') continue;
    return {
      address: Number(elf.readBigUInt64LE(header + 0x10)),
      offset: Number(elf.readBigUInt64LE(header + 0x18)),
    };
  }
  throw new Error('no .text section');
}
