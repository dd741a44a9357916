/** The root file system that the emulated program sees: Debian's arm64 libraries, and the processor of a Zero 2 W. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const CPU_MODEL = 'cortex-a53';
const CORES = 4;

/** What 64-bit Raspberry Pi OS shows; onnxruntime's detection of the processor fails on the host's own files. */
const CORE = `BogoMIPS\t: 38.40
Features\t: fp asimd evtstrm crc32 cpuid
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x0
CPU part\t: 0xd03
CPU revision\t: 4
`;

/** @param libraries the folder with ld-linux-aarch64.so.1 and what is beside it */
export function makeRoot(folder: string, libraries: string): void {
  const cpus = join(folder, 'sys/devices/system/cpu');
  for (const path of [join(folder, 'proc'), cpus]) mkdirSync(path, { recursive: true });
  symlinkSync(libraries, join(folder, 'lib'));
  const cores = Array.from({ length: CORES }, (_, core) => `processor\t: ${core}\n${CORE}\n`);
  writeFileSync(join(folder, 'proc/cpuinfo'), cores.join(''));
  for (const name of ['possible', 'present', 'online']) writeFileSync(join(cpus, name), `0-${CORES - 1}\n`);
}
