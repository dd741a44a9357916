/** The simulated board: words in, exit status out. */
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';

const USAGE = `sim VERB
  play RECORD --board NAME --to pty:PATH|tcp:HOST:PORT|stdout [--speed N|max] [--faults FILE] [--seed N]
       [--loop] [--from S] [--duration S] [--report] [--uart]
      plays a record (or \`synthetic\`) as the bytes of any board
  avr RECORD --to ... (as above, no --board, no --faults)
      runs the reference firmware's image in a simulated ATmega328P, the record on its pins
  firmware
      builds that image from its C sources`;

type Verb = (args: string[], signal: AbortSignal) => Promise<void>;

const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  avr: async () => (await import('./avr/avr.ts')).avr,
  firmware: async () => (await import('./avr/build.ts')).firmware,
  play: async () => (await import('./play.ts')).play,
};

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interruption.abort(name));
process.stdout.on('error', () => process.exit(0));

const [name = '', ...args] = process.argv.slice(2);
try {
  const load = VERBS[name];
  if (load === undefined) throw new RhythmdError('E_USAGE', `no verb "${name}"`, `Usage: ${USAGE}`);
  await (await load())(args, interruption.signal);
  process.exitCode = interruption.signal.aborted ? 130 : 0;
} catch (error) {
  if (interruption.signal.aborted) {
    process.exitCode = 130;
  } else {
    console.error(describeError(error));
    process.exitCode = error instanceof RhythmdError && error.code === 'E_USAGE' ? 2 : 1;
  }
}
