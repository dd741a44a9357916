import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Access } from '@rhythmd/daemon/web/access.ts';
import type { RequestSigns } from '@rhythmd/daemon/web/caller.ts';
import {
  MAX_FAILED_SESSIONS_PER_MINUTE,
  MAX_FAILED_TOKENS_PER_MINUTE,
  type WebOptions,
} from '@rhythmd/daemon/web/options.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

const TOKEN = 'a-long-enough-token-of-24';
const open: WebOptions = { host: '0.0.0.0', port: 0, token: TOKEN };
const local: WebOptions = { host: '127.0.0.1', port: 0, token: '' };
const proxied: WebOptions = {
  host: '127.0.0.1',
  port: 0,
  token: TOKEN,
  trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
};

function status(options: WebOptions, remoteAddress: string, headers: RequestSigns['headers']): number | null {
  const access = new Access(options);
  return access.refuse(access.callerOf({ remoteAddress, headers }))?.status ?? null;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

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
  new Access(proxied).assertSafe();
});

test('a proxy without a token, without an address, or beside an open loopback is refused', () => {
  for (const options of [
    { ...proxied, token: '' },
    { ...proxied, trustedProxies: ['nginx'] },
    { ...proxied, trustedProxies: ['10.0.0.0/33'] },
    { ...proxied, tokenOnLoopback: false },
  ]) {
    assert.throws(
      () => new Access(options).assertSafe(),
      (error) => error instanceof RhythmdError && error.code === 'E_WEB_PROXY',
    );
  }
});

test('another address needs the token: none, a wrong one, an empty one, a wrong cookie', () => {
  const host = { host: '192.168.1.5:8360' };
  assert.equal(status(open, '192.168.1.9', host), 401);
  assert.equal(status(open, '192.168.1.9', { ...host, ...bearer('wrong') }), 401);
  assert.equal(status(open, '192.168.1.9', { ...host, authorization: 'Bearer ' }), 401);
  assert.equal(status(open, '192.168.1.9', { ...host, cookie: 'rhythmd_session=guess' }), 401);
  assert.equal(status(open, '192.168.1.9', { ...host, ...bearer(TOKEN) }), null);
});

test('once there is a token this machine needs it too, unless told otherwise', () => {
  const host = { host: 'localhost:8360' };
  assert.equal(status(open, '127.0.0.1', host), 401);
  assert.equal(status(open, '127.0.0.1', { ...host, ...bearer(TOKEN) }), null);
  assert.equal(status({ ...open, tokenOnLoopback: false }, '127.0.0.1', host), null);
  assert.equal(status({ ...open, tokenOnLoopback: false }, '192.168.1.9', host), 401);
});

test('the cookie lets in, is not the token, and is out of reach of scripts and other sites', () => {
  const cookie = new Access(open).sessionCookie(false);
  assert.ok(!cookie.includes(TOKEN));
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  assert.doesNotMatch(cookie, /Secure|Path/);
  assert.match(new Access(open).sessionCookie(true), /; Secure/);
  const pair = cookie.split(';')[0]!;
  assert.equal(status(open, '192.168.1.9', { host: 'pi.local', cookie: `theme=dark; ${pair}` }), null);
  const two = `rhythmd_session=of-another-folder; ${pair}`;
  assert.equal(status(open, '192.168.1.9', { host: 'pi.local', cookie: two }), null);
  const other = { ...open, token: 'another-long-enough-token' };
  assert.equal(status(other, '192.168.1.9', { host: 'pi.local', cookie: pair }), 401, 'of another token');
});

test('without a token this machine comes in, by its own names only', () => {
  for (const host of ['127.0.0.1:8360', 'localhost:8360', '[::1]:8360']) {
    assert.equal(status(local, '127.0.0.1', { host }), null, host);
  }
  assert.equal(status(local, '::ffff:127.0.0.1', { host: 'localhost' }), null);
  assert.equal(status(local, '127.0.0.1', { host: 'evil.example:8360' }), 421, 'a rebound name');
  assert.equal(status(local, '127.0.0.1', { host: 'a:b:c' }), 421, 'no name of anything');
  assert.equal(status(local, '127.0.0.1', {}), 421, 'no name');
  assert.equal(status({ ...local, allowedHosts: ['pi.local'] }, '127.0.0.1', { host: 'pi.local' }), null);
});

test('a foreign page that makes the browser of this machine ask is refused; a link to us is not', () => {
  const headers = { host: 'localhost', 'sec-fetch-site': 'cross-site' };
  assert.equal(status(local, '127.0.0.1', { ...headers, 'sec-fetch-mode': 'no-cors' }), 403);
  assert.equal(status(local, '127.0.0.1', { ...headers, 'sec-fetch-mode': 'navigate' }), null);
});

test('a proxy nobody named is not this machine, whichever sign it gives', () => {
  for (const sign of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-forwarded-host', 'via']) {
    const headers = { host: 'localhost', [sign]: '203.0.113.7' };
    assert.equal(status(open, '127.0.0.1', headers), 401, sign);
    assert.equal(status({ ...open, tokenOnLoopback: false }, '127.0.0.1', headers), 401, sign);
    assert.equal(status(local, '127.0.0.1', headers), 403, sign);
  }
  const access = new Access(local);
  const old = access.callerOf({
    remoteAddress: '127.0.0.1',
    headers: { host: '127.0.0.1' },
    httpVersion: '1.0',
  });
  assert.match(access.refuse(old)?.fix ?? '', /web\.trusted_proxy/, 'nginx as it comes says HTTP/1.0');
});

test('with an empty token nothing of a token lets in', () => {
  const forged = new Access(local).sessionCookie(false).split(';')[0]!;
  assert.equal(status(local, '192.168.1.9', { host: '192.168.1.5', cookie: forged }), 401);
  assert.equal(new Access(local).isToken(''), false);
});

test('guessing has to wait, by token and by cookie, and only where it is done', () => {
  const access = new Access(open);
  const from = (remoteAddress: string, headers: RequestSigns['headers']) =>
    access.refuse(access.callerOf({ remoteAddress, headers }))?.status ?? null;
  for (let i = 0; i < MAX_FAILED_TOKENS_PER_MINUTE; i++) assert.equal(from('192.0.2.1', bearer('no')), 401);
  assert.equal(from('192.0.2.1', bearer(TOKEN)), 429, 'not even looked at');
  assert.equal(from('192.0.2.2', bearer(TOKEN)), null);
  const cookie = access.sessionCookie(false).split(';')[0]!;
  assert.equal(from('192.0.2.1', { cookie }), null, 'who is signed in stays');
  for (let i = 0; i < MAX_FAILED_SESSIONS_PER_MINUTE; i++)
    from('192.0.2.3', { cookie: 'rhythmd_session=no' });
  assert.equal(from('192.0.2.3', { cookie }), 401);
});

test('of an IPv6 network every address is one guesser', () => {
  const access = new Access(open);
  const guess = (host: number) =>
    access.refuse(access.callerOf({ remoteAddress: `2001:db8::${host}`, headers: bearer('no') }))?.status;
  for (let i = 1; i <= MAX_FAILED_TOKENS_PER_MINUTE; i++) assert.equal(guess(i), 401);
  assert.equal(guess(99), 429);
});

test('through a trusted proxy everybody has an address of their own, which nobody can choose', () => {
  const access = new Access(proxied);
  const guess = (forwarded: string, token: string) => {
    const headers = { 'x-forwarded-for': forwarded, ...bearer(token) };
    return access.refuse(access.callerOf({ remoteAddress: '127.0.0.1', headers }))?.status ?? null;
  };
  for (let i = 0; i < MAX_FAILED_TOKENS_PER_MINUTE; i++) {
    assert.equal(guess(`198.51.100.${i}, 203.0.113.7, 10.1.1.1`, 'no'), 401, 'what is left of it is forged');
  }
  assert.equal(guess('203.0.113.7', TOKEN), 429);
  assert.equal(guess('203.0.113.8', TOKEN), null, 'nobody else is locked out');
});

test('a WebSocket from a page of another origin is refused', () => {
  const access = new Access(local);
  const call = (headers: RequestSigns['headers']) =>
    access.refuseWebSocket(access.callerOf({ remoteAddress: '127.0.0.1', headers }))?.status ?? null;
  assert.equal(call({ host: 'localhost:8360', origin: 'http://evil.example' }), 403);
  assert.equal(call({ host: 'localhost:8360', origin: 'http://localhost:8361' }), 403, 'another port');
  assert.equal(call({ host: 'localhost:8360', origin: 'null' }), 403);
  assert.equal(call({ host: 'localhost:8360', origin: 'http://localhost:8360' }), null);
  assert.equal(call({ host: 'localhost:8360' }), null, 'a program');
});

test('behind a trusted proxy the origin is the name that it was asked by', () => {
  const access = new Access({ ...proxied, allowedHosts: ['ecg.example.org'] });
  const cookie = access.sessionCookie(false).split(';')[0]!;
  const call = (headers: RequestSigns['headers']) =>
    access.refuseWebSocket(access.callerOf({ remoteAddress: '10.0.0.1', headers: { cookie, ...headers } }))
      ?.status ?? null;
  const origin = 'https://pi.example.org:8443';
  assert.equal(call({ host: 'pi.example.org', origin }), null, 'nginx with Host $host');
  assert.equal(call({ host: '127.0.0.1:8360', 'x-forwarded-host': 'pi.example.org', origin }), null);
  assert.equal(call({ host: '127.0.0.1:8360', origin: 'https://ecg.example.org' }), null, 'configured');
  assert.equal(
    call({ host: '127.0.0.1:8360', origin }),
    403,
    'nginx as it comes: the answer says what to set',
  );
  assert.equal(call({ host: 'pi.example.org', origin: 'https://evil.example' }), 403);
});
