/** The program `rhythmd`: its verbs, one file each, and how its errors end. */
import { ERROR_CODES } from '@rhythmd/ecg/error-codes.ts';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Program } from '@rhythmd/shell/program.ts';
import { VERSION } from '../version.ts';
import { COMMANDS } from './commands.ts';
import { statusWhenInterrupted } from './interrupted.ts';

export const RHYTHMD: Program = {
  name: 'rhythmd',
  about: 'not a medical device',
  version: VERSION,
  commands: COMMANDS,
  modules: {
    run: () => import('./run.ts'),
    ward: () => import('./ward.ts'),
    analyze: () => import('./analyze.ts'),
    boards: () => import('./boards.ts'),
    config: () => import('./config.ts'),
    doctor: () => import('./doctor.ts'),
    ports: () => import('./ports.ts'),
    score: () => import('./score.ts'),
    strip: () => import('./strip.ts'),
    export: () => import('./export.ts'),
    report: () => import('./report.ts'),
    fleet: () => import('./fleet.ts'),
    'broker-user': () => import('./broker-user.ts'),
  },
  describe: describeError,
  isUsage: (error) => error instanceof RhythmdError && ERROR_CODES[error.code].usage === true,
  statusWhenInterrupted,
};
