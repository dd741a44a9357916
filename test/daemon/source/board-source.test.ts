import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { BoardSource, type BoardSourceOptions } from '@rhythmd/daemon/source/board-source.ts';
import { TcpLink } from '@rhythmd/daemon/source/tcp-link.ts';
import { cyton } from '@rhythmd/ecg/boards/cyton.ts';
import { healthypi5 } from '@rhythmd/ecg/boards/healthypi5.ts';
import { native } from '@rhythmd/ecg/boards/native.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { FakeLink } from '../../support/fake-link.ts';
import { Heard } from '../../support/heard.ts';
import { samplesOf } from '../../support/streams.ts';
import { until } from '../../support/until.ts';

function rig(options: Partial<BoardSourceOptions> = {}) {
  const link = new FakeLink();
  const heard = new Heard();
  const source = new BoardSource({
    url: 'fake:',
    link,
    board: native,
    decoderOptions: {},
    backoff: { firstMs: 10, ceilingMs: 40 },
    watchdog: { stallMs: 300, reopenMs: 900 },
    ...options,
  });
  const encoder = native.createEncoder();
  const send = (count: number) =>
    link.send(encoder.encode(samplesOf([new Array(count).fill(1)], 360)).slice());
  return { link, heard, source, send, encoder };
}

test('tries again until the port is there, and says why it waits', async () => {
  const { link, heard, source, send } = rig();
  link.problems = [1, 2, 3].map(() => new RhythmdError('E_PORT_MISSING', 'there is no port', 'Plug it in'));
  await source.start(heard);
  await until(() => link.isOpen, 'the fourth try');
  send(40);
  // The same trouble again and again is said once.
  assert.deepEqual(heard.states, ['opening', 'waiting', 'listening', 'streaming']);
  const waiting = heard.statuses.find((status) => status.state === 'waiting');
  assert.equal(waiting?.problem?.code, 'E_PORT_MISSING');
  assert.match(waiting?.text ?? '', /^There is no port; it is tried again/);
  await source.stop();
  assert.equal(heard.states.at(-1), 'ended');
  assert.equal(heard.ended, false);
});

test('a description comes before the first samples', async () => {
  const { link, heard, source, send } = rig();
  await source.start(heard);
  await until(() => link.isOpen, 'the line');
  send(40);
  assert.equal(heard.descriptions.length, 1);
  assert.equal(heard.count, 40);
  assert.match(heard.statuses.at(-1)?.text ?? '', /^Receiving samples: Our own frame .* on the fake line\.$/);
  await source.stop();
});

test('a line that broke is opened again; what was lost meanwhile is a gap', async () => {
  const { link, heard, source, send, encoder } = rig();
  await source.start(heard);
  await until(() => link.isOpen, 'the line');
  send(40);
  link.breakOff(new RhythmdError('E_PORT_UNPLUGGED', 'the line is gone'), false);
  encoder.encode(samplesOf([new Array(400).fill(1)], 360));
  await until(() => link.isOpen, 'the line again');
  send(40);
  assert.deepEqual(heard.gaps, [{ first: 440, lost: 400 }]);
  assert.equal(heard.broken, 0);
  const { gaps, samplesLost, reconnects } = source.statistics();
  assert.deepEqual({ gaps, samplesLost, reconnects }, { gaps: 1, samplesLost: 400, reconnects: 1 });
  await source.stop();
});

test('data that stop while the line stays open are a stall, then a new attempt', async () => {
  const { link, heard, source, send } = rig();
  await source.start(heard);
  await until(() => link.isOpen, 'the line');
  send(40);
  await until(() => heard.states.includes('stalled'), 'the stall');
  assert.equal(heard.statuses.find((s) => s.state === 'stalled')?.problem?.code, 'E_SOURCE_STALLED');
  await until(() => link.opens === 2, 'the second opening');
  await source.stop();
});

test('a program that could not run for a while has heard nothing, and no board is to blame', async (t) => {
  const { heard, encoder } = rig();
  const frames = () => encoder.encode(samplesOf([new Array(40).fill(1)], 360)).slice();
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const source = new BoardSource({
    url: 'tcp:',
    link: new TcpLink('127.0.0.1', port),
    board: native,
    decoderOptions: {},
    watchdog: { stallMs: 400, reopenMs: 60_000 },
  });
  await source.start(heard);
  await until(() => sockets.length > 0 && heard.states.includes('listening'), 'the line');
  for (let i = 0; i < 3; i++) {
    const before = heard.count;
    sockets[0]!.write(frames());
    // The bytes wait in the kernel; nobody reads them.
    const free = performance.now() + 900;
    while (performance.now() < free);
    await until(() => heard.count > before, 'what waited');
  }
  assert.deepEqual(heard.states, ['opening', 'listening', 'streaming']);
  await source.stop();
});

test('a board that is late says what it is, and is waited for again before it counts as silent', async () => {
  const { link, heard, source, send } = rig({ watchdog: { stallMs: 300, reopenMs: 60_000 } });
  await source.start(heard);
  await until(() => heard.states.includes('stalled'), 'the stall');
  assert.ok(link.isOpen);
  send(40);
  assert.deepEqual(heard.states, ['opening', 'listening', 'stalled', 'listening', 'streaming']);
  await source.stop();
});

test('bytes that never form a frame are named as such', async () => {
  const { link, heard, source } = rig();
  await source.start(heard);
  await until(() => link.isOpen, 'the line');
  link.send(new Uint8Array(1000).fill(0xe6));
  await until(() => heard.states.includes('stalled'), 'the verdict');
  assert.equal(heard.statuses.find((s) => s.state === 'stalled')?.problem?.code, 'E_SOURCE_NO_FRAMES');
  await source.stop();
});

test('the end of the input is the end', async () => {
  const { link, heard, source, send } = rig();
  await source.start(heard);
  await until(() => link.isOpen, 'the line');
  send(40);
  link.breakOff(null, true);
  await until(() => heard.ended, 'the end');
  assert.equal(source.statistics().state, 'ended');
  await source.stop();
});

test('an unknown board is woken up, recognised, and asked to stop at the end', async () => {
  const { link, heard, source } = rig({ board: null, watchdog: { stallMs: 100, reopenMs: 20_000 } });
  const encoder = cyton.createEncoder();
  await source.start(heard);
  await until(() => link.written.some((bytes) => bytes[0] === 0x62), 'the start command of a Cyton');
  for (const command of link.written) encoder.command(command);
  link.send(encoder.encode(samplesOf([new Array(100).fill(1)], 250)).slice());
  await until(() => heard.descriptions[0]?.board === 'cyton', 'the Cyton');
  assert.equal(heard.count, 100);
  await source.stop();
  assert.deepEqual(link.written.at(-1), cyton.stopCommand);
});

test('a rate that is not the declared one is a warning with the fix', async (t) => {
  const { link, heard, source } = rig({ board: healthypi5, watchdog: { stallMs: 30_000, reopenMs: 60_000 } });
  await source.start(heard);
  await until(() => link.isOpen, 'the line');
  const encoder = healthypi5.createEncoder();
  const chunk = encoder.encode(samplesOf([new Array(10).fill(1)], 128)).slice();
  // 200 Hz, or what a busy machine makes of it: never the declared 128.
  const timer = setInterval(() => link.send(chunk), 50);
  t.after(() => clearInterval(timer));
  t.after(() => source.stop());
  await until(() => heard.statuses.some((status) => status.problem !== null), 'the warning', 40_000);
  const status = heard.statuses.at(-1);
  assert.equal(status?.state, 'streaming');
  assert.match(status?.problem?.code ?? '', /^E_RATE_(WRONG|LOW)$/);
  assert.notEqual(status?.problem?.fix ?? '', '');
});
