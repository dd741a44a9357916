import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  contains,
  isLoopback,
  neighbourhood,
  parseNetworks,
  plainAddress,
} from '@rhythmd/daemon/net/addresses.ts';

test('loopback is 127.0.0.0/8 and ::1, and no name but localhost', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1', 'localhost']) {
    assert.equal(isLoopback(address), true, address);
  }
  for (const address of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    'pi.local',
    '',
    '127.0.0.1.evil.example',
    '1270.0.0.1',
  ]) {
    assert.equal(isLoopback(address), false, address);
  }
});

test('networks: what is none is refused as a whole', () => {
  for (const bad of ['nginx', '10.0.0.0/33', '::/129', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/x', '']) {
    assert.equal(parseNetworks(['127.0.0.1', bad]), null, bad);
  }
  const list = parseNetworks(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
  assert.ok(list);
  for (const inside of ['127.0.0.1', '10.255.0.1', '::ffff:10.1.1.1', 'fd12::1']) {
    assert.ok(contains(list, inside), inside);
  }
  for (const outside of ['127.0.0.2', '11.0.0.1', 'fe80::1', 'garbage', '']) {
    assert.ok(!contains(list, outside), outside);
  }
});

test('an address has one way to be written; an IPv6 network counts as one', () => {
  assert.equal(plainAddress('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(neighbourhood('192.0.2.1'), '192.0.2.1');
  assert.equal(neighbourhood('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2');
  assert.equal(neighbourhood('2001:db8::6'), neighbourhood('2001:db8::7:6'));
  assert.equal(neighbourhood('fe80::1'), 'fe80:0:0:0');
});
