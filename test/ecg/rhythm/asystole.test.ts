import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

test('silence on an unreadable lead, across a gap, or before the lead was ever good is not asystole', () => {
  const noisy = new RhythmPlayer().beats('NNNN').quality('noisy').silence(20);
  assert.equal(noisy.count('asystole'), 0);
  const gap = new RhythmPlayer().beats('NNNN').silence(3).gap(5).silence(3).beats('NN');
  assert.equal(gap.count('asystole'), 0);
  const settling = new RhythmPlayer().quality('settling').silence(20);
  assert.equal(settling.count('asystole'), 0);
});

test('4 s without a beat alarm within 10 s of the last beat, with high priority', () => {
  const player = new RhythmPlayer().beats('NNNN').silence(12);
  const [alert] = player.of('asystole');
  assert.equal(alert?.priority, 'high');
  assert.equal(alert?.startSample, Math.round(3.2 * 360));
  assert.ok(alert!.sample - alert!.startSample <= 10 * 360);
});

test('after an unreadable stretch the silence counts from its end', () => {
  const player = new RhythmPlayer().beats('NN').quality('noisy').silence(5).quality('good').silence(4);
  assert.equal(player.count('asystole'), 0);
  assert.equal(player.silence(2).count('asystole'), 1);
});

test('a single escape beat does not end it, two beats do; one id', () => {
  const player = new RhythmPlayer().beats('NNN').silence(8).beats('V').silence(5);
  assert.deepEqual(
    player.of('asystole').map((alert) => alert.phase),
    ['start'],
  );
  player.beats('NN');
  assert.deepEqual(
    player.of('asystole').map((alert) => alert.phase),
    ['start', 'end'],
  );
  assert.equal(new Set(player.of('asystole').map((alert) => alert.id)).size, 1);
});

test('3.9 s are none', () => {
  const player = new RhythmPlayer().beats('NNN').beats('NNNN', 3900);
  assert.equal(player.count('asystole'), 0);
});
