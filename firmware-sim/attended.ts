/** A program that starts this one holds its standard input open: when it dies, so does the board. */
export function whenStdinEnds(signal: AbortSignal): AbortSignal {
  const ended = new AbortController();
  process.stdin.on('end', () => ended.abort('parent'));
  process.stdin.on('error', () => ended.abort('parent'));
  process.stdin.resume();
  process.stdin.unref?.();
  return AbortSignal.any([signal, ended.signal]);
}
