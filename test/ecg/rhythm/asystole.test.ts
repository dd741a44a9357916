import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

/** A beat of 1 mV each 0.8 s, as a bump of 60 ms. */
const beating = (seconds: number) => Math.exp(-((((seconds + 0.4) % 0.8) - 0.4) ** 2) / 0.0004);

/** What moves as much as beats, and is none. */
const motion = (seconds: number) => Math.sin(50 * seconds) + Math.sin(31 * seconds);

test('silence in noise, across a gap, or before the lead was ever good is not asystole', () => {
  const noisy = new RhythmPlayer();
  noisy.waveform = motion;
  noisy.beats('NNNN').quality('noisy').silence(20);
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

test('after a noisy stretch the silence counts from its end, unless the lead was quiet already', () => {
  const player = new RhythmPlayer();
  player.waveform = motion;
  player.beats('NN').quality('noisy').silence(5).quality('good').silence(4);
  assert.equal(player.count('asystole'), 0);
});

test('a lead that falls quiet is a standstill, also when the gate calls it unreadable', () => {
  for (const quality of ['noisy', 'flat'] as const) {
    const player = new RhythmPlayer();
    player.waveform = beating;
    player.beats('NNNNNNNN').quality(quality);
    player.waveform = (seconds) => 0.3 * Math.sin(seconds);
    assert.equal(player.silence(8).count('asystole'), 1, quality);
  }
});

test('it stays when the signal goes, until beats are seen', () => {
  const player = new RhythmPlayer();
  player.waveform = beating;
  player.beats('NNNNNNNN');
  player.waveform = () => 0;
  player.silence(8).quality('noisy').silence(20).quality('off').silence(20);
  assert.equal(player.count('asystole', 'end'), 0);
  player.waveform = beating;
  player.quality('good').beats('NNN').silence(1);
  assert.equal(player.count('asystole', 'end'), 1);
});

test('what a detector finds in the microvolts of a standstill is no beat', () => {
  const player = new RhythmPlayer();
  player.waveform = beating;
  player.beats('NNNNNNNN');
  player.waveform = (seconds) => 0.005 * Math.sin(40 * seconds);
  player.beats('NNN NNN', (index) => 900 + 300 * (index % 3));
  assert.equal(player.silence(2).count('asystole'), 1);
});

test('beats that become small at even distances are beats again', () => {
  const player = new RhythmPlayer();
  player.waveform = beating;
  player.beats('NNNNNNNN');
  player.waveform = (seconds) => 0.1 * beating(seconds);
  player.beats('N'.repeat(20)).silence(1);
  assert.equal(player.count('asystole'), player.count('asystole', 'end'));
});

test('the network is a witness where the lead moves, and a beat contradicts it', () => {
  const player = new RhythmPlayer();
  player.waveform = motion;
  player.beats('NNNNNN').quality('noisy').estimate('asystole', 0.9).silence(4);
  assert.equal(player.count('asystole'), 0);
  for (let i = 0; i < 6; i += 1) player.estimate('asystole', 0.9).silence(0.5);
  assert.equal(player.of('asystole')[0]?.evidence.seen_by, 'network');
});

test('a single escape beat does not end it, two beats do; one id', () => {
  const player = new RhythmPlayer().beats('NNN').silence(8).beats('V').silence(5);
  assert.deepEqual(
    player.of('asystole').map((alert) => alert.phase),
    ['start'],
  );
  player.beats('NN').silence(1);
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
