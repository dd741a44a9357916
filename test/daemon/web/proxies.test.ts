/** A real nginx before the page, set up as people set it up. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { MAX_FAILED_TOKENS_PER_MINUTE, type WebOptions } from '@rhythmd/daemon/web/options.ts';
import { WebSocket } from 'ws';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { needsProgram } from '../../support/needs.ts';
import { Nginx, type NginxSite, type NginxWay } from '../../support/nginx.ts';
import { Stage } from '../../support/stage.ts';

const TOKEN = 'a-long-enough-token-of-24';
const bearer = { authorization: `Bearer ${TOKEN}` };
const nginxThere = needsProgram('nginx');
const WAYS: readonly NginxWay[] = ['plain', 'websocket', 'host', 'realIp'];

async function behindNginx(t: TestContext, web: Partial<WebOptions>, sites: readonly NginxSite[]) {
  const stage = new Stage({ web, requests: gatewayOf(() => ({})) });
  const nginx = new Nginx();
  t.after(async () => {
    await nginx.remove();
    await stage.stop();
  });
  const port = Number(new URL(await stage.start()).port);
  return { stage, direct: `http://127.0.0.1:${port}/`, urls: await nginx.start(port, sites) };
}

/** `open`, or the status of the refusal. */
function stream(page: string, headers: Record<string, string>): Promise<'open' | number> {
  const socket = new WebSocket(new URL('stream', page.replace('http', 'ws')), { headers });
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

const sites = WAYS.map((way) => ({ way }));
const status = async (url: string, headers: Record<string, string> = {}) =>
  (await fetch(url, { headers, redirect: 'manual' })).status;

test(
  'with a token nobody comes in without it, through whatever proxy; not from this machine either',
  nginxThere,
  async (t) => {
    const { direct, urls } = await behindNginx(t, { token: TOKEN }, sites);
    for (const url of [direct, ...urls]) {
      assert.equal(await status(`${url}api/state`), 401, url);
      assert.equal(await status(`${url}api/state`, bearer), 200, url);
      assert.equal(await status(`${url}assets/page.js`), 401, url);
    }
    for (const url of [direct, ...urls.slice(1)]) {
      assert.equal(await stream(url, {}), 401, url);
      assert.equal(await stream(url, bearer), 'open', url);
    }
  },
);

test('without a token a proxy that gives any sign is refused, with the fix', nginxThere, async (t) => {
  const { direct, urls } = await behindNginx(t, {}, sites);
  assert.equal(await status(`${direct}api/state`), 200);
  for (const [place, way] of WAYS.entries()) {
    // The one that hides itself perfectly (HTTP/1.1, our own Host, no header) cannot be told from a browser here.
    if (way === 'websocket') continue;
    const response = await fetch(`${urls[place]}api/state`);
    assert.equal(response.status, 403, way);
    assert.match(await response.text(), /web\.trusted_proxy/, way);
  }
});

test('wrong tokens through a named proxy lock out who sent them, and nobody else', nginxThere, async (t) => {
  const { direct, urls } = await behindNginx(t, { token: TOKEN, trustedProxies: ['127.0.0.1'] }, sites);
  const through = urls[WAYS.indexOf('host')]!;
  const guesser = { 'x-forwarded-for': '203.0.113.7, 192.0.2.66' };
  // nginx adds its peer, which is the proxy itself here: the hop before it is who counts.
  for (let i = 0; i < MAX_FAILED_TOKENS_PER_MINUTE; i++) {
    assert.equal(await status(`${through}api/state`, { ...guesser, authorization: 'Bearer wrong' }), 401);
  }
  assert.equal(await status(`${through}api/state`, { ...guesser, ...bearer }), 429);
  assert.equal(await status(`${through}api/state`, { 'x-forwarded-for': '192.0.2.67', ...bearer }), 200);
  assert.equal(await status(`${direct}api/state`, bearer), 200);
});

for (const keepsPath of [false, true]) {
  const how = keepsPath ? 'passes on (web.base_path)' : 'takes off';
  const needs = { ...nginxThere, ...needsProgram('chromium') };
  test(`the page works below a path that the proxy ${how}: sign in, draw, stream`, needs, async (t) => {
    const web = { token: TOKEN, trustedProxies: ['127.0.0.1'], basePath: keepsPath ? '/rhythmd' : '' };
    const { urls } = await behindNginx(t, web, [{ way: 'host', path: '/rhythmd/', keepsPath }]);
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const { page, complaints } = await openPage(browser, urls[0]!);
    assert.match(page.url(), /\/rhythmd\/sign-in$/);
    await page.fill('#token', 'wrong');
    await page.click('button');
    await page.waitForURL(/\/rhythmd\/sign-in#wrong$/);
    await page.fill('#token', TOKEN);
    await page.click('button');
    await page.waitForURL(/\/rhythmd\/$/);
    await page.waitForSelector('canvas');
    // The first event of the stream fills the header with what plays.
    await page.waitForSelector('text=a stage for tests');
    assert.deepEqual(complaints, []);
  });
}
