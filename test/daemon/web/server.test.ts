/** The server as strangers, programs and pages meet it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { MAX_BODY_BYTES, MAX_CLIENTS, MAX_MESSAGE_BYTES } from '@rhythmd/daemon/web/options.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { WebSocket } from 'ws';
import { gatewayOf } from '../../support/gateway.ts';
import { Stage } from '../../support/stage.ts';

const TOKEN = 'a-long-enough-token-of-24';
const stage = new Stage({
  web: { host: '0.0.0.0', token: TOKEN, tokenOnLoopback: false },
  requests: gatewayOf((verb, body) => ({ verb, body })),
});
let local = '';
let foreign: string | null = null;

before(async () => {
  const port = new URL(await stage.start()).port;
  local = `http://127.0.0.1:${port}`;
  const address = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  foreign = address ? `http://${address}:${port}` : null;
});
after(() => stage.stop());

function opened(socket: WebSocket): Promise<'open' | number> {
  return new Promise((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', () => {});
  });
}

test('a port in use is one clear error', async () => {
  const second = new Stage({ web: { port: Number(new URL(local).port) } });
  await assert.rejects(
    second.start(),
    (error) => error instanceof RhythmdError && error.code === 'E_WEB_PORT',
  );
});

test('garbage, unknown paths and methods get an answer and no crash', async () => {
  const socket = connect(Number(new URL(local).port), '127.0.0.1');
  socket.end('\x00\x01 nonsense\r\n\r\n');
  await once(socket, 'close');
  assert.equal((await fetch(`${local}/no/such/thing`)).status, 404);
  assert.equal((await fetch(`${local}/..%2f..%2fetc/passwd`)).status, 404);
  assert.equal((await fetch(`${local}/api/strips/%E0%A4%A`)).status, 404);
  assert.equal((await fetch(`${local}/api/state`, { method: 'DELETE' })).status, 405);
  const large = await fetch(`${local}/api/state`, { headers: { 'x-large': 'x'.repeat(10_000) } }).catch(
    () => null,
  );
  assert.ok(large === null || large.status === 431);
});

test('a body beyond its bound is refused', async () => {
  const body = `token=${'x'.repeat(MAX_BODY_BYTES)}`;
  const response = await fetch(`${local}/sign-in`, { method: 'POST', body }).catch(() => null);
  assert.ok(response === null || response.status === 413);
});

test('from another address: sign-in, the token, then the page', async (t) => {
  if (foreign === null) return t.skip('no address beside loopback');
  assert.equal((await fetch(`${foreign}/api/state`)).status, 401);
  assert.equal((await fetch(`${foreign}/assets/page.js`)).status, 401);
  assert.equal(await opened(new WebSocket(`${foreign.replace('http', 'ws')}/stream`)), 401);
  const page = await fetch(`${foreign}/`, { redirect: 'manual' });
  assert.equal(page.status, 303);
  assert.equal(page.headers.get('location'), 'sign-in', 'relative: a proxy may serve us below a path');
  assert.match(await (await fetch(`${foreign}/sign-in`)).text(), /token/);
  assert.equal((await fetch(`${foreign}/healthz`)).status, 200);

  const signIn = (token: string) =>
    fetch(`${foreign}/sign-in`, { method: 'POST', body: new URLSearchParams({ token }), redirect: 'manual' });
  assert.equal((await signIn('wrong')).headers.get('set-cookie'), null);
  const cookie = (await signIn(TOKEN)).headers.get('set-cookie')?.split(';')[0];
  assert.ok(cookie);
  assert.equal((await fetch(`${foreign}/api/state`, { headers: { cookie } })).status, 200);
  const socket = new WebSocket(`${foreign.replace('http', 'ws')}/stream`, { headers: { cookie } });
  assert.equal(await opened(socket), 'open');
  socket.terminate();
  for (let i = 0; i < 10; i++) await signIn('wrong');
  assert.equal((await signIn('wrong')).status, 429, 'guessing has to wait');
});

test('every answer forbids inline scripts, foreign frames and sniffing', async () => {
  for (const path of ['/', '/sign-in', '/api/state', '/nothing']) {
    const { headers } = await fetch(local + path);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/, path);
    assert.doesNotMatch(policy, /unsafe/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
  }
  assert.doesNotMatch(await (await fetch(`${local}/`)).text(), /<script(?![^>]*src=)|<style|style=|onclick/);
});

test('everything the page loads is under 150 KB compressed', async (t) => {
  let bytes = 0;
  const paths = new Set(['/', '/icon.svg', '/assets/page.js', '/assets/style.css']);
  const style = await (await fetch(`${local}/assets/style.css`)).text();
  for (const match of style.matchAll(/url\("?([^")]+\.woff2)"?\)/g)) {
    paths.add(new URL(match[1]!, `${local}/assets/style.css`).pathname);
  }
  assert.equal(paths.size, 5, 'the font is among them');
  for (const path of paths) {
    const response = await fetch(local + path, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(response.status, 200, path);
    bytes += Number(response.headers.get('content-length'));
  }
  t.diagnostic(`${(bytes / 1000).toFixed(1)} KB compressed`);
  assert.ok(bytes < 150_000, `${bytes} bytes`);
});

test('health and metrics leave out what is unknown', async () => {
  const health = (await (await fetch(`${local}/healthz`)).json()) as Record<string, unknown>;
  assert.equal(health.status, 'ok');
  assert.equal(health.broker_connected, null);
  const metrics = await (await fetch(`${local}/metrics`)).text();
  assert.match(metrics, /^rhythmd_info\{device="stage"\} 1$/m);
  assert.doesNotMatch(metrics, /rhythmd_heart_rate_bpm/);
});

test('requests are answered over the stream; nonsense too', async () => {
  const socket = new WebSocket(`${local.replace('http', 'ws')}/stream`);
  const messages: Record<string, unknown>[] = [];
  socket.on('message', (data, isBinary) => {
    if (!isBinary) messages.push(JSON.parse(String(data)));
  });
  await once(socket, 'open');
  socket.send('{"request":"silence","transaction":"7","data":{"seconds":120}}');
  socket.send('no json');
  socket.send('{"request":1}');
  while (messages.filter((message) => 'response' in message).length < 3) await once(socket, 'message');
  assert.equal(messages[0]!.topic, 'hello');
  const answers = messages.filter((message) => 'response' in message);
  assert.deepEqual(
    answers.find(({ transaction }) => transaction === '7'),
    {
      response: 'silence',
      transaction: '7',
      status: 'ok',
      data: { verb: 'silence', body: { seconds: 120 } },
      error: null,
    },
  );
  assert.deepEqual(
    answers
      .filter(({ transaction }) => transaction === null)
      .map(({ status, error }) => [status, (error as { code: string }).code]),
    [
      ['error', 'E_REQUEST_BODY'],
      ['error', 'E_REQUEST_BODY'],
    ],
  );
  socket.send('x'.repeat(MAX_MESSAGE_BYTES + 1));
  const [code] = await once(socket, 'close');
  assert.equal(code, 1009, 'too large');
});

test('pages beyond the bound are told to come later', async () => {
  const sockets: WebSocket[] = [];
  const url = `${local.replace('http', 'ws')}/stream`;
  for (let i = 0; i < MAX_CLIENTS; i++) {
    const socket = new WebSocket(url);
    sockets.push(socket);
    assert.equal(await opened(socket), 'open');
  }
  assert.equal(await opened(new WebSocket(url)), 503);
  for (const socket of sockets) socket.terminate();
});
