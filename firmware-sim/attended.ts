/**
 * A program that starts this one holds its standard input open: when it dies, so does the board. What it writes there are the
 * words of another command line, a JSON array a line: to be played instead, from its beginning.
 */
import { createInterface } from 'node:readline';

/** @returns a signal that aborts with `signal`, or when standard input ends */
export function whenStdinEnds(signal: AbortSignal): AbortSignal {
  const ended = new AbortController();
  process.stdin.on('end', () => ended.abort('parent'));
  process.stdin.on('error', () => ended.abort('parent'));
  process.stdin.resume();
  process.stdin.unref?.();
  return AbortSignal.any([signal, ended.signal]);
}

/** Told of each further command line. */
export function onWishes(wish: (words: string[]) => void): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line.trim() !== '') wish(JSON.parse(line) as string[]);
  });
}
