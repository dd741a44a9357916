/** Keeps what V8 compiled of the parts that are loaded, without holding up the signal. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CodeCache } from './code-cache.ts';
import type { ProgramParts } from './program-parts.ts';

/** Between two parts: asking V8 for one takes milliseconds. */
const PAUSE_MS = 500;

/**
 * Never rejects: on a disk that is full or read-only, or where the program was replaced meanwhile, nothing is kept, and the
 * next start takes as long as this one.
 */
export async function keepCode(parts: ProgramParts, path: string, pauseMs = PAUSE_MS): Promise<void> {
  const compiled: (readonly [name: string, source: string, code: Buffer])[] = [];
  try {
    for (const piece of parts.compiled()) {
      compiled.push(piece);
      await sleep(pauseMs, undefined, { ref: false });
    }
    CodeCache.write(path, compiled);
  } catch {
    // As said above.
  }
}
