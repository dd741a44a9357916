import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertBook } from '@rhythmd/monitor/alerts/alert-book.ts';
import { alertEvent } from '../../support/stage.ts';

test('an alert that stands is never forgotten for others that have ended', () => {
  const book = new AlertBook();
  book.add(alertEvent({ id: 'standing', priority: 'high' }));
  for (let i = 0; i < 1000; i++) {
    book.add(alertEvent({ id: `other-${i}` }));
    book.add(alertEvent({ id: `other-${i}`, phase: 'end' }));
  }
  assert.deepEqual(
    book.active.map(({ id }) => id),
    ['standing'],
  );
  assert.ok(book.all.length <= 301, `${book.all.length} kept`);
  book.add(alertEvent({ id: 'standing', phase: 'end' }));
  assert.equal(book.active.length, 0);
});

test('its bound holds even when nothing has ended', () => {
  const book = new AlertBook();
  for (let i = 0; i < 1000; i++) book.add(alertEvent({ id: `${i}` }));
  assert.equal(book.all.length, 300);
});
