import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; the bound is for a machine that is busy with something else. */
export async function until(condition: () => boolean, what: string, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what}`);
    await sleep(5);
  }
}
