import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { native } from '@rhythmd/ecg/boards/native.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { needsProgram, needsRecord, repositoryRoot } from '../support/needs.ts';
import { startSimulator } from '../support/simulator.ts';
import { decodeAll, leadOf } from '../support/streams.ts';

const run = promisify(execFile);
const sim = (...args: string[]) =>
  run(process.execPath, ['--import', 'tsx', 'firmware-sim/main.ts', ...args], {
    cwd: repositoryRoot,
    encoding: 'buffer',
    maxBuffer: 1e7,
  });

/** Every sample of the stream equals the record to half a microvolt. */
/** @param goesOn more may have come */
function assertIsRecord(chunks: Uint8Array[], name: string, seconds: number, goesOn = false): void {
  const record = readRecord(name);
  const decoder = native.createDecoder();
  const decoded = decodeAll(decoder, chunks);
  for (const [k, lead] of record.leads.entries()) {
    const received = leadOf(decoded, k);
    const expected = seconds * record.rateHz;
    assert.ok(received.length === expected || (goesOn && received.length > expected), `${received.length}`);
    const worst = received.reduce((most, value, i) => Math.max(most, Math.abs(value - lead[i]!)), 0);
    assert.ok(worst <= 0.000501, `lead ${k}: ${worst} mV`);
  }
  assert.equal(decoder.statistics.bytesDiscarded, 0);
  assert.deepEqual(decoded.descriptions[0]?.leadNames, record.leadNames);
}

for (const [what, args, said] of [
  ['an unknown verb', ['dance'], /E_USAGE: no verb dance/],
  ['no record', ['play'], /E_USAGE: RECORD is missing/],
  ['no output', ['play', '100'], /E_USAGE: --to .* is missing/],
  ['an unknown output', ['play', '100', '--to', 'ftp:x'], /E_USAGE|E_RECORD/],
  ['an unknown board', ['play', '100', '--to', 'stdout', '--board', 'x'], /E_BOARD_UNKNOWN/],
  ['a speed of nothing', ['play', '100', '--to', 'stdout', '--speed', '0'], /E_USAGE: --speed 0/],
  ['a missing record', ['play', '/no/such', '--to', 'stdout'], /E_RECORD_NOT_FOUND/],
] as const) {
  test(`refuses ${what} in one line`, async () => {
    await assert.rejects(sim(...args), (error: { stderr: Buffer }) => {
      assert.match(String(error.stderr), said);
      return true;
    });
  });
}

test('to stdout: the record, sample by sample', needsRecord('100'), async () => {
  const { stdout } = await sim('play', '100', '--to', 'stdout', '--speed', 'max', '--duration', '10');
  assertIsRecord([stdout], '100', 10);
});

test('to tcp: waits for the first connection, then plays it all', needsRecord('100'), async () => {
  const args = ['play', '100', '--to', 'tcp:127.0.0.1:0', '--speed', 'max', '--duration', '10'];
  const simulator = await startSimulator(args);
  try {
    assert.match(simulator.sentence, /record 100/);
    const { hostname, port } = new URL(simulator.address);
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'close');
    assertIsRecord(chunks, '100', 10);
  } finally {
    await simulator.stop();
  }
});

test('to pty: at a pace, nothing lost', { ...needsRecord('100'), ...needsProgram('socat') }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-sim-'));
  const path = join(folder, 'board');
  const simulator = await startSimulator(['play', '100', '--to', `pty:${path}`, '--speed', '20']);
  try {
    assert.equal(simulator.address, `serial://${path}`);
    const chunks: Buffer[] = [];
    const port = createReadStream(path);
    const isEnough = () => leadOf(decodeAll(native.createDecoder(), chunks), 0).length >= 10 * 360;
    // A hang-up of the other side ends a terminal with an error (EIO), and what lies in its buffer is lost: it comes when
    // all is here.
    await new Promise<void>((resolve) => {
      port.on('data', (chunk) => {
        chunks.push(chunk as Buffer);
        if (isEnough()) simulator.process.kill();
      });
      port.on('error', () => resolve());
      port.on('close', () => resolve());
    });
    assertIsRecord(chunks, '100', 10, true);
  } finally {
    await simulator.stop();
    rmSync(folder, { recursive: true });
  }
});
