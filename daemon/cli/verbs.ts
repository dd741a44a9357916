/** The verbs of the command line: one file each, loaded only when called. */
import type { VerbModule } from './io.ts';

export interface Verb {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<VerbModule>;
}

export const VERBS: readonly Verb[] = [
  {
    name: 'config',
    usage: 'config check|print|schema|documentation [--config FILE]',
    summary:
      'validate the configuration, print its effective values, its JSON Schema or the commented default file',
    load: () => import('./config.ts'),
  },
];
