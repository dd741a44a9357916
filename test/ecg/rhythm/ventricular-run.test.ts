import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

test('beats without a verdict, in noise, or on both sides of a gap make no run', () => {
  assert.deepEqual(new RhythmPlayer().beats('NN V?V V?V NN').kinds, []);
  assert.deepEqual(
    new RhythmPlayer().beats('NN').quality('noisy').beats('VVVVVV', 400).quality('good').beats('NN').kinds,
    ['poor_signal'],
  );
  assert.equal(new RhythmPlayer().beats('NN VV', 500).gap(1).beats('V NN', 500).count('ventricular_run'), 0);
});

test('two are a couplet, told when the third is known not to follow', () => {
  const player = new RhythmPlayer().beats('NNN VV');
  assert.equal(player.count('couplet'), 0);
  player.beats('N');
  assert.equal(player.count('couplet'), 1);
  assert.equal(player.count('ventricular_run'), 0);
  assert.deepEqual(player.of('couplet')[0]?.evidence.beat_ids, ['b4', 'b5']);
});

test('three are a run, known with the third beat and dated to the first', () => {
  const player = new RhythmPlayer().beats('NNN VVV', 500);
  const [alert] = player.of('ventricular_run');
  assert.equal(alert?.startSample, 4 * 180);
  assert.equal(alert?.sample, 6 * 180);
  assert.equal(alert?.evidence.rate_bpm, 120);
  assert.equal(player.count('couplet'), 0);
  player.beats('VN', 500);
  assert.equal(player.of('ventricular_run').at(-1)?.evidence.beats, 4);
});

test('five fast ones are ventricular tachycardia of high priority; slow ones are not', () => {
  const fast = new RhythmPlayer().beats('NNN VVVVV NNN', 400);
  assert.equal(fast.of('ventricular_tachycardia')[0]?.priority, 'high');
  assert.ok(fast.of('ventricular_tachycardia')[0]!.sample - 4 * 144 <= 10 * 360);
  const idioventricular = new RhythmPlayer().beats('NNN VVVVVVVVVV NNN', 1000);
  assert.equal(idioventricular.count('ventricular_tachycardia'), 0);
  assert.equal(idioventricular.count('ventricular_run'), 1);
});

test('a slow run that becomes fast is alarmed when it does, once', () => {
  const player = new RhythmPlayer().beats('NNN VVVVV', 1000).beats('VVVVVVVVVV NN', 400);
  assert.equal(player.count('ventricular_tachycardia'), 1);
});

test('runs that follow each other are one alert with a count; after the hold time a new one', () => {
  const player = new RhythmPlayer().beats('VVV NN VVV NN VVV');
  assert.equal(player.count('ventricular_run'), 1);
  assert.equal(player.of('ventricular_run').at(-1)?.evidence.count, 3);
  player.beats('N'.repeat(50)).beats('VVV NN');
  assert.equal(player.count('ventricular_run', 'end'), 1);
  assert.equal(player.count('ventricular_run'), 2);
});

test('ventricular beats two seconds apart are escape beats, not a run', () => {
  assert.equal(new RhythmPlayer().beats('NNN VVVV NN', 2000).count('ventricular_run'), 0);
});
