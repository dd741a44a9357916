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

/** A beat of 1 mV each 0.8 s, as a bump of 60 ms. */
const beating = (seconds: number) => Math.exp(-((((seconds + 0.4) % 0.8) - 0.4) ** 2) / 0.0004);

test('a lead that goes on beating waits twice as long: the detector may have lost its beats', () => {
  const player = new RhythmPlayer();
  player.waveform = beating;
  player.beats('NNNNNNNN').silence(8);
  assert.equal(player.count('asystole'), 0);
  assert.equal(player.silence(2).of('asystole')[0]?.evidence.lead_moves, 'yes');
});

test('P waves alone do not delay it', () => {
  const player = new RhythmPlayer();
  player.waveform = beating;
  player.beats('NNNNNNNN');
  player.waveform = (seconds) => 0.15 * beating(seconds);
  assert.equal(player.silence(6).of('asystole')[0]?.evidence.lead_moves, 'no');
});

test('after asystole of more than the longest interval, beats that come back do not start it again', () => {
  const player = new RhythmPlayer().beats('NNNN').silence(15).beats('NNNNNNNN');
  assert.deepEqual(
    player.of('asystole').map((alert) => alert.phase),
    ['start', 'end'],
  );
});
