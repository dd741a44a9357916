import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topicsOf } from '@rhythmd/protocol/topics.ts';

for (const device of ['', 'a/b', '+', '#', 'a b', 'ä', 'x'.repeat(65), 'a\0']) {
  test(`device id refused: ${JSON.stringify(device)}`, () => {
    assert.throws(() => topicsOf(device), { code: 'E_DEVICE_ID' });
  });
}

test('the verb of a request', () => {
  const topics = topicsOf('d1');
  assert.equal(topics.verbOf('ecg/d1/request/mark'), 'mark');
  assert.equal(topics.verbOf('ecg/d2/request/mark'), null);
  assert.equal(topics.verbOf('ecg/d1/response/mark'), null);
});

test('an alert id cannot leave its level of the topic', () => {
  assert.equal(topicsOf('d1').strip('a/+#'), 'ecg/d1/strip/a___');
});
