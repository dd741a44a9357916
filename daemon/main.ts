/** The program: words in, exit status out. */
import { EXIT_DONE, statusWhenInterrupted } from './cli/exit-status.ts';
import { LogOutput } from './log/log-output.ts';

/** A verb has this long to end cleanly once interrupted. */
const STOP_WITHIN_MS = 8000;

const words = process.argv.slice(2);
const interruption = new AbortController();
const errors = LogOutput.open();
let isLoaded = false;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  const status = statusWhenInterrupted(words, name);
  process.on(name, () => {
    // The second time means it: whoever asks twice does not want to wait. Nor is there anything to end yet.
    if (interruption.signal.aborted || !isLoaded) process.exit(status);
    interruption.abort(name);
    setTimeout(() => process.exit(status), STOP_WITHIN_MS).unref();
  });
}

// A closed pipe (`rhythmd ... | head`) ends the program quietly.
process.stdout.on('error', () => process.exit(EXIT_DONE));

// Loaded only now: a signal that comes while the rest is read from a slow card finds its handler.
const { dispatch } = await import('./cli/dispatch.ts');
isLoaded = true;
const status = await dispatch(words, {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => errors.write(line),
  environment: process.env,
  signal: interruption.signal,
});
process.exitCode = status;
// What was begun and is not wanted any more (a module on its way, a connection attempt) is not waited for.
if (interruption.signal.aborted) process.exit(status);
