/** What strangers do to the page's port. An error that nobody caught would fail this file. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { MAX_CONNECTIONS, MAX_LONG_ANSWERS, MAX_MESSAGES_PER_MINUTE } from '@rhythmd/daemon/web/options.ts';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { WebSocket } from 'ws';
import { rawSocket, say, sayAndReset, upgradeRequest, WRONG_REQUESTS } from '../../support/attack/raw.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { Stage } from '../../support/stage.ts';
import { until } from '../../support/until.ts';

const MINUTES = 10;
const RATE_HZ = 360;
const START_MS = Date.UTC(2026, 0, 15, 9, 0);
let folder = '';
let stage: Stage;
let port = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attacks-'));
  const samples = Int16Array.from({ length: MINUTES * 60 * RATE_HZ }, (_, i) => i % 3600);
  const head = `long 1 ${RATE_HZ} ${samples.length} 09:00:00 15/01/2026\nlong.dat 16 1000(0)/mV 16 0\n`;
  await writeFile(join(folder, 'long.hea'), head);
  await writeFile(join(folder, 'long.dat'), new Uint8Array(samples.buffer));
  stage = new Stage({ routes: reviewRoutes(folder), requests: gatewayOf(() => ({})) });
  port = Number(new URL(await stage.start()).port);
});
after(async () => {
  await stage.stop();
  await rm(folder, { recursive: true });
});

const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
/**
 * Asked over a connection of its own: one that was kept from before may be the idle one that the server closes to make
 * room, which is right, and a client that is told so while it writes cannot know whether it was heard.
 */
const isServed = async () =>
  assert.equal(
    (await fetch(`http://127.0.0.1:${port}/api/state`, { headers: { connection: 'close' } })).status,
    200,
  );

test('wrong requests get an answer or a closed door, whole and in pieces, closed and reset', async () => {
  for (const request of WRONG_REQUESTS) {
    await say(port, request);
    await sayAndReset(port, request);
    await sayAndReset(port, request.slice(0, request.length / 2));
  }
  const twoSlashes = 'GET // HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
  assert.match(await say(port, twoSlashes), /^HTTP\/1\.1 404/, 'two slashes are a path');
  assert.match(await say(port, WRONG_REQUESTS[1]!), /^HTTP\/1\.1 404 Not Found\r\n/);
  await isServed();
});

test('a refused upgrade, then a reset, with and without bytes behind it', async () => {
  const refused = [upgradeRequest('/nope'), upgradeRequest('/stream', ['Host: evil.example'])];
  for (let i = 0; i < 100; i++) {
    await sayAndReset(port, refused[i % 2]! + 'x'.repeat(i % 3 === 0 ? 100_000 : 0));
  }
  await isServed();
});

test('an accepted upgrade, then garbage or a reset', async () => {
  const request = upgradeRequest('/stream', [`Host: 127.0.0.1:${port}`]);
  for (const behind of [
    '',
    '\xff\xff\xff\xff',
    '\x81\xff'.repeat(50),
    '\x88\x02\x03\xe8',
    '\x09\x7e\xff\xff',
  ]) {
    await sayAndReset(port, Buffer.from(request + behind, 'latin1'));
  }
  await isServed();
});

test('half-sent requests do not keep anybody out', async () => {
  const sockets = [];
  for (let i = 0; i < 2 * MAX_CONNECTIONS; i++) {
    const socket = await rawSocket(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    sockets.push(socket);
  }
  await isServed();
  for (const socket of sockets) socket.destroy();
});

test('pages that never read, and answers that nobody takes, do not keep anybody out', async () => {
  const sockets = [];
  for (let i = 0; i < MAX_CONNECTIONS; i++) {
    const socket = await rawSocket(port);
    socket.pause();
    socket.write('GET /assets/page.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(50));
    sockets.push(socket);
  }
  await isServed();
  for (const socket of sockets) socket.destroy();
});

test('a client that floods its stream is closed', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/stream`);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  for (let i = 0; i <= MAX_MESSAGES_PER_MINUTE; i++) socket.send('{"request":1}');
  assert.equal((await closed)[0], 1008);
  await isServed();
});

test('ten minutes on paper: between its pages everything else has its turn', async () => {
  let turns = 0;
  let drawn = false;
  const count = () => {
    turns++;
    if (!drawn) setImmediate(count);
  };
  const pdf = get(`/api/review/strip.pdf?from_ms=${START_MS}&to_ms=${START_MS + MINUTES * 60_000}`);
  count();
  const response = await pdf;
  drawn = true;
  assert.equal(response.status, 200);
  const pages = (await response.text()).match(/\/Type \/Page /g)?.length ?? 0;
  assert.ok(pages >= 10 && turns >= pages, `${turns} turns during ${pages} pages`);
});

test('of many long answers at once a few are made and the rest is told to ask again', async () => {
  const query = `from_ms=${START_MS}&to_ms=${START_MS + 20_000}`;
  const asked = Array.from({ length: 30 }, () => get(`/api/review/strip.pdf?${query}`));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  assert.ok(statuses.filter((status) => status === 200).length >= MAX_LONG_ANSWERS);
  assert.deepEqual([...new Set(statuses)].sort(), [200, 503]);
  await until(async () => (await get(`/api/review/strip.pdf?${query}`)).status === 200, 'it goes on');
});
