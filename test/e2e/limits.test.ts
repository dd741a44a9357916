/**
 * Alarm limits of a daemon that runs, set by two programs: one over MQTT, one over the page's WebSocket. Refused with a code, told
 * with the default and with who set them when, written down, and in force after a restart.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { InfoEvent } from '@rhythmd/protocol/events.ts';
import type { ResponseMessage } from '@rhythmd/protocol/stream-messages.ts';
import { WebSocket } from 'ws';
import { DaemonProcess } from '../support/daemon-process.ts';
import { Subscriber } from '../support/mqtt-subscriber.ts';
import { until } from '../support/until.ts';

const BASE = 'ecg/rhythmd-1';

/** Asks over MQTT, and waits for the answer. */
async function askMqtt(client: Subscriber, transaction: string, body: object): Promise<ResponseMessage> {
  const answer = () =>
    client.json(`${BASE}/response/limits`).find((response) => response.transaction === transaction);
  await client.client.publishAsync(`${BASE}/request/limits`, JSON.stringify({ ...body, transaction }), {
    qos: 1,
  });
  await until(() => answer() !== undefined, `the answer to ${transaction}`);
  return answer();
}

/** The same over the page's WebSocket. */
async function askPage(
  t: TestContext,
  url: string,
  transaction: string,
  data: object,
): Promise<ResponseMessage> {
  const socket = new WebSocket(new URL('stream', url.replace('http', 'ws')));
  t.after(() => socket.terminate());
  let answer: ResponseMessage | null = null;
  socket.on('message', (text, isBinary) => {
    if (isBinary) return;
    const message = JSON.parse(String(text)) as ResponseMessage;
    if ('response' in message && message.transaction === transaction) answer = message;
  });
  socket.on('open', () => socket.send(JSON.stringify({ request: 'limits', transaction, data })));
  await until(() => answer !== null, `the answer to ${transaction}`);
  return answer!;
}

function limitOf(facts: InfoEvent['alert_limits'], name: string) {
  return facts.find((limit) => limit.name === name)!;
}

test('limits asked for over MQTT and over the WebSocket: refused, told, written down, kept', async (t) => {
  const state = mkdtempSync(join(tmpdir(), 'limits-'));
  t.after(() => rmSync(state, { recursive: true, force: true }));
  const environment = {
    RHYTHMD_SOURCE_URL: 'sim:synthetic',
    RHYTHMD_MODEL_PATH: '',
    RHYTHMD_MODEL_RHYTHM_PATH: '',
    STATE_DIRECTORY: state,
  };
  const daemon = await DaemonProcess.start(environment);
  t.after(() => daemon.stop());
  const url = await daemon.pageUrl();
  const client = await Subscriber.connectWhenThere(t, daemon.mqttUrl, `${BASE}/#`);
  const info = () => client.json(`${BASE}/info`).at(-1) as InfoEvent | undefined;
  await until(() => info() !== undefined, 'what the daemon says of itself');
  const startedMs = Date.now();

  for (const [ask, way] of [
    [(body: object) => askMqtt(client, 'too-high', body), 'MQTT'],
    [(body: object) => askPage(t, url, 'too-high', body), 'WebSocket'],
  ] as const) {
    const refused = await ask({ limits: { tachycardia_bpm: 300 }, by: 'K. Lind' });
    assert.equal(refused.status, 'error', way);
    assert.equal(refused.error?.code, 'E_REQUEST_BODY', way);
    assert.match(refused.error?.message ?? '', /tachycardia_bpm/, way);
  }
  const contradicted = await askMqtt(client, 'contradicts', { limits: { tachycardia_bpm: 190 } });
  assert.equal(contradicted.error?.code, 'E_ALERT_LIMIT');
  assert.ok(
    info()!.alert_limits.every(({ changed }) => changed === null),
    'what is refused changes nothing',
  );

  const byMqtt = await askMqtt(client, 'mqtt', { limits: { tachycardia_bpm: 140 }, by: 'K. Lind' });
  assert.equal(byMqtt.status, 'ok');
  const byPage = await askPage(t, url, 'page', { limits: { pause_seconds: 2 }, by: 'night nurse' });
  assert.equal(byPage.status, 'ok');
  const told = () => [
    limitOf(info()!.alert_limits, 'tachycardia_bpm'),
    limitOf(info()!.alert_limits, 'pause_seconds'),
  ];
  await until(() => told().every(({ changed }) => changed?.kept === true), 'both, kept');
  const [rate, pause] = told();
  assert.deepEqual([rate!.value, rate!.default, rate!.changed!.by], [140, 120, 'K. Lind']);
  assert.deepEqual([pause!.value, pause!.default, pause!.changed!.by], [2, 3, 'night nurse']);
  for (const { changed } of [rate!, pause!]) {
    assert.ok(changed!.t_ms >= startedMs && changed!.t_ms <= Date.now(), `set at ${changed!.t_ms}`);
  }

  // By a signal that lets it end in order: the audit is on the disk then.
  await daemon.stop();
  const audited = readFileSync(join(state, 'audit/audit.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ what }) => what === 'limits');
  // What does not fit the table of requests is no request: it was answered, and nothing was asked for.
  assert.deepEqual(
    audited.map(({ via, outcome, body }) => [via, outcome, body.by ?? null]),
    [
      ['embedded broker', 'E_ALERT_LIMIT', null],
      ['embedded broker', 'ok', 'K. Lind'],
      ['page', 'ok', 'night nurse'],
    ],
  );
  assert.ok(audited.every(({ t_ms }) => t_ms >= startedMs));

  const again = await DaemonProcess.start(environment);
  t.after(() => again.stop());
  const after = await Subscriber.connectWhenThere(t, again.mqttUrl, `${BASE}/info`);
  await after.until(`${BASE}/info`, 1, 60_000);
  const kept = (after.json(`${BASE}/info`).at(-1) as InfoEvent).alert_limits;
  assert.deepEqual(limitOf(kept, 'tachycardia_bpm'), rate);
  assert.deepEqual(limitOf(kept, 'pause_seconds'), pause);
});
