/**
 * How many connections a listener may hold on a machine with few file descriptors. The recorder, the outbox and the
 * source need theirs whoever calls, so a listener gets an eighth of what the process may open, and no more.
 */
import { readFileSync } from 'node:fs';

const SHARE = 1 / 8;
/** Fewer would be no service at all. */
const LEAST = 8;

/** @param wanted how many it would hold where there are enough */
export function descriptorShare(wanted: number, limit: number | null = descriptorLimit()): number {
  return limit === null ? wanted : Math.max(LEAST, Math.min(wanted, Math.floor(limit * SHARE)));
}

/** Files this process may have open; null where the kernel does not say (not Linux, or none left to ask with). */
export function descriptorLimit(): number | null {
  try {
    const match = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return match ? Number(match[1]) : null;
  } catch {
    return null;
  }
}
