import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AuditLog } from '@rhythmd/daemon/requests/audit-log.ts';

const NURSE = { via: 'embedded broker', user: 'nurse', from: '192.0.2.7 (tablet)' } as const;
const CONFIGURATION = { via: 'configuration', user: null, from: null } as const;

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'audit');
}

function logIn(folder: string, maxBytes = 1e6) {
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => failures.push(error);
  return { log: new AuditLog({ folder, maxBytes, nowMs: () => 1_790_000_000_000, onFailure }), failures };
}

const linesOf = async (folder: string, file = 'audit.jsonl') =>
  (await readFile(join(folder, file), 'utf8')).trimEnd().split('\n');

test('a disk that takes nothing is told, counted, and never thrown; later lines are written', async (t) => {
  const folder = await folderFor(t);
  await writeFile(folder, 'a file where the folder should be');
  const { log, failures } = logIn(folder);
  log.add({ what: 'silence', body: {}, outcome: 'ok', by: NURSE });
  await log.close();
  assert.deepEqual([failures.length, log.lost], [1, 1]);
  await log.noteLimits({ pause_seconds: 3 }, CONFIGURATION);
  assert.equal(failures.length, 2);
  await rm(folder);
  log.add({ what: 'silence', body: {}, outcome: 'ok', by: NURSE });
  await log.close();
  assert.equal((await linesOf(folder)).length, 1);
});

test('a line says who, from where, when, what and whether it was done; others cannot read it', async (t) => {
  const folder = await folderFor(t);
  const { log } = logIn(folder);
  log.add({ what: 'silence', body: { seconds: 60 }, outcome: 'ok', by: NURSE });
  log.add({ what: 'acknowledge', body: { id: 'x\n{"forged":1}' }, outcome: 'E_ALERT_UNKNOWN', by: NURSE });
  await log.close();
  const lines = await linesOf(folder);
  assert.equal(lines.length, 2);
  const line = JSON.parse(lines[0]!);
  assert.equal(Date.parse(line.time), 1_790_000_000_000);
  assert.deepEqual(line, {
    t_ms: 1_790_000_000_000,
    time: line.time,
    what: 'silence',
    body: { seconds: 60 },
    outcome: 'ok',
    via: 'embedded broker',
    user: 'nurse',
    from: '192.0.2.7 (tablet)',
  });
  assert.equal((await stat(join(folder, 'audit.jsonl'))).mode & 0o777, 0o600);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
});

test('it is bounded: two files of the size allowed, over restarts too', async (t) => {
  const folder = await folderFor(t);
  for (let run = 0; run < 5; run++) {
    const { log } = logIn(folder, 10_000);
    for (let i = 0; i < 100; i++) {
      log.add({ what: 'silence', body: { run, i }, outcome: 'ok', by: NURSE });
      if (i % 10 === 0) await log.close();
    }
    await log.close();
  }
  assert.deepEqual((await readdir(folder)).sort(), ['audit.1.jsonl', 'audit.jsonl']);
  for (const file of ['audit.1.jsonl', 'audit.jsonl']) {
    assert.ok((await stat(join(folder, file))).size <= 10_000, file);
  }
  assert.equal(JSON.parse((await linesOf(folder)).at(-1)!).body.i, 99);
});

test('limits that differ from the last run are written down; the first run only remembers', async (t) => {
  const folder = await folderFor(t);
  const before = { pause_seconds: 3, disabled: [] };
  for (const limits of [before, before, { pause_seconds: 4, disabled: ['asystole'] }]) {
    const { log } = logIn(folder);
    await log.noteLimits(limits, CONFIGURATION);
    await log.close();
  }
  const lines = await linesOf(folder);
  assert.equal(lines.length, 1);
  assert.deepEqual(JSON.parse(lines[0]!).body, {
    pause_seconds: { before: 3, after: 4 },
    disabled: { before: [], after: ['asystole'] },
  });
});
