import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SESSION_TAKEN_OVER } from '@rhythmd/daemon/sink/mqtt/connect-errors.ts';
import { Reconnecting } from '@rhythmd/daemon/sink/mqtt/reconnecting.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

const TRIES = 40;
const SUSPECTED = new RhythmdError('E_BROKER_TWIN', 'breaks again and again', '');

/** The longest pause when a broker lets us in, and breaks off after a moment, again and again. */
function longestPauseMs(error: unknown): number {
  const reconnecting = new Reconnecting({});
  let longest = 0;
  for (let i = 0; i < TRIES; i++) {
    reconnecting.ended(100);
    longest = Math.max(longest, reconnecting.pauseMs(error, SUSPECTED));
  }
  return longest;
}

test('a broker that dies again and again is not left alone for minutes: a suspicion is no proof of a twin', () => {
  // A wireless network that comes and goes looks the same as a second device with our id, and alerts wait meanwhile.
  assert.ok(longestPauseMs(new Error('the connection broke')) <= 36_000);
});

test('told that another took our place, we leave it for minutes', () => {
  const told = Object.assign(new Error('session taken over'), { code: SESSION_TAKEN_OVER });
  assert.ok(longestPauseMs(told) > 200_000);
});
