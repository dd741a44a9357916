/** `npm run docs`: writes the documents that are made from the program. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/needs.ts';
import { PAGES } from './pages.ts';

for (const { path, make } of PAGES) {
  writeFileSync(join(repositoryRoot, path), make());
  console.log(path);
}
