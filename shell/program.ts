/** From the words on the command line to a command and an exit status. The one place that catches and prints. */
import { type Commands, helpOf, usageOf } from './command.ts';
import { EXIT_DONE, EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE } from './exit-status.ts';
import type { CommandIo, CommandModule } from './io.ts';
import { nearest } from './nearest.ts';
import { refuseUsage, UsageError } from './usage-error.ts';

export interface Program {
  /** As it is called: `rhythmd`, `npm run trainer --`. */
  readonly name: string;
  /** Behind the first line of the help. */
  readonly about: string;
  readonly version?: string;
  readonly commands: Commands;
  /** The file of each command, loaded only when it is called. */
  readonly modules: Readonly<Record<string, () => Promise<CommandModule>>>;
  /** An error that is none of usage, as one line: its code, what happened, the fix. */
  readonly describe: (error: unknown) => string;
  /** Whether that error is one of usage or configuration all the same. */
  readonly isUsage: (error: unknown) => boolean;
  /** The status when a signal ended a command; absent: 130. */
  readonly statusWhenInterrupted?: (words: readonly string[], signal: unknown) => number;
}

/** Runs one command. Never throws. */
export async function dispatch(program: Program, words: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await runCommand(program, words, io);
  } catch (error) {
    if (io.signal.aborted) return interrupted(program, words, io);
    if (error instanceof UsageError) {
      io.err(`${error.code}: ${error.message}. Usage: ${program.name} ${usageFor(program, words)}`);
      return EXIT_USAGE;
    }
    io.err(program.describe(error));
    return program.isUsage(error) ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function runCommand(program: Program, words: readonly string[], io: CommandIo): Promise<number> {
  const { commands, modules } = program;
  const [name, ...args] = words;
  if (name === undefined) return refuseUsage('no verb given');
  if (name === '--version' && program.version !== undefined) return print(io, program.version);
  if (name === 'help' || isHelp(name)) return print(io, overview(program));
  if (!Object.hasOwn(commands, name)) {
    const guess = nearest(name, Object.keys(commands));
    return refuseUsage(`no verb ${name}${guess === null ? '' : `, did you mean ${guess}?`}`);
  }
  if (args.some(isHelp)) return print(io, helpOf(program.name, name, commands[name]!));
  const ended = aborted(io.signal);
  const loaded = await Promise.race([modules[name]!(), ended]);
  if (loaded === null) return interrupted(program, words, io);
  const status = loaded.run(args, io);
  const first = loaded.endsItself === true ? await status : await Promise.race([status, ended]);
  return first ?? interrupted(program, words, io);
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

function usageFor({ name, commands }: Program, [verb = '']: readonly string[]): string {
  if (Object.hasOwn(commands, verb)) return usageOf(verb, commands[verb]!);
  return `VERB [OPTION...]; \`${name} help\` lists the verbs`;
}

function interrupted(program: Program, words: readonly string[], { signal }: CommandIo): number {
  return program.statusWhenInterrupted?.(words, signal.reason) ?? EXIT_INTERRUPTED;
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

function overview({ name, about, commands }: Program): string {
  const lines = Object.entries(commands).map(
    ([verb, command]) => `  ${usageOf(verb, command)}\n      ${command.summary}`,
  );
  return [`${name} VERB [OPTION...]   ${about}`, '', ...lines].join('\n');
}
