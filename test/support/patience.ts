/**
 * How many times as long as on a quiet machine of two cores a test waits before it gives up. A wait ends when its
 * condition holds, so a bound that is too long costs nothing until a test fails, and one that is too short fails a test
 * for what the machine is busy with.
 */
import { availableParallelism, loadavg } from 'node:os';

/** What `test/run.ts` measured, for the processes that it starts. */
export const PATIENCE_VARIABLE = 'RHYTHMD_TEST_PATIENCE';
/** Whatever is measured at the start, other work may come later. */
const LEAST = 3;
const MOST = 60;

/** Measured once, when the first test of a process needs it, unless it is given. */
export const PATIENCE = patience(Number(process.env[PATIENCE_VARIABLE]));

/** @param slowness how many times as long as on a quiet machine something just took, where that was measured */
export function patience(slowness: number): number {
  const waiting = (loadavg()[0] ?? 0) / availableParallelism();
  const factor = LEAST * Math.max(1, waiting, Number.isFinite(slowness) ? slowness : 1);
  return Math.min(MOST, Math.round(factor));
}
