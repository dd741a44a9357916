import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LogOutput } from '@rhythmd/daemon/log/log-output.ts';
import { repositoryRoot } from '../../support/needs.ts';

/** Says ten thousand lines, then that it is alive, with a status that only it ends with. */
const TALKER = `
  import { writeSync } from 'node:fs';
  import { LogOutput } from '@rhythmd/daemon/log/log-output.ts';
  const log = LogOutput.open();
  for (let i = 0; i < 10_000; i++) log.write('line ' + i);
  setTimeout(() => { writeSync(1, 'alive'); process.exit(7); }, 100);`;

const program = `${process.execPath} --import tsx --input-type=module --eval "$TALKER"`;

for (const [what, command] of [
  ['a full disk', `exec ${program} 2>/dev/full`],
  ['a reader that ended', `${program} 2> >(head -1 >/dev/null)`],
  [
    'a reader that reads nothing',
    `f=$(mktemp -u); mkfifo $f; sleep 600 <>$f & ${program} 2>$f; status=$?; kill %1; rm $f; exit $status`,
  ],
  ['nobody', `exec ${program} 2>&-`],
] as const) {
  test(`its other end is ${what}: nothing stops, nothing waits`, async () => {
    const child = spawn('bash', ['-c', `cd "$FOLDER"; ${command}`], {
      cwd: repositoryRoot,
      env: { ...process.env, TALKER, FOLDER: join(repositoryRoot, 'test') },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
    });
    const [status] = await once(child, 'close');
    assert.equal(said, 'alive');
    assert.equal(status, 7);
  });
}

test('lines that were lost are told with the next that is taken', () => {
  const lines: string[] = [];
  let isFull = true;
  const log = new LogOutput((text) => {
    if (!isFull) lines.push(text);
    return !isFull;
  });
  log.write('one');
  log.write('two');
  isFull = false;
  log.write('three');
  log.write('four');
  assert.deepEqual(lines, ['(2 lines of the log were lost: nobody took them)\nthree\n', 'four\n']);
});

test('a file gets every line', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'rhythmd-log-')), 'log');
  const descriptor = openSync(path, 'w');
  const log = LogOutput.open(descriptor);
  log.write('one');
  closeSync(descriptor);
  log.write('two');
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
});
