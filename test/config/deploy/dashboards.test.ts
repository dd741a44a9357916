/** The Telegraf example is not run here, the Node-RED one in node-red.test.ts where it is installed. What can be checked without is, functions by calling them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'smol-toml';
import { alertEvent, beatEvent, vitalsEvent } from '../../support/delivery/events.ts';
import { repositoryRoot } from '../../support/needs.ts';

const read = (path: string) => readFileSync(join(repositoryRoot, 'config/deploy', path), 'utf8');

interface Consumer {
  readonly topics: readonly string[];
  readonly tag_keys?: readonly string[];
  readonly json_string_fields?: readonly string[];
  readonly json_time_key: string;
}

test('telegraf.conf is TOML and names fields that our messages have', () => {
  const { inputs } = parse(read('telegraf/telegraf.conf')) as unknown as {
    inputs: { mqtt_consumer: Consumer[] };
  };
  const examples: Record<string, object> = {
    'ecg/+/beat': beatEvent(1),
    'ecg/+/alert': alertEvent('a', 'start'),
    'ecg/+/vitals': vitalsEvent(70),
  };
  for (const consumer of inputs.mqtt_consumer) {
    const example = examples[consumer.topics[0] ?? ''];
    assert.ok(example, consumer.topics[0]);
    const { tag_keys: tags = [], json_string_fields: texts = [], json_time_key: time } = consumer;
    for (const field of [...tags, ...texts, time])
      assert.ok(field in example, `${consumer.topics[0]}: ${field}`);
  }
});

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly topic?: string;
  readonly broker?: string;
  readonly func?: string;
  readonly protocolVersion?: string;
  readonly wires?: readonly (readonly string[])[];
}

test('flow.json: every wire ends at a node, every topic is ours, functions compile', () => {
  const flow = JSON.parse(read('node-red/flow.json')) as FlowNode[];
  const ids = new Set(flow.map(({ id }) => id));
  assert.equal(ids.size, flow.length);
  for (const { id, type, topic, broker, wires = [], func } of flow) {
    for (const target of wires.flat()) assert.ok(ids.has(target), `${id} -> ${target}`);
    if (type.startsWith('mqtt ')) {
      assert.match(topic ?? '', /^ecg\/(\+|rhythmd-1)\/(beat|alert|request\/silence|response\/\+)$/);
      assert.ok(ids.has(broker ?? ''));
    }
    if (type === 'function') assert.doesNotThrow(() => new Function('msg', 'context', func ?? ''));
  }
});

/** What a function node passes on. */
function caller(id: string): (payload: object) => unknown {
  const flow = JSON.parse(read('node-red/flow.json')) as FlowNode[];
  const run = new Function('msg', 'context', flow.find((node) => node.id === id)?.func ?? '');
  const kept = new Map<string, unknown>();
  const context = {
    get: (key: string) => kept.get(key),
    set: (key: string, value: unknown) => kept.set(key, value),
  };
  return (payload) => run({ topic: 'ecg/d1/x', payload }, context);
}

test('flow.json: what comes again after an outage is taken once, in whatever order; the daemon’s own broker is spoken to', () => {
  const flow = JSON.parse(read('node-red/flow.json')) as FlowNode[];
  // aedes, which is embedded, knows MQTT 3.1.1.
  assert.equal(flow.find(({ type }) => type === 'mqtt-broker')?.protocolVersion, '4');
  const beat = caller('ecg-once');
  const passed = [1, 2, 3, 1, 2, 3, 4].filter((n) => beat({ ...beatEvent(n), id: `b${n}` }) !== null);
  assert.deepEqual(passed, [1, 2, 3, 4]);
  const alert = caller('ecg-alert-once');
  const phases = (['start', 'end', 'start', 'end'] as const).filter(
    (phase) => alert(alertEvent('a', phase)) !== null,
  );
  assert.deepEqual(phases, ['start', 'end']);
});
