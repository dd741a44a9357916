import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

test('a long interval across an unreadable stretch or a gap is no pause', () => {
  const noisy = new RhythmPlayer().beats('NN').quality('noisy').silence(2.5).quality('good').beats('NN');
  assert.equal(noisy.count('pause'), 0);
  assert.equal(new RhythmPlayer().beats('NN').gap(3).beats('NN').count('pause'), 0);
});

test('pauses in a row are one alert with a count, and it ends after the hold time', () => {
  const player = new RhythmPlayer({ eventHoldSeconds: 10 })
    .beats('NNN')
    .beats('NN', 3200)
    .beats('NNNNNNNNNNNNNNN');
  const messages = player.of('pause');
  assert.deepEqual(
    messages.map((alert) => alert.phase),
    ['start', 'update', 'end'],
  );
  assert.equal(messages[0]?.evidence.rr_ms, 3200);
  assert.equal(messages[1]?.evidence.count, 2);
  assert.deepEqual(messages[0]?.evidence.beat_ids, ['b3', 'b4']);
});

test('just under the limit is none', () => {
  assert.equal(new RhythmPlayer().beats('NNN').beats('NN', 2990).count('pause'), 0);
});
