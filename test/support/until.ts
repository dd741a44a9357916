import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a condition; the bound is for a machine that is busy with something else.
 * @param what is waited for, or a function that also says how far it came
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string),
  withinMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`waited ${withinMs} ms for ${typeof what === 'string' ? what : what()}`);
    }
    await sleep(5);
  }
}
