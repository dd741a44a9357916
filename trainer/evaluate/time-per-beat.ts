/** Processor time of one beat on one thread, the way the daemon runs a model: one image at a time. */
import { floats, openSession } from '../graph/runtime.ts';

const WARM_UP = 5;
const ROUNDS = 7;
const ROUND_MS = 150;

/** @returns milliseconds, the median of a few rounds: other processes' time does not count */
export async function millisecondsPerBeat(model: Uint8Array): Promise<number> {
  const session = await openSession(model, 'all');
  const image = floats(
    Float32Array.from({ length: 3 * 36 * 36 }, (_, i) => Math.sin(i)),
    [1, 3, 36, 36],
  );
  for (let i = 0; i < WARM_UP; i++) await session.run({ image });
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    let beats = 0;
    while (performance.now() - startedAt < ROUND_MS) {
      await session.run({ image });
      beats++;
    }
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / 1000 / beats);
  }
  await session.release();
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1]!;
}
