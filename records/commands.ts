/** What `npm run records --` can be told. */
import type { Commands } from '@rhythmd/shell/command.ts';
import { DATABASES } from './databases.ts';

const CONFIG = {
  kind: 'text',
  value: 'FILE',
  help: 'whose records.folders are meant (default: config/default.toml)',
} as const;

export const COMMANDS = {
  fetch: {
    summary:
      'download databases of PhysioNet, each file checked by its checksum; all that are known when none is named',
    operands: { name: DATABASES.map(({ name }) => name).join('|'), least: 0, most: Number.POSITIVE_INFINITY },
    options: {
      to: { kind: 'text', value: 'DIR', help: 'default: data in the installation' },
      from: { kind: 'text', value: 'URL', help: 'another copy of them' },
    },
  },
  list: {
    summary: 'the records in the configured folders, with leads, rate and length',
    options: { config: CONFIG },
  },
  where: {
    summary: 'the path of a record, as every program finds it',
    operands: { name: 'RECORD', least: 1, most: Number.POSITIVE_INFINITY },
    options: { config: CONFIG },
  },
} as const satisfies Commands;
