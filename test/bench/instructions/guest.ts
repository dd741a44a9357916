/**
 * Runs in the emulator: beats (or windows of the rhythm network) through models, one at a time, as millisecondsPerBeat does. Arguments: rounds, beats a
 * round, a model that does next to nothing, the model. Marks the beginning of each round and the end of the last one,
 * of both models.
 */
import { readFileSync } from 'node:fs';
import { floats, openSession } from '@rhythmd/trainer/graph/runtime.ts';

/** The way into the runtime is interpreted at first: after so many calls V8 has compiled what it ever will. */
const CALLS_UNTIL_COMPILED = 200;

const [rounds, beats] = process.argv.slice(2, 4).map(Number) as [number, number];
const [nothing, model] = process.argv.slice(4) as [string, string];
await measure(nothing, CALLS_UNTIL_COMPILED);
await measure(model, beats);

async function measure(path: string, warmUp: number): Promise<void> {
  const session = await openSession(readFileSync(path), 'all');
  const input = session.inputMetadata[0]!;
  const shape = (input.isTensor ? input.shape : []).map((size) =>
    typeof size === 'number' && size > 0 ? size : 1,
  );
  const length = shape.reduce((product, size) => product * size, 1);
  const image = floats(
    Float32Array.from({ length }, (_, i) => Math.sin(i)),
    shape,
  );
  for (let i = 0; i < warmUp; i++) await session.run({ image });
  for (let round = 0; round < rounds; round++) {
    mark();
    for (let i = 0; i < beats; i++) await session.run({ image });
  }
  mark();
  await session.release();
}

/** What counter.c listens for. */
function mark(): void {
  process.kill(process.pid, 0);
}
