/** What is committed is what the program says: `npm run docs` makes it again. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../support/needs.ts';
import { PAGES } from './pages.ts';

for (const { path, make } of PAGES) {
  test(`${path} is as \`npm run docs\` makes it`, () => {
    assert.equal(readFileSync(join(repositoryRoot, path), 'utf8'), make());
  });
}
