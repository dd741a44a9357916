import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { contained } from '@rhythmd/daemon/net/contained.ts';
import { descriptorLimit, descriptorShare } from '@rhythmd/daemon/net/descriptor-share.ts';
import { seldom } from '@rhythmd/daemon/net/seldom.ts';

test('what a listener throws or rejects with stays in its turn, and the next call comes', async () => {
  const failures: string[] = [];
  const emitter = new EventEmitter();
  let calls = 0;
  const onFailure = (error: unknown) => failures.push(String(error));
  emitter.on(
    'line',
    contained(onFailure, (word: string) => {
      calls++;
      if (word === 'throw') throw new Error('thrown');
      return word === 'reject' ? Promise.reject(new Error('rejected')) : undefined;
    }),
  );
  for (const word of ['throw', 'reject', 'good']) emitter.emit('line', word);
  await new Promise(setImmediate);
  assert.equal(calls, 3);
  assert.deepEqual(failures, ['Error: thrown', 'Error: rejected']);
});

test('whoever is told of failures may fail too', async () => {
  const hopeless = () => {
    throw new Error('the log is full');
  };
  contained(hopeless, hopeless)();
  contained(hopeless, () => Promise.reject(new Error('again')))();
  await new Promise(setImmediate);
});

test('a listener gets a share of few file descriptors, and what it wants of many', () => {
  assert.equal(descriptorShare(128, 1_048_576), 128);
  assert.equal(descriptorShare(128, 256), 32);
  assert.equal(descriptorShare(128, 16), 8);
  assert.equal(descriptorShare(128, null), 128);
  assert.ok((descriptorLimit() ?? 0) > 0);
});

test('a flood of messages is one line a minute with their number', () => {
  const told: string[] = [];
  let nowMs = 0;
  const tell = seldom(
    (text) => told.push(text),
    () => nowMs,
  );
  for (let i = 0; i < 1000; i++) tell('no descriptor');
  nowMs = 61_000;
  tell('no descriptor');
  assert.equal(told.length, 2);
  assert.match(told[1]!, /999 more/);
});
