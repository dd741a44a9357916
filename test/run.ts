/**
 * Runs the tests: every `*.test.ts` below test/ whose path contains one of the arguments (all without).
 * Node 20's runner takes no globs, hence this file. Benchmarks are not tests: `npm run bench`.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE } from './support/patience.ts';

/** A file that ends by itself takes a minute at most; one that failed and left something running never does. */
const FILE_WITHIN_MS = 300_000 * PATIENCE;

const testFolder = fileURLToPath(new URL('.', import.meta.url));
const filters = process.argv.slice(2);
const files = readdirSync(testFolder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .filter((path) => filters.length === 0 || filters.some((filter) => join('test', path).includes(filter)))
  .sort()
  .map((path) => join(testFolder, path));

if (files.length === 0) {
  console.error(`E_NO_TESTS: no test file matches ${filters.join(' ')}`);
  process.exit(2);
}
const child = spawn(
  process.execPath,
  [
    '--import',
    'tsx',
    '--test',
    '--test-concurrency=2',
    `--test-timeout=${FILE_WITHIN_MS}`,
    '--test-reporter=spec',
    ...files,
  ],
  { stdio: 'inherit', cwd: join(testFolder, '..') },
);
child.on('exit', (code) => process.exit(code ?? 1));
