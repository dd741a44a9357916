/** `npm run records -- VERB ...` */
import { dispatch } from '@rhythmd/shell/program.ts';
import { runProgram } from '@rhythmd/shell/run-program.ts';
import { recordsProgram } from './records.ts';

await runProgram(async () => (words, io) => dispatch(recordsProgram(), words, io));
