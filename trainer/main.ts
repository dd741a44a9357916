/** `npm run trainer -- VERB ...` */
import { dispatch } from '@rhythmd/shell/program.ts';
import { runProgram } from '@rhythmd/shell/run-program.ts';
import { TRAINER } from './cli/trainer.ts';

await runProgram(async () => (words, io) => dispatch(TRAINER, words, io));
