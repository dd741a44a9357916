import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';

test('an error of ours is one line, and one of ours in whichever part of the built program it was made', () => {
  const error = new RhythmdError('E_WEB_BUSY', 'too much', 'Ask again');
  const elsewhere = Object.assign(new Error('too much'), {
    name: error.name,
    code: error.code,
    fix: error.fix,
  });
  for (const one of [error, elsewhere]) {
    assert.ok(one instanceof RhythmdError);
    assert.equal(describeError(one), 'E_WEB_BUSY: too much. Ask again');
  }
});

test('any other is unexpected, with what is known of it', () => {
  for (const other of [new TypeError('none'), { name: 'RhythmdError' }, null, 'words', undefined]) {
    assert.ok(!(other instanceof RhythmdError));
    assert.match(describeError(other), /^E_UNEXPECTED: /);
  }
});
