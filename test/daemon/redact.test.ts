import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactCredentials } from '@rhythmd/daemon/redact.ts';

for (const [text, shown] of [
  ['mqtt://host:1883', 'mqtt://host:1883'],
  ['mqtt://user:pa:ss@host/x', 'mqtt://***@host/x'],
  ['mqtt://user@host', 'mqtt://***@host'],
  ['"mqtts://u:p@@host" and ws://a:b@c', '"mqtts://***@host" and ws://***@c'],
  ['somebody@example.org', 'somebody@example.org'],
  ['', ''],
] as const) {
  test(`shown of ${JSON.stringify(text)}`, () => assert.equal(redactCredentials(text), shown));
}
