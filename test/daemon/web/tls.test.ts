import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { followCertificate, readCertificate } from '@rhythmd/daemon/web/certificate.ts';
import { MAX_CONNECTIONS } from '@rhythmd/daemon/web/options.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { WebSocket } from 'ws';
import { rawSocket, say, sayAndReset } from '../../support/attack/raw.ts';
import { TestAuthority } from '../../support/certificates.ts';
import { needsProgram } from '../../support/needs.ts';
import { Stage } from '../../support/stage.ts';

const TOKEN = 'a-long-enough-token-of-24';
const opensslThere = needsProgram('openssl');
let authority: TestAuthority;
let stage: Stage;
let port = 0;

before(async () => {
  authority = new TestAuthority();
  const { cert, key } = authority.sign('page');
  stage = new Stage({ web: { token: TOKEN, tls: { certFile: cert, keyFile: key } } });
  port = Number(new URL(await stage.start()).port);
});
after(async () => {
  await stage.stop();
  authority.remove();
});

interface Got {
  readonly status: number;
  readonly cookie: string | undefined;
}

function get(path: string, body?: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const options = { ca: readFileSync(authority.ca), method, path, port, host: '127.0.0.1', agent: false };
    const asked = request(options, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, cookie: response.headers['set-cookie']?.[0] });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

test(
  'plain words, half handshakes and resets on the TLS port end nothing and keep nobody out',
  opensslThere,
  async () => {
    await say(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    for (let i = 0; i < 20; i++) await sayAndReset(port, '\x16\x03\x01\x02\x00\x01');
    const held = [];
    for (let i = 0; i < 2 * MAX_CONNECTIONS; i++) held.push(await rawSocket(port));
    assert.equal((await get('/healthz')).status, 200);
    for (const socket of held) socket.destroy();
    const socket = connectTls({ port, host: '127.0.0.1', ca: readFileSync(authority.ca) });
    socket.on('error', () => {});
    await new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()));
    socket.write('GET //x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.destroy();
    assert.equal((await get('/healthz')).status, 200);
  },
);

test('over TLS the cookie is for TLS only, and opens page and stream', opensslThere, async () => {
  assert.equal((await get('/api/state')).status, 401, 'this machine needs the token too');
  const { cookie = '' } = await get('/sign-in', `token=${TOKEN}`);
  assert.match(cookie, /; Secure/);
  const headers = { cookie: cookie.split(';')[0]!, origin: `https://127.0.0.1:${port}` };
  const socket = new WebSocket(`wss://127.0.0.1:${port}/stream`, { headers, ca: readFileSync(authority.ca) });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  socket.terminate();
});

test('a certificate that cannot be used is one clear error; half a pair too', opensslThere, () => {
  const { cert, key } = authority.sign('one');
  const other = authority.sign('other');
  for (const files of [
    { certFile: cert, keyFile: '' },
    { certFile: '', keyFile: key },
    { certFile: cert, keyFile: other.key },
    { certFile: key, keyFile: key },
  ]) {
    assert.throws(
      () => readCertificate(files),
      (error) => error instanceof RhythmdError && error.code === 'E_WEB_CERTIFICATE',
    );
  }
});

test(
  'a renewed certificate is taken without a restart; a broken one leaves the old in use',
  opensslThere,
  (t) => {
    const { cert, key } = authority.sign('first');
    const next = authority.sign('second');
    const files = {
      certFile: join(authority.folder, 'live.crt'),
      keyFile: join(authority.folder, 'live.key'),
    };
    const put = (from: { cert: string; key: string }, at: number) => {
      copyFileSync(from.cert, files.certFile);
      copyFileSync(from.key, files.keyFile);
      for (const file of Object.values(files)) utimesSync(file, at, at);
    };
    put({ cert, key }, 1000);
    const taken: unknown[] = [];
    const failures: unknown[] = [];
    const server = { setSecureContext: (context: unknown) => taken.push(context) };
    const follower = followCertificate(server, files, (error) => failures.push(error));
    t.after(() => follower.stop());
    follower.look();
    assert.equal(taken.length, 0, 'nothing has changed');
    put({ cert: next.cert, key }, 2000);
    follower.look();
    assert.deepEqual([taken.length, failures.length], [0, 1]);
    put(next, 3000);
    follower.look();
    assert.deepEqual([taken.length, failures.length], [1, 1]);
    rmSync(files.keyFile);
    follower.look();
    assert.deepEqual([taken.length, failures.length], [1, 2]);
  },
);
