/** After a break messages go one by one, and only what was alone on its way is accused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForbiddenTopics } from '@rhythmd/daemon/sink/mqtt/forbidden-topics.ts';
import { OneByOne } from '@rhythmd/daemon/sink/mqtt/one-by-one.ts';

test('the next goes when the one before was answered, in order; a late answer of an earlier connection opens nothing', () => {
  const gate = new OneByOne();
  const sent: string[] = [];
  const answers: (() => void)[] = [];
  const send = (name: string) =>
    gate.send((onAnswered) => {
      sent.push(name);
      answers.push(onAnswered);
    });
  for (const name of ['a', 'b', 'c']) assert.ok(send(name));
  assert.deepEqual(sent, ['a']);
  answers[0]!();
  answers[0]!();
  assert.deepEqual(sent, ['a', 'b']);
  gate.begin();
  assert.ok(send('d'));
  answers[1]!();
  send('e');
  assert.deepEqual(sent, ['a', 'b', 'd']);
  gate.release();
  assert.deepEqual(sent, ['a', 'b', 'd', 'e']);
  assert.equal(gate.isBusy, false);
});

test('what waits is bounded', () => {
  const gate = new OneByOne();
  let accepted = 0;
  while (accepted < 1000 && gate.send(() => {})) accepted++;
  assert.equal(accepted, 65);
});

test('a topic is accused after two breaks in a row with nothing else on its way, never once it was answered', () => {
  let nowMs = 0;
  const forbidden = new ForbiddenTopics(() => nowMs);
  const breakAt = (topic: string | null) => {
    forbidden.begin();
    if (topic !== null) forbidden.sentAlone(topic);
    return forbidden.broke();
  };
  assert.deepEqual(breakAt('a'), { topic: 'a', isSure: false });
  assert.equal(breakAt(null), null, 'many were on their way, or none');
  assert.deepEqual(breakAt('a'), { topic: 'a', isSure: false }, 'not in a row');
  assert.deepEqual(breakAt('b/strip/1'), { topic: 'b/strip/+', isSure: false });
  assert.deepEqual(breakAt('b/strip/2'), { topic: 'b/strip/+', isSure: true }, 'one rule for all strips');
  assert.ok(forbidden.isLeftOut('b/strip/3'));
  nowMs += 600_001;
  assert.ok(!forbidden.isLeftOut('b/strip/3'), 'permissions get mended');
  assert.equal(breakAt('d')?.isSure, false);
  forbidden.sentAlone(null);
  assert.equal(forbidden.broke(), null, 'of QoS 0 nothing is answered, and nothing is learnt');
  forbidden.sentAlone('c');
  forbidden.answered('c');
  assert.equal(breakAt('c'), null);
  assert.equal(breakAt('c'), null);
});
