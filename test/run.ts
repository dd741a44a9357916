/**
 * Runs the tests: every `*.test.ts` below test/ whose path contains one of the arguments (all without), two files at a
 * time, and shows each file as it ends. Node's own runner shows them in the order of their names, so that one slow file
 * hides all that follow; and Node 20's takes no globs. Benchmarks are not tests: `npm run bench`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE_VARIABLE, patience } from './support/patience.ts';
import { runTestFiles } from './support/test-files.ts';

/** What starting Node takes on a quiet machine of two cores. */
const NODE_STARTS_IN_MS = 60;

const testFolder = fileURLToPath(new URL('.', import.meta.url));
const filters = process.argv.slice(2);
const files = readdirSync(testFolder, { recursive: true, encoding: 'utf8' })
  .map((path) => join('test', path))
  .filter((path) => path.endsWith('.test.ts'))
  .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
  .sort();

if (files.length === 0) {
  console.error(`E_NO_TESTS: no test file matches ${filters.join(' ')}`);
  process.exit(2);
}
process.env[PATIENCE_VARIABLE] ??= String(patience(slowness()));
process.exitCode = await runTestFiles(files, join(testFolder, '..'));

/** How many times as long as on a quiet machine something takes now. */
function slowness(): number {
  const startedMs = performance.now();
  spawnSync(process.execPath, ['-e', '']);
  return (performance.now() - startedMs) / NODE_STARTS_IN_MS;
}
