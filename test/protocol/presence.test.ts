import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presenceOf, SILENT_AFTER_MS } from '@rhythmd/protocol/presence.ts';

test('a bed behind a cut bridge is not there, whatever its state says', () => {
  assert.equal(presenceOf({ state: 'online', bridge: '0', silentMs: 0 }), 'cut');
  assert.equal(presenceOf({ state: 'online', bridge: '1', silentMs: 0 }), 'there');
});

test('said to be online and not heard is silent; nothing said is unknown', () => {
  assert.equal(presenceOf({ state: 'online', bridge: null, silentMs: SILENT_AFTER_MS + 1 }), 'silent');
  assert.equal(presenceOf({ state: 'online', bridge: null, silentMs: null }), 'silent');
  assert.equal(presenceOf({ state: null, bridge: null, silentMs: null }), 'unknown');
  assert.equal(presenceOf({ state: 'offline', bridge: null, silentMs: 100 }), 'offline');
  assert.equal(presenceOf({ state: null, bridge: null, silentMs: 100 }), 'there');
});
