import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSource } from '@rhythmd/daemon/source/open-source.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { Heard } from '../../support/heard.ts';
import { needsProgram, needsRecord } from '../../support/needs.ts';
import { startSimulator } from '../../support/simulator.ts';
import { until } from '../../support/until.ts';

const SECONDS = 10;

/** The whole stretch arrived, every sample right to half a microvolt. */
/** @param goesOn more may have come */
function assertIsRecord(heard: Heard, name: string, goesOn = false): void {
  const record = readRecord(name);
  const expected = SECONDS * record.rateHz;
  assert.ok(heard.count === expected || (goesOn && heard.count > expected), `${heard.count}`);
  assert.equal(heard.gaps.length + heard.broken, 0);
  for (const [k, lead] of record.leads.entries()) {
    for (let i = 0; i < heard.count; i++) assert.ok(Math.abs(heard.leads[k]![i]! - lead[i]!) < 0.000501);
  }
}

test('refuses nonsense before anything is opened', () => {
  assert.throws(() => openSource('nonsense'), { code: 'E_SOURCE_URL' });
  assert.throws(() => openSource('tcp://127.0.0.1:9', { board: 'nonsense' }), { code: 'E_BOARD_UNKNOWN' });
});

test('a missing record is refused at the start', async () => {
  await assert.rejects(openSource('wfdb:no-such').start(new Heard()), { code: 'E_RECORD_NOT_FOUND' });
});

test('a port where nothing listens is waited for', async () => {
  const heard = new Heard();
  const source = openSource('tcp://127.0.0.1:9', { backoff: { firstMs: 10, ceilingMs: 20 } });
  await source.start(heard);
  await until(() => heard.states.includes('waiting'), 'a first failure');
  assert.equal(heard.statuses.find((s) => s.state === 'waiting')?.problem?.code, 'E_SOURCE_CONNECT');
  await source.stop();
});

test('wfdb: the record itself, then the end', needsRecord('100'), async () => {
  const heard = new Heard();
  const source = openSource('wfdb:100?speed=max');
  assert.equal(source.replay, true);
  await source.start(heard);
  await until(() => heard.ended, 'the end');
  assert.equal(heard.count, 650_000);
  assert.equal(heard.broken, 0);
  assert.match(source.about(), /^record 100 \(MLII, V5\)/);
  await source.stop();
});

test('wfdb: paced, looped and stopped in the middle', needsRecord('100'), async () => {
  const heard = new Heard();
  const source = openSource('wfdb:100?speed=5000&loop=true');
  await source.start(heard);
  await until(() => heard.count > 700_000, 'more than one round');
  await source.stop();
  const count = heard.count;
  assert.equal(heard.ended, false);
  assert.equal(heard.leads[0]![650_010], heard.leads[0]![10]);
  assert.equal(heard.broken, 0);
  assert.equal(count, heard.count);
});

test('sim: the simulated board, started and ended with the source', needsRecord('100'), async () => {
  const heard = new Heard();
  const source = openSource(`sim:100?speed=max&duration=${SECONDS}`);
  await source.start(heard);
  await until(() => heard.ended, 'the end', 40_000);
  assertIsRecord(heard, '100');
  assert.equal(source.replay, true);
  assert.equal(source.about(), 'record 100 (MLII, V5), played by the simulated native board');
  await source.stop();
});

test('sim: what the simulator complains about is told', async () => {
  const heard = new Heard();
  const source = openSource('sim:/no/such/record', { backoff: { firstMs: 10, ceilingMs: 20 } });
  await source.start(heard);
  await until(() => heard.states.includes('waiting'), 'the failure', 40_000);
  assert.match(heard.statuses.find((s) => s.state === 'waiting')?.text ?? '', /E_RECORD_NOT_FOUND/);
  await source.stop();
});

test('sim: without the record a synthetic patient plays, and it is said', async () => {
  const heard = new Heard();
  const source = openSource('sim:no-such-record?speed=max&duration=20');
  await source.start(heard);
  await until(() => heard.ended, 'the end', 40_000);
  assert.equal(heard.count, 7200);
  assert.match(source.about(), /^a synthetic patient \(seed 1; record no-such-record was not found\)/);
  await source.stop();
});

for (const board of ['ad8232', 'chords', 'bitalino'] as const) {
  test(`auto: ${board} behind a network port is woken up and recognised`, async () => {
    const args = [
      'play',
      'synthetic',
      '--board',
      board,
      '--to',
      'tcp:127.0.0.1:0',
      '--speed',
      '20',
      '--loop',
    ];
    const simulator = await startSimulator(args);
    const heard = new Heard();
    const watchdog = { stallMs: 300, reopenMs: 60_000 };
    const source = openSource(`${simulator.address}?speed=20`, { watchdog });
    try {
      await source.start(heard);
      await until(() => heard.count > 1000, 'samples', 40_000);
      assert.equal(heard.descriptions[0]?.board, board);
      assert.equal(heard.broken, 0);
    } finally {
      await source.stop();
      await simulator.stop();
    }
  });
}

test('serial: neither speed nor board is known, both are found', {
  ...needsProgram('socat', 'stty'),
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-serial-'));
  const port = join(folder, 'board');
  const args = [
    'play',
    'synthetic',
    '--board',
    'healthypi4',
    '--uart',
    '--to',
    `pty:${port}`,
    '--speed',
    '10',
    '--loop',
  ];
  const simulator = await startSimulator(args);
  const heard = new Heard();
  const watchdog = { stallMs: 600, reopenMs: 60_000 };
  // The board speaks at 115200; the first guess is another.
  const source = openSource(`serial://${port}?speed=10`, { watchdog });
  try {
    await source.start(heard);
    await until(() => heard.count > 500, 'samples', 60_000);
    assert.equal(heard.descriptions[0]?.board, 'healthypi4');
  } finally {
    await source.stop();
    await simulator.stop();
    rmSync(folder, { recursive: true });
  }
});

test('serial: a board on a pty', { ...needsRecord('100'), ...needsProgram('socat') }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-serial-'));
  const port = join(folder, 'board');
  const simulator = await startSimulator(['play', '100', '--to', `pty:${port}`, '--speed', '20']);
  const heard = new Heard();
  const source = openSource(`serial://${port}?speed=20&baud=115200`);
  try {
    await source.start(heard);
    // It hangs up when all is here: what lies in a terminal's buffer is lost then.
    await until(() => heard.count >= SECONDS * 360, 'the samples', 40_000);
    assertIsRecord(heard, '100', true);
    await simulator.stop();
    await until(() => heard.states.at(-1) === 'waiting', 'the hang-up', 40_000);
    // By now it may have been looked for again.
    const problems = heard.statuses.map(({ problem }) => problem?.code);
    assert.ok(problems.includes('E_PORT_UNPLUGGED'), `${problems}`);
  } finally {
    await source.stop();
    await simulator.stop();
    rmSync(folder, { recursive: true });
  }
});
