import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTopic, topicsOf } from '@rhythmd/protocol/topics.ts';

for (const device of [
  '',
  'a/b',
  '+',
  '#',
  'a b',
  'ä',
  'x'.repeat(65),
  'a\0',
  'a.b',
  '.',
  '$SYS',
  'a:b',
  'a\n',
]) {
  test(`device id refused: ${JSON.stringify(device)}`, () => {
    assert.throws(() => topicsOf(device), { code: 'E_DEVICE_ID' });
  });
}

test('the verb of a request', () => {
  const topics = topicsOf('d1');
  assert.equal(topics.verbOf('ecg/d1/request/mark'), 'mark');
  assert.equal(topics.verbOf('ecg/d1/request/patient/new'), 'patient.new', 'as RabbitMQ says it');
  assert.equal(topics.verbOf('ecg/d2/request/mark'), null);
  assert.equal(topics.verbOf('ecg/d1/response/mark'), null);
});

test('an alert id cannot leave its level of the topic', () => {
  assert.equal(topicsOf('d1').strip('a/+#'), 'ecg/d1/strip/a___');
});

test('with wards above the device every topic begins with them, and requests are heard below them', () => {
  const topics = topicsOf('d1', 'ecg/ward-3');
  assert.equal(topics.alertActive, 'ecg/ward-3/d1/alert/active');
  assert.equal(topics.requests, 'ecg/ward-3/d1/request/#');
  assert.equal(topics.verbOf('ecg/ward-3/d1/request/mark'), 'mark');
  assert.equal(topics.verbOf('ecg/d1/request/mark'), null);
});

for (const above of ['ecg', 'ecg/ward-3', 'hospital/ecg/2/north']) {
  test(`whose topic it is, below ${above}`, () => {
    const topics = topicsOf('d1', above);
    const base = `${above}/d1`;
    const paths = ['beat', 'alert', 'alert/active', 'strip/r-a000001', 'state', 'bridge', 'response/mark'];
    for (const path of paths)
      assert.deepEqual(readTopic(`${topics.base}/${path}`), { base, device: 'd1', path });
  });
}

test("topics of others are nobody's", () => {
  for (const topic of ['', 'beat', 'd1/beat', 'ecg/d1/other', 'ecg/d.1/beat', 'ecg//beat', '$SYS/d1/state']) {
    assert.equal(readTopic(topic), null, topic);
  }
});
