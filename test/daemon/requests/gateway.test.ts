import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_PENDING, RequestGateway } from '@rhythmd/daemon/requests/gateway.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { MAX_REQUEST_CHARACTERS } from '@rhythmd/protocol/requests.ts';
import { gatewayOf } from '../../support/gateway.ts';

const NOBODY = { via: 'page', user: null, from: null } as const;

const gateway = gatewayOf((verb, body) => {
  if (verb === 'mark') return { body };
  if (verb === 'strip') throw new RhythmdError('E_STRIP_GONE', 'too old', 'Ask sooner');
  if (verb === 'calibrate') throw new TypeError('a bug');
  return undefined;
});

for (const [name, verb, payload, code] of [
  ['unknown verb', 'format-disk', '{}', 'E_REQUEST_VERB'],
  ['verb of the prototype', 'constructor', '{}', 'E_REQUEST_VERB'],
  ['not JSON', 'mark', '{"text":', 'E_REQUEST_BODY'],
  ['an array', 'mark', '[1]', 'E_REQUEST_BODY'],
  ['null', 'mark', 'null', 'E_REQUEST_BODY'],
  ['a field of the wrong type', 'mark', '{"text":5}', 'E_REQUEST_BODY'],
  ['a moment that is no whole number', 'mark', '{"sample":1.5}', 'E_REQUEST_BODY'],
  ['a moment before the stream', 'mark', '{"sample":-1}', 'E_REQUEST_BODY'],
  ['a silence of days', 'silence', '{"seconds":1e9}', 'E_REQUEST_BODY'],
  ['a silence for ever', 'silence', '{"seconds":1e999}', 'E_REQUEST_BODY'],
  ['a strip of years', 'strip', '{"seconds":1e9}', 'E_REQUEST_BODY'],
  ['a missing field', 'acknowledge', '{}', 'E_REQUEST_BODY'],
  ['a path instead of a record', 'bench.play', '{"record":"../../etc/passwd"}', 'E_REQUEST_BODY'],
  ['too long', 'mark', `{"text":"${'x'.repeat(MAX_REQUEST_CHARACTERS)}"}`, 'E_REQUEST_BODY'],
  ['too long to be read', 'mark', null, 'E_REQUEST_BODY'],
  ['refused by the handler', 'strip', '{}', 'E_STRIP_GONE'],
  ['a bug behind it', 'calibrate', '{}', 'E_UNEXPECTED'],
] as const) {
  test(`request refused: ${name}`, async () => {
    const response = await gateway.answerText(verb, payload, NOBODY);
    assert.equal(response.status, 'error');
    assert.equal(response.data, null);
    assert.equal(response.error?.code, code);
    assert.doesNotMatch(response.error?.message ?? '', /\n/);
  });
}

test('a request is answered with its transaction and without unknown fields', async () => {
  const response = await gateway.answerText('mark', '{"transaction":"a1","text":"walk","x":1}', NOBODY);
  assert.deepEqual(response, {
    transaction: 'a1',
    status: 'ok',
    data: { body: { text: 'walk' } },
    error: null,
  });
});

test('an empty payload is an empty request; no answer is null', async () => {
  assert.equal((await gateway.answerText('silence', '', NOBODY)).data, null);
});

test('the transaction of a refused request comes back too', async () => {
  assert.equal((await gateway.answerText('strip', '{"transaction":7}', NOBODY)).transaction, '7');
  assert.equal((await gateway.answerText('mark', '{"transaction":7,"text":1}', NOBODY)).transaction, '7');
});

test('a verb nobody has registered for yet: the daemon is starting', async () => {
  const response = await new RequestGateway().answerText('mark', '{}', NOBODY);
  assert.equal(response.error?.code, 'E_STARTING');
});

test('what cannot be answered at once is told to ask again, and the rest is answered', async () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const slow = gatewayOf(() => opened);
  const answers = Array.from({ length: MAX_PENDING }, () => slow.answerText('doctor', '{}', NOBODY));
  assert.equal((await slow.answerText('doctor', '{}', NOBODY)).error?.code, 'E_REQUEST_BUSY');
  open();
  for (const answer of await Promise.all(answers)) assert.equal(answer.status, 'ok');
  assert.equal((await slow.answerText('doctor', '{}', NOBODY)).status, 'ok');
});

test('a rule refuses before anything is done, and what was asked is told with its outcome', async () => {
  const told: unknown[] = [];
  const gateway = new RequestGateway({
    refuse: (verb, { user }) =>
      verb === 'silence' && user === null ? new RhythmdError('E_REQUEST_USER', 'who are you?') : null,
    onAnswered: (verb, body, { user }, outcome) => told.push([verb, body, user, outcome]),
  });
  gateway.register({
    silence: () => ({ until_ms: 7 }),
    acknowledge: () => {
      throw new Error('broken');
    },
  });
  const nurse = { ...NOBODY, user: 'nurse' };
  assert.equal((await gateway.answer('silence', {}, null, NOBODY)).error?.code, 'E_REQUEST_USER');
  assert.equal((await gateway.answer('silence', { seconds: 5 }, null, nurse)).status, 'ok');
  assert.equal((await gateway.answer('acknowledge', { id: 'a' }, null, nurse)).error?.code, 'E_UNEXPECTED');
  await gateway.answer('silence', { seconds: 1e300 }, null, nurse);
  await gateway.answer('no such verb', {}, null, nurse);
  assert.deepEqual(told, [
    ['silence', {}, null, 'E_REQUEST_USER'],
    ['silence', { seconds: 5 }, 'nurse', 'ok'],
    ['acknowledge', { id: 'a' }, 'nurse', 'E_UNEXPECTED'],
  ]);
});
