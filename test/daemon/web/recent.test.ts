import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recent } from '@rhythmd/daemon/web/recent.ts';
import type { StripEvent } from '@rhythmd/protocol/events.ts';
import { alertEvent } from '../../support/stage.ts';

const strip = (alert_id: string) => ({ alert_id }) as StripEvent;

test('who comes late hears of an alert that stands, whatever came after it, and gets its strip', () => {
  const recent = new Recent();
  recent.alert(alertEvent({ id: 'standing', priority: 'high' }));
  recent.strip(strip('standing'));
  recent.alert(alertEvent({ id: 'updated', phase: 'start' }));
  recent.alert(alertEvent({ id: 'updated', phase: 'update' }));
  recent.strip(strip('updated'));
  for (let i = 0; i < 1000; i++) {
    recent.alert(alertEvent({ id: `other-${i}` }));
    recent.strip(strip(`other-${i}`));
    recent.alert(alertEvent({ id: `other-${i}`, phase: 'end' }));
  }
  const standing = recent.hello().alerts.filter(({ phase }) => phase !== 'end');
  assert.deepEqual(
    standing.map(({ id }) => id),
    ['standing', 'updated'],
  );
  assert.ok(recent.stripOf('standing') !== null && recent.stripOf('updated') !== null);
  assert.ok(recent.alerts.length <= 200);
});

test('its bounds hold even when nothing has ended', () => {
  const recent = new Recent();
  for (let i = 0; i < 1000; i++) {
    recent.alert(alertEvent({ id: `${i}` }));
    recent.strip(strip(`${i}`));
  }
  assert.equal(recent.alerts.length, 200);
  assert.equal(recent.stripOf('999')?.alert_id, '999');
  assert.equal(recent.stripOf('1'), null);
});

test('another patient: what has ended is forgotten with its strip, what stands stays', () => {
  const recent = new Recent();
  for (const id of ['ended', 'standing']) {
    recent.alert(alertEvent({ id }));
    recent.strip(strip(id));
  }
  recent.alert(alertEvent({ id: 'ended', phase: 'end' }));
  recent.forgetPatient();
  assert.deepEqual(
    recent.hello().alerts.map(({ id }) => id),
    ['standing'],
  );
  assert.equal(recent.stripOf('ended'), null);
  assert.notEqual(recent.stripOf('standing'), null);
  assert.deepEqual([recent.hello().beats, recent.hello().vitals], [[], null]);
});
