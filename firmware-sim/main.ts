/** The simulated board: words in, exit status out. */
import { dispatch } from '@rhythmd/shell/program.ts';
import { runProgram } from '@rhythmd/shell/run-program.ts';
import { SIMULATOR } from './simulator.ts';

await runProgram(async () => (words, io) => dispatch(SIMULATOR, words, io));
