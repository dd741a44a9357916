/** The program: words in, exit status out. */
import { runProgram } from '@rhythmd/shell/run-program.ts';
import { statusWhenInterrupted } from './cli/interrupted.ts';
import { LogOutput } from './log/log-output.ts';

/** A verb has this long to end cleanly once interrupted. */
const STOP_WITHIN_MS = 8000;

const errors = LogOutput.open();
// Whoever waits at a terminal is told at once: a slow computer takes seconds to read the program.
if (process.argv[2] === 'run' && process.stderr.isTTY) errors.write('rhythmd is starting.');
/** Settled when the program has ended. */
export const ended = runProgram(
  async () => {
    const { dispatch } = await import('@rhythmd/shell/program.ts');
    const { RHYTHMD } = await import('./cli/rhythmd.ts');
    return (words, io) => dispatch(RHYTHMD, words, io);
  },
  { err: (line) => errors.write(line), statusWhenInterrupted, stopWithinMs: STOP_WITHIN_MS },
);
