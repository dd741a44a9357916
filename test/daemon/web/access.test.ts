import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Access, isLoopback } from '@rhythmd/daemon/web/access.ts';
import type { WebOptions } from '@rhythmd/daemon/web/options.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

const TOKEN = 'a-long-enough-token-of-24';
const open: WebOptions = { host: '0.0.0.0', port: 0, token: TOKEN };
const local: WebOptions = { host: '127.0.0.1', port: 0, token: '' };

function status(options: WebOptions, remoteAddress: string, headers: Record<string, string>): number | null {
  return new Access(options).refuse({ remoteAddress, headers })?.status ?? null;
}

test('an open address without a token is refused, and so is a token that is guessed', () => {
  for (const options of [
    { ...open, token: '' },
    { ...open, token: 'short' },
    { ...local, token: 'short' },
  ]) {
    assert.throws(
      () => new Access(options).assertSafe(),
      (error) => error instanceof RhythmdError && error.code === 'E_WEB_TOKEN',
    );
  }
  new Access(open).assertSafe();
  new Access(local).assertSafe();
});

test('another address needs the token: none, a wrong one, an empty one, a wrong cookie', () => {
  const host = { host: '192.168.1.5:8360' };
  assert.equal(status(open, '192.168.1.9', host), 401);
  assert.equal(status(open, '192.168.1.9', { ...host, authorization: 'Bearer wrong' }), 401);
  assert.equal(status(open, '192.168.1.9', { ...host, authorization: 'Bearer ' }), 401);
  assert.equal(status(open, '192.168.1.9', { ...host, cookie: 'rhythmd_session=guess' }), 401);
  assert.equal(status(open, '192.168.1.9', { ...host, authorization: `Bearer ${TOKEN}` }), null);
});

test('the cookie lets in, is not the token, and is out of reach of scripts and other sites', () => {
  const cookie = new Access(open).sessionCookie();
  assert.ok(!cookie.includes(TOKEN));
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  const pair = cookie.split(';')[0]!;
  assert.equal(status(open, '192.168.1.9', { host: 'pi.local', cookie: `theme=dark; ${pair}` }), null);
  const other = { ...open, token: 'another-long-enough-token' };
  assert.equal(status(other, '192.168.1.9', { host: 'pi.local', cookie: pair }), 401, 'of another token');
});

test('this machine needs no token, by its own names only', () => {
  for (const host of ['127.0.0.1:8360', 'localhost:8360', '[::1]:8360']) {
    assert.equal(status(local, '127.0.0.1', { host }), null, host);
  }
  assert.equal(status(local, '::ffff:127.0.0.1', { host: 'localhost' }), null);
  assert.equal(status(local, '127.0.0.1', { host: 'evil.example:8360' }), 421, 'a rebound name');
  assert.equal(status(local, '127.0.0.1', {}), 421, 'no name');
  assert.equal(status({ ...local, allowedHosts: ['pi.local'] }, '127.0.0.1', { host: 'pi.local' }), null);
});

test('a proxy on this machine is not this machine', () => {
  const headers = { host: 'localhost', 'x-forwarded-for': '203.0.113.7' };
  assert.equal(status(open, '127.0.0.1', headers), 401);
  assert.equal(status(local, '127.0.0.1', headers), 401);
});

test('with an empty token nothing of a token lets in', () => {
  const forged = new Access(local).sessionCookie().split(';')[0]!;
  assert.equal(status(local, '192.168.1.9', { host: '192.168.1.5', cookie: forged }), 401);
  assert.equal(new Access(local).isToken(''), false);
});

test('a WebSocket from a page of another origin is refused', () => {
  const access = new Access(local);
  const call = (headers: Record<string, string>) =>
    access.refuseWebSocket({ remoteAddress: '127.0.0.1', headers })?.status ?? null;
  assert.equal(call({ host: 'localhost:8360', origin: 'http://evil.example' }), 403);
  assert.equal(call({ host: 'localhost:8360', origin: 'http://localhost:8361' }), 403, 'another port');
  assert.equal(call({ host: 'localhost:8360', origin: 'null' }), 403);
  assert.equal(call({ host: 'localhost:8360', origin: 'http://localhost:8360' }), null);
  assert.equal(call({ host: 'localhost:8360' }), null, 'a program');
});

test('loopback is 127.0.0.0/8 and ::1', () => {
  assert.deepEqual(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', 'localhost'].map(isLoopback), [
    true,
    true,
    true,
    true,
    true,
  ]);
  assert.deepEqual(['0.0.0.0', '::', '10.0.0.1', 'pi.local', ''].map(isLoopback), [
    false,
    false,
    false,
    false,
    false,
  ]);
});
