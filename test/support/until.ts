import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE } from './patience.ts';

/**
 * Waits for a condition.
 * @param what is waited for, or a function that also says how far it came
 * @param withinMs on a quiet machine
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string),
  withinMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + withinMs * PATIENCE;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`waited ${withinMs * PATIENCE} ms for ${typeof what === 'string' ? what : what()}`);
    }
    await sleep(5);
  }
}
