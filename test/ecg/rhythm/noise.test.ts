import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

function estimated(player: RhythmPlayer, noise: number, seconds: number): RhythmPlayer {
  for (let i = 0; i < 2 * seconds; i += 1) player.estimate('noise', noise).silence(0.5);
  return player;
}

test('what the network gives to noise is told, of low priority, and ends a while after it', () => {
  const player = estimated(estimated(new RhythmPlayer(), 0.06, 10), 0, 30);
  const [start, end] = player.of('noise');
  assert.deepEqual([start?.phase, start?.priority, end?.phase], ['start', 'low', 'end']);
  assert.ok(end!.sample - start!.sample > 20 * 360);
  assert.equal(estimated(new RhythmPlayer(), 0.005, 30).count('noise'), 0);
});

test('it gates nothing: beats are read, and a pause in them is told', () => {
  const player = new RhythmPlayer();
  for (let i = 0; i < 20; i += 1) player.estimate('noise', 0.2).beats('N', 800);
  player.estimate('noise', 0.2).silence(3.2).beats('NN', 800);
  assert.equal(player.count('noise'), 1);
  assert.equal(player.count('poor_signal'), 0);
  assert.equal(player.count('pause'), 1);
});

test('where estimates stop, it ends', () => {
  const player = estimated(new RhythmPlayer(), 0.3, 10).silence(20);
  assert.equal(player.count('noise', 'end'), 1);
});
