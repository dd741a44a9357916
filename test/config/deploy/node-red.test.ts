/** The flow of config/deploy/node-red in a real Node-RED, at a real broker. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectAsync } from 'mqtt';
import { alertEvent, beatEvent } from '../../support/delivery/events.ts';
import { Mosquitto } from '../../support/mosquitto.ts';
import { Subscriber } from '../../support/mqtt-subscriber.ts';
import { needsFound, needsProgram, repositoryRoot } from '../../support/needs.ts';
import { findNodeRed, NodeRed } from '../../support/node-red.ts';
import { until } from '../../support/until.ts';

const needs = { ...needsProgram('mosquitto'), ...needsFound('Node-RED', findNodeRed) };

test('beats are counted once, an alert is a sentence once, and the button silences', needs, async (t) => {
  const mosquitto = new Mosquitto();
  await mosquitto.start();
  t.after(() => mosquitto.remove());
  const flow = JSON.parse(
    readFileSync(join(repositoryRoot, 'config/deploy/node-red/flow.json'), 'utf8'),
  ) as object[];
  const { hostname, port } = new URL(mosquitto.url);
  const nodeRed = await NodeRed.start(
    flow.map((node) => {
      if ('broker' in node && 'port' in node) return { ...node, broker: hostname, port };
      // What is debugged is said on the terminal too.
      return 'type' in node && node.type === 'debug' ? { ...node, console: true } : node;
    }),
  );
  t.after(() => nodeRed.stop());
  const heard = await Subscriber.connect(t, mosquitto.url, '#');
  const client = await connectAsync(mosquitto.url);
  t.after(() => client.endAsync());
  const say = (topic: string, message: object) =>
    client.publishAsync(`ecg/rhythmd-1/${topic}`, JSON.stringify(message), { qos: 1 });
  for (const n of [1, 2, 1, 2, 3]) {
    await say('beat', { ...beatEvent(n), id: `b${n}`, label: n === 3 ? 'N' : 'V' });
  }
  // Beats and alerts are two flows, and Node-RED promises no order between them.
  const said = (count: number) =>
    until(
      () => nodeRed.debugged.length >= count,
      () => `${count} words; it said:\n${nodeRed.log}`,
    );
  await said(2);
  assert.deepEqual(nodeRed.debugged, ['1', '2']);
  for (const phase of ['start', 'end', 'start'] as const)
    await say('alert', { ...alertEvent('a', phase), replay: true });
  await said(3);
  const { priority, text } = alertEvent('a', 'start');
  assert.ok(
    nodeRed.debugged[2]?.includes(`${priority} priority: ${text} (ecg/rhythmd-1/alert) REPLAY, no patient`),
    nodeRed.log,
  );
  assert.equal(await nodeRed.press('ecg-silence'), 200);
  await until(() => heard.json('ecg/rhythmd-1/request/silence').length > 0, 'the request');
  assert.deepEqual(heard.json('ecg/rhythmd-1/request/silence'), [{ transaction: 'node-red', seconds: 120 }]);
  await say('response/silence', { transaction: 'node-red', status: 'ok', data: {} });
  await nodeRed.said(/'ok'|status/);
  assert.equal(nodeRed.debugged.length, 4, nodeRed.log);
});
