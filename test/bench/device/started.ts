/** What the unit gives Node on the device: read from it, so that what is measured is what is started. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/needs.ts';

const unit = readFileSync(join(repositoryRoot, 'config/deploy/systemd/rhythmd.service'), 'utf8');
const words = /^ExecStart=(.*)$/m.exec(unit)![1]!.split(' ');

/** Between the engine and the program. */
export const NODE_OPTIONS: readonly string[] = words.filter((word) => /^--(?!config)/.test(word));
