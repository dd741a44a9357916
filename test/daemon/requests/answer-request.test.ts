import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerRequest, MAX_REQUEST_BYTES } from '@rhythmd/daemon/requests/answer-request.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RequestHandler } from '@rhythmd/protocol/requests.ts';

const handler: RequestHandler = async (verb, body) => {
  if (verb === 'mark') return { body };
  if (verb === 'strip') throw new RhythmdError('E_STRIP_NONE', 'too old', 'Ask sooner');
  if (verb === 'calibrate') throw new TypeError('a bug');
  if (verb === 'silence') return undefined;
  throw new RhythmdError('E_REQUEST_VERB', 'unknown');
};

for (const [name, verb, payload, code] of [
  ['unknown verb', 'format-disk', '{}', 'E_REQUEST_VERB'],
  ['verb of the prototype', 'constructor', '{}', 'E_REQUEST_VERB'],
  ['not JSON', 'mark', '{"text":', 'E_REQUEST_BODY'],
  ['an array', 'mark', '[1]', 'E_REQUEST_BODY'],
  ['null', 'mark', 'null', 'E_REQUEST_BODY'],
  ['a field of the wrong type', 'mark', '{"text":5}', 'E_REQUEST_BODY'],
  ['a field out of range', 'silence', '{"seconds":1e9}', 'E_REQUEST_BODY'],
  ['a missing field', 'acknowledge', '{}', 'E_REQUEST_BODY'],
  ['too long', 'mark', `{"text":"${'x'.repeat(MAX_REQUEST_BYTES)}"}`, 'E_REQUEST_BODY'],
  ['refused by the handler', 'strip', '{}', 'E_STRIP_NONE'],
  ['a bug behind it', 'calibrate', '{}', 'E_UNEXPECTED'],
] as const) {
  test(`request refused: ${name}`, async () => {
    const response = await answerRequest(handler, verb, payload);
    assert.equal(response.status, 'error');
    assert.equal(response.data, null);
    assert.equal(response.error?.code, code);
    assert.doesNotMatch(response.error?.message ?? '', /\n/);
  });
}

test('a request is answered with its transaction and without unknown fields', async () => {
  assert.deepEqual(await answerRequest(handler, 'mark', '{"transaction":"a1","text":"walk","x":1}'), {
    transaction: 'a1',
    status: 'ok',
    data: { body: { text: 'walk' } },
    error: null,
  });
});

test('an empty payload is an empty request; no answer is null', async () => {
  assert.equal((await answerRequest(handler, 'silence', '')).data, null);
});

test('the transaction of a refused request comes back too', async () => {
  assert.equal((await answerRequest(handler, 'strip', '{"transaction":7}')).transaction, '7');
  assert.equal((await answerRequest(handler, 'mark', '{"transaction":7,"text":1}')).transaction, '7');
});
