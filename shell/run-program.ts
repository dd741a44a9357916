/** A program from start to end: signals, pipes that close, and the exit status. */
import { EXIT_DONE, EXIT_INTERRUPTED } from './exit-status.ts';
import type { CommandIo } from './io.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface ProgramOptions {
  /** Where lines for errors go; absent: standard error as it is. */
  readonly err?: (line: string) => void;
  readonly statusWhenInterrupted?: (words: readonly string[], signal: unknown) => number;
  /** A command has this long to end cleanly once interrupted; absent: as long as it takes. */
  readonly stopWithinMs?: number;
}

/**
 * @param load gives what runs the words. It is called once the signals have their handlers: one that comes while the rest
 * is read from a slow card finds its own.
 */
export async function runProgram(
  load: () => Promise<(words: string[], io: CommandIo) => Promise<number>>,
  options: ProgramOptions = {},
): Promise<void> {
  const words = process.argv.slice(2);
  const interruption = new AbortController();
  let isLoaded = false;
  for (const name of SIGNALS) {
    const status = options.statusWhenInterrupted?.(words, name) ?? EXIT_INTERRUPTED;
    process.on(name, () => {
      // The second time means it: whoever asks twice does not want to wait. Nor is there anything to end yet.
      if (interruption.signal.aborted || !isLoaded) process.exit(status);
      interruption.abort(name);
      const { stopWithinMs } = options;
      if (stopWithinMs !== undefined) setTimeout(() => process.exit(status), stopWithinMs).unref();
    });
  }
  // A closed pipe (`rhythmd ... | head`) ends the program quietly.
  process.stdout.on('error', () => process.exit(EXIT_DONE));
  const run = await load();
  isLoaded = true;
  const status = await run(words, {
    out: (line) => process.stdout.write(`${line}\n`),
    err: options.err ?? ((line) => process.stderr.write(`${line}\n`)),
    environment: process.env,
    signal: interruption.signal,
  });
  process.exitCode = status;
  // What was begun and is not wanted any more (a module on its way, a connection attempt) is not waited for.
  if (interruption.signal.aborted) process.exit(status);
}
