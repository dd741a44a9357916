/**
 * Runs in the emulator: beats through a network by the integer executor. Arguments: the model, beats before the count, rounds
 * of one beat. Waits for the compiler; marks the beginning of each round and the end of the last one.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Executor } from '@rhythmd/ecg/network/executor.ts';

const [path = '', warmUp = '', rounds = ''] = process.argv.slice(2);
/** Processor time in a pause, of threads that have nothing left to compile. */
const STILL_MS = 50;
const PAUSE_MS = 500;

const executor = new Executor(readFileSync(path));
const beat = Float32Array.from({ length: executor.inputSize }, (_, i) => Math.sin(i));
const logits = new Float32Array(executor.outputSize);

for (let i = 1; i <= Number(warmUp); i++) {
  executor.run(beat, 1, logits);
  // After the first beat, the second, the fourth and so on.
  if (Math.log2(i) % 1 === 0) await compiled();
}
await compiled();
for (let i = 0; i < Number(rounds); i++) {
  mark();
  executor.run(beat, 1, logits);
}
mark();

/**
 * V8 compiles in threads of its own, and on a machine that does other things as well they come late: DenseNet201's curve took
 * 96 million instructions on the Cortex-A53 or, still half compiled, 132.
 */
async function compiled(): Promise<void> {
  for (let before = -Infinity, now = cpuMs(); now - before > STILL_MS; now = cpuMs()) {
    before = now;
    await sleep(PAUSE_MS);
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What counter.c listens for. */
function mark(): void {
  process.kill(process.pid, 0);
}
