/** `npm run trainer -- VERB ...`: exit codes 0 done, 1 a run failed, 2 bad usage, 130 interrupted. */
import { ERROR_CODES } from '@rhythmd/ecg/error-codes.ts';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import { verbs } from './cli/verbs.ts';

const [name, ...args] = process.argv.slice(2);
process.exitCode = await dispatch(name, args);

async function dispatch(verbName: string | undefined, verbArgs: string[]): Promise<number> {
  if (verbName === undefined || verbName === 'help' || verbName === '--help') {
    console.log(usage());
    return verbName === undefined ? 2 : 0;
  }
  const verb = verbs.find((candidate) => candidate.name === verbName);
  if (verb === undefined) {
    console.error(`E_USAGE: there is no "trainer ${verbName}"\n${usage()}`);
    return 2;
  }
  try {
    return await (await verb.load()).run(verbArgs);
  } catch (error) {
    console.error(describeError(error));
    return error instanceof RhythmdError && ERROR_CODES[error.code].usage ? 2 : 1;
  }
}

function usage(): string {
  const lines = verbs.map(({ name: verbName, summary }) => `  ${verbName.padEnd(10)}${summary}`);
  return ['npm run trainer -- VERB [--help]', ...lines].join('\n');
}
