/** The program `npm run sim`: its verbs, one file each, and how its errors end. */
import { ERROR_CODES } from '@rhythmd/ecg/error-codes.ts';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Program } from '@rhythmd/shell/program.ts';
import { COMMANDS } from './commands.ts';

export const SIMULATOR: Program = {
  name: 'npm run sim --',
  about: 'a board without hardware',
  commands: COMMANDS,
  modules: {
    play: () => import('./play.ts'),
    avr: () => import('./avr/avr.ts'),
    firmware: () => import('./avr/build.ts'),
  },
  describe: describeError,
  isUsage: (error) => error instanceof RhythmdError && ERROR_CODES[error.code].usage === true,
};
