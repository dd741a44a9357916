/**
 * `node --import tsx test/support/older-processor/run.ts haswell COMMAND [ARG...]`: runs a command whose onnxruntime
 * believes that it is on an x86-64 without VNNI (`nehalem`: without AVX2 either), for example `npm test`.
 */
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { OLDER_PROCESSORS, olderProcessorEnvironment, whyNoOlderProcessor } from './library.ts';

const [name, command, ...args] = process.argv.slice(2);
const processor = OLDER_PROCESSORS.find((known) => known === name);
const missing = whyNoOlderProcessor();
if (processor === undefined || command === undefined || missing !== null) {
  console.error(`E_USAGE: ${missing ?? `${OLDER_PROCESSORS.join(' or ')}, then a command`}`);
  process.exitCode = 2;
} else {
  const folder = join(homedir(), '.cache', 'rhythmd', 'older-processor');
  const env = { ...process.env, ...olderProcessorEnvironment(processor, folder) };
  spawn(command, args, { stdio: 'inherit', env }).once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
