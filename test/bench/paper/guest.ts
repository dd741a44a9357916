/**
 * Runs in the emulator: beats through a network by the integer executor. Arguments: the model, beats before the count, rounds
 * of one beat. Marks the beginning of each round and the end of the last one.
 */
import { readFileSync } from 'node:fs';
import { Executor } from '@rhythmd/ecg/network/executor.ts';

const [path = '', warmUp = '', rounds = ''] = process.argv.slice(2);
const executor = new Executor(readFileSync(path));
const beat = Float32Array.from({ length: executor.inputSize }, (_, i) => Math.sin(i));
const logits = new Float32Array(executor.outputSize);

for (let i = 0; i < Number(warmUp); i++) executor.run(beat, 1, logits);
for (let i = 0; i < Number(rounds); i++) {
  mark();
  executor.run(beat, 1, logits);
}
mark();

/** What counter.c listens for. */
function mark(): void {
  process.kill(process.pid, 0);
}
