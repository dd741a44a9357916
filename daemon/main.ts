/** The program: words in, exit status out. */
import { dispatch } from './cli/dispatch.ts';
import { EXIT_INTERRUPTED } from './cli/exit-status.ts';

/** A verb has this long to end cleanly once interrupted. */
const STOP_WITHIN_MS = 8000;

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // The second time means it: whoever asks twice does not want to wait.
    if (interruption.signal.aborted) process.exit(EXIT_INTERRUPTED);
    interruption.abort(name);
    setTimeout(() => process.exit(EXIT_INTERRUPTED), STOP_WITHIN_MS).unref();
  });
}

// A closed pipe (`rhythmd ... | head`) ends the program quietly.
process.stdout.on('error', () => process.exit(0));

process.exitCode = await dispatch(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  environment: process.env,
  signal: interruption.signal,
});
