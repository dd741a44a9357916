/** Compiled code that was kept is used for the text it was made of, by the engine that made it, and where nobody else wrote it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { CodeCache } from '@rhythmd/daemon/start/code-cache.ts';
import { keepCode } from '@rhythmd/daemon/start/keep-code.ts';
import { ProgramParts } from '@rhythmd/daemon/start/program-parts.ts';
import { describeError } from '@rhythmd/ecg/errors.ts';
import { needsMount, repositoryRoot } from '../../support/needs.ts';
import { SmallDisk } from '../../support/small-disk.ts';

let folder: string;
let path: string;
/** Keeping code holds no program up that has nothing else to do. */
let held: NodeJS.Timeout;
beforeEach(() => {
  held = setInterval(() => {}, 1000);
  folder = mkdtempSync(join(tmpdir(), 'rhythmd-code-'));
  path = join(folder, 'code-cache');
  writeFileSync(
    join(folder, 'main.cjs'),
    'exports.say=()=>"one "+require("./other.cjs").name+require("node:path").sep;',
  );
  writeFileSync(join(folder, 'other.cjs'), 'exports.name=partUrl.slice(0,7);');
});
afterEach(() => {
  clearInterval(held);
  rmSync(folder, { recursive: true, force: true });
});

/** As a start of the program does it. */
function started(): { readonly said: string; readonly parts: ProgramParts } {
  const parts = new ProgramParts(folder, CodeCache.read(path));
  parts.takeKept();
  const { say } = parts.load('main.cjs') as { say: () => string };
  return { said: say(), parts };
}

async function kept(): Promise<void> {
  await keepCode(started().parts, path, 0);
}

test('a second start compiles nothing of what the first kept, and says the same', async () => {
  const first = started();
  assert.equal(first.said, 'one file:///');
  assert.ok(first.parts.hasNew);
  await keepCode(first.parts, path, 0);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const second = started();
  assert.equal(second.said, 'one file:///');
  assert.ok(!second.parts.hasNew);
});

test('what runs is the text that lies there, though it has the length of the one that was compiled', async () => {
  await kept();
  writeFileSync(
    join(folder, 'main.cjs'),
    readFileSync(join(folder, 'main.cjs'), 'latin1').replace('one', 'two'),
  );
  const { said, parts } = started();
  assert.equal(said, 'two file:///');
  assert.ok(parts.hasNew);
});

test('a program that was replaced while it ran is never taken for the one that replaced it', async () => {
  const { parts } = started();
  const text = readFileSync(join(folder, 'main.cjs'), 'latin1');
  writeFileSync(join(folder, 'main.cjs'), text.replace('one', 'two'));
  await keepCode(parts, path, 0);
  assert.equal(started().said, 'two file:///');
  writeFileSync(join(folder, 'main.cjs'), text);
  assert.ok(!started().parts.hasNew);
});

test('a part that is missing or cut short is named in one line that says what to do', () => {
  for (const mend of [
    () => rmSync(join(folder, 'other.cjs')),
    () => writeFileSync(join(folder, 'other.cjs'), 'exports.name=(()=>{'),
  ]) {
    mend();
    assert.throws(
      () => started(),
      (error) => {
        assert.match(
          describeError(error),
          /^E_PROGRAM_INCOMPLETE: .*other\.cjs is missing or damaged .*\. Install the/,
        );
        assert.doesNotMatch(describeError(error), /\n/);
        return true;
      },
    );
  }
});

test('a list that is too long, or names what is no part, is none', () => {
  const lists = [
    JSON.stringify([['../../../../../../dev/zero', 'x', 1]]),
    JSON.stringify([['/dev/zero', 'x', 1]]),
    JSON.stringify([['..cjs', 'x', 1]]),
    JSON.stringify([[null, 'x', 1]]),
    JSON.stringify(Array.from({ length: 10_000 }, (_, i) => [`p${i}.cjs`, 'x', 1])),
    '['.repeat(60_000),
    '{}',
    'null',
  ];
  for (const list of lists) {
    const header = Buffer.alloc(12);
    header.write('rhycode1', 'latin1');
    header.writeUInt32LE(list.length, 8);
    writeFileSync(path, Buffer.concat([header, Buffer.from(list)]), { mode: 0o600 });
    assert.deepEqual(CodeCache.read(path).names, [], list.slice(0, 60));
    assert.equal(started().said, 'one file:///');
  }
});

test('what a start left that was killed while it kept code is removed by the next that keeps some', async () => {
  writeFileSync(`${path}.4711.tmp`, 'half');
  await kept();
  assert.deepEqual(readdirSync(folder).sort(), ['code-cache', 'main.cjs', 'other.cjs']);
});

test('a part that is gone is not missed', async () => {
  await kept();
  writeFileSync(join(folder, 'main.cjs'), 'exports.say=()=>"alone";');
  rmSync(join(folder, 'other.cjs'));
  assert.equal(started().said, 'alone');
});

test('a file that was cut short, or of which a byte is another, is not used', async () => {
  await kept();
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length += 41) {
    writeFileSync(path, whole.subarray(0, length));
    assert.ok(started().parts.hasNew, `${length} bytes`);
  }
  for (let at = 0; at < whole.length; at += 41) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 0x10;
    writeFileSync(path, damaged);
    const { said } = started();
    assert.equal(said, 'one file:///', `byte ${at}`);
  }
  writeFileSync(
    path,
    Buffer.concat([whole.subarray(0, 8), Buffer.from([0xff, 0xff, 0xff, 0xff]), whole.subarray(12)]),
  );
  assert.ok(started().parts.hasNew);
  writeFileSync(path, whole);
  assert.ok(!started().parts.hasNew);
});

test("another engine's code is not used", async () => {
  // Flags are a part of what an engine is: with another one it is another engine.
  const program = `
    import { keepCode } from '@rhythmd/daemon/start/keep-code.ts';
    import { ProgramParts } from '@rhythmd/daemon/start/program-parts.ts';
    import { CodeCache } from '@rhythmd/daemon/start/code-cache.ts';
    const parts = new ProgramParts(${JSON.stringify(folder)}, CodeCache.EMPTY);
    parts.load('main.cjs');
    setTimeout(() => {}, 1000);
    await keepCode(parts, ${JSON.stringify(path)}, 0);`;
  const words = ['--no-lazy-feedback-allocation', '--import', 'tsx', '--input-type=module', '-e', program];
  execFileSync(process.execPath, words, { cwd: repositoryRoot });
  assert.ok(existsSync(path));
  const { said, parts } = started();
  assert.equal(said, 'one file:///');
  assert.ok(parts.hasNew);
  await keepCode(parts, path, 0);
  assert.ok(!started().parts.hasNew);
});

test('a file that others may write, that is a link, no file at all, or of somebody else, is not used', async () => {
  await kept();
  chmodSync(path, 0o620);
  assert.ok(started().parts.hasNew);
  chmodSync(path, 0o600);
  assert.ok(!started().parts.hasNew);
  if (process.getuid?.() === 0) {
    chownSync(path, 65534, 65534);
    assert.ok(started().parts.hasNew);
    chownSync(path, 0, 0);
  }
  const target = path;
  path = join(folder, 'link');
  symlinkSync(target, path);
  assert.ok(started().parts.hasNew);
  path = folder;
  assert.ok(started().parts.hasNew);
  path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  assert.ok(started().parts.hasNew);
});

test('nothing is kept where nothing can be written, and nothing is left behind', needsMount(), async () => {
  const { parts } = started();
  await keepCode(parts, join(folder, 'main.cjs', 'code-cache'), 0);
  const disk = SmallDisk.mount(join(folder, 'disk'), 64)!;
  try {
    disk.fillUpTo(0);
    await keepCode(parts, join(disk.folder, 'code-cache'), 0);
    assert.deepEqual(readdirSync(disk.folder), ['ballast']);
    disk.free();
    disk.setReadOnly(true);
    await keepCode(parts, join(disk.folder, 'code-cache'), 0);
    assert.deepEqual(readdirSync(disk.folder), []);
    disk.setReadOnly(false);
    await keepCode(parts, join(disk.folder, 'code-cache'), 0);
    assert.deepEqual(readdirSync(disk.folder), ['code-cache']);
  } finally {
    disk.unmount();
  }
});
