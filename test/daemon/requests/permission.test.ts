import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Requester } from '@rhythmd/daemon/requests/gateway.ts';
import { isChange, refuseRequest } from '@rhythmd/daemon/requests/permission.ts';
import { REQUEST_VERBS } from '@rhythmd/protocol/requests.ts';

const PAGE: Requester = { via: 'page', user: null, from: '127.0.0.1' };
const STRANGER: Requester = { via: 'embedded broker', user: null, from: '127.0.0.1' };
const NURSE: Requester = { via: 'embedded broker', user: 'nurse', from: '127.0.0.1' };
const OUTSIDE: Requester = { via: 'broker', user: null, from: 'mqtt://broker' };

const code = (...given: Parameters<typeof refuseRequest>) => refuseRequest(...given)?.code ?? null;

test('what silences, acknowledges or changes the replay is a change; a verb nobody thought of is one too', () => {
  const readers = REQUEST_VERBS.filter((verb) => !isChange(verb));
  assert.deepEqual([...readers].sort(), [
    'bench',
    'calibrate',
    'doctor',
    'mark',
    'strip',
    'teach.beats',
    'wave',
  ]);
});

test('off: nobody asks anything over MQTT; the page does', () => {
  for (const verb of ['silence', 'strip'] as const) {
    for (const asker of [STRANGER, NURSE, OUTSIDE]) {
      assert.equal(code('off', true, verb, asker), 'E_REQUEST_REFUSED');
    }
    assert.equal(code('off', true, verb, PAGE), null);
  }
});

test('users: a change needs a known name, whatever broker', () => {
  for (const asker of [STRANGER, OUTSIDE]) {
    assert.equal(code('users', false, 'silence', asker), 'E_REQUEST_USER');
    assert.equal(code('users', false, 'strip', asker), null);
  }
  assert.equal(code('users', true, 'bench.play', NURSE), null);
  assert.equal(code('users', false, 'silence', PAGE), null);
});

test('auto: a change needs a user of the embedded broker once it has users', () => {
  assert.equal(code('auto', false, 'silence', STRANGER), null);
  assert.equal(code('auto', true, 'silence', STRANGER), 'E_REQUEST_USER');
  assert.equal(code('auto', true, 'silence', NURSE), null);
  assert.equal(code('auto', true, 'silence', OUTSIDE), null, 'its own rules decide');
});
