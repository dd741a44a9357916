/** The program `npm run trainer`: its verbs, one file each, and how its errors end. */
import { ERROR_CODES } from '@rhythmd/ecg/error-codes.ts';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Program } from '@rhythmd/shell/program.ts';
import { COMMANDS } from './commands.ts';

export const TRAINER: Program = {
  name: 'npm run trainer --',
  about: 'builds, trains and compresses the networks that the daemon runs',
  commands: COMMANDS,
  modules: {
    dataset: () => import('./dataset.ts'),
    train: () => import('./train.ts'),
    evaluate: () => import('./evaluate.ts'),
    export: () => import('./export.ts'),
    compress: () => import('./compress.ts'),
    'new-patients': () => import('./new-patients.ts'),
    detector: () => import('./detector.ts'),
    report: () => import('./report.ts'),
  },
  describe: describeError,
  isUsage: (error) => error instanceof RhythmdError && ERROR_CODES[error.code].usage === true,
};
