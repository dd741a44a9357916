import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

test('an unreadable stretch leaves no rate behind, and ends an alert only after a while', () => {
  const player = new RhythmPlayer().beats('N'.repeat(60), 400).quality('noisy').silence(10);
  assert.deepEqual(
    player.of('tachycardia').map((alert) => alert.phase),
    ['start'],
  );
  player.silence(25);
  const end = player.of('tachycardia').at(-1);
  assert.equal(end?.phase, 'end');
  assert.equal(end?.evidence.rate_bpm, null);
});

test('tachycardia: 150/min alarms once with medium priority, wavering around the limit does not chatter', () => {
  const player = new RhythmPlayer().beats('N'.repeat(20)).beats('N'.repeat(40), 400);
  assert.equal(player.count('tachycardia'), 1);
  assert.equal(player.of('tachycardia')[0]?.priority, 'medium');
  player.beats('N'.repeat(100), (index) => (Math.floor(index / 10) % 2 ? 490 : 510));
  assert.equal(player.count('tachycardia'), 1);
  assert.equal(player.count('tachycardia', 'end'), 0);
  player.beats('N'.repeat(30));
  assert.equal(player.count('tachycardia', 'end'), 1);
});

test('beyond the extreme limit the same alert rises to high', () => {
  const player = new RhythmPlayer().beats('N'.repeat(40), 400).beats('N'.repeat(40), 300);
  const messages = player.of('tachycardia');
  assert.equal(new Set(messages.map((alert) => alert.id)).size, 1);
  assert.equal(messages[0]?.priority, 'medium');
  assert.equal(messages.at(-1)?.priority, 'high');
});

test('bradycardia: 40/min alarms, and ends above the margin', () => {
  const player = new RhythmPlayer()
    .beats('N'.repeat(20))
    .beats('N'.repeat(20), 1500)
    .beats('N'.repeat(20), 1150);
  assert.equal(player.count('bradycardia'), 1);
  assert.equal(player.count('bradycardia', 'end'), 0);
  assert.equal(player.beats('N'.repeat(20), 900).count('bradycardia', 'end'), 1);
});

test('a few fast beats are no tachycardia', () => {
  assert.equal(
    new RhythmPlayer().beats('N'.repeat(20)).beats('NNNNNN', 400).beats('N'.repeat(20)).count('tachycardia'),
    0,
  );
});
