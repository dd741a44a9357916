/** The Telegraf and Node-RED examples are not run here: neither is installed. What can be checked is. */
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
