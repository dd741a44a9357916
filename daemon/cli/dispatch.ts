/** From the words on the command line to a verb and an exit status. The one place that catches and prints. */
import { describeError } from '@rhythmd/ecg/errors.ts';
import { nearest } from '../config/nearest.ts';
import { VERSION } from '../version.ts';
import { refuseUsage } from './arguments.ts';
import { EXIT_DONE, exitStatusOf, statusWhenInterrupted } from './exit-status.ts';
import type { CommandIo } from './io.ts';
import { VERBS, type Verb } from './verbs.ts';

const USAGE = 'VERB [OPTION...]; `rhythmd help` lists the verbs';

/** Runs one command. Never throws. */
export async function dispatch(words: string[], io: CommandIo): Promise<number> {
  try {
    return await runVerb(words, io);
  } catch (error) {
    if (io.signal.aborted) return statusWhenInterrupted(words, io.signal.reason);
    io.err(describeError(error));
    return exitStatusOf(error);
  }
}

async function runVerb(words: string[], io: CommandIo): Promise<number> {
  const [name, ...args] = words;
  if (name === undefined) return refuseUsage('no verb given', USAGE);
  if (name === '--version') return print(io, VERSION);
  if (name === 'help' || name === '--help' || name === '-h') return print(io, help(VERBS));
  const verb = VERBS.find((candidate) => candidate.name === name);
  if (verb === undefined) {
    const guess = nearest(
      name,
      VERBS.map((candidate) => candidate.name),
    );
    return refuseUsage(`no verb ${name}${guess === null ? '' : `, did you mean ${guess}?`}`, USAGE);
  }
  if (args.includes('--help') || args.includes('-h')) {
    return print(io, `rhythmd ${verb.usage}\n${verb.summary}`);
  }
  const loaded = await Promise.race([verb.load(), aborted(io.signal)]);
  return loaded === null ? statusWhenInterrupted(words, io.signal.reason) : loaded.run(args, io);
}

/** Resolves to null; never when it is not interrupted. */
function aborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
}

function print(io: CommandIo, text: string): number {
  io.out(text);
  return EXIT_DONE;
}

function help(verbs: readonly Verb[]): string {
  const lines = verbs.map((verb) => `  ${verb.usage}\n      ${verb.summary}`);
  return ['rhythmd VERB [OPTION...]   not a medical device', '', ...lines].join('\n');
}
