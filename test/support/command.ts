/** The command line in this process, with what it printed. */
import { RHYTHMD } from '@rhythmd/daemon/cli/rhythmd.ts';
import { dispatch } from '@rhythmd/shell/program.ts';

export interface CommandResult {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `rhythmd WORDS...` without starting a program. */
export async function runCommand(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  signal = new AbortController().signal,
): Promise<CommandResult> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await dispatch(RHYTHMD, words, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    environment,
    signal,
  });
  return { status, out: out.join('\n'), err: err.join('\n') };
}
