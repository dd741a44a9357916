import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

function played(letters: string, rrMs: number, tachycardia: number): RhythmPlayer {
  const player = new RhythmPlayer().beats('NNNNNNNN');
  for (const letter of letters) player.estimate('tachycardia', tachycardia).beats(letter, rrMs);
  return player;
}

test('salvos of ventricular beats to which the network gives nearly half are a tachycardia', () => {
  const player = played('VVVNVVNVVVNVV', 380, 0.5);
  assert.equal(player.count('ventricular_tachycardia'), 1);
  assert.equal(player.of('ventricular_tachycardia')[0]?.priority, 'high');
});

test('not where it is slow, where half of the beats are normal, or where the network sees none', () => {
  assert.equal(played('VVVNVVNVVVNVV', 900, 0.5).count('ventricular_tachycardia'), 0);
  assert.equal(played('VNVNVNVNVNVNVN', 450, 0.5).count('ventricular_tachycardia'), 0);
  assert.equal(played('VVVNVVNVVVNVV', 380, 0.1).count('ventricular_tachycardia'), 0);
});

test('a run of five that the network calls noise stays one of medium priority', () => {
  const player = new RhythmPlayer().beats('NNNN');
  for (let i = 0; i < 10; i += 1) player.estimate('noise', 0.5).beats('V', 450);
  assert.equal(player.count('ventricular_tachycardia'), 0);
  assert.equal(player.count('ventricular_run'), 1);
});

test('a slow run in a little noise needs the network, a fast one does not', () => {
  const run = (rrMs: number): RhythmPlayer => {
    const player = new RhythmPlayer().beats('NNNN');
    for (let i = 0; i < 10; i += 1) player.estimate('noise', 0.06).beats('V', rrMs);
    return player;
  };
  assert.equal(run(520).count('ventricular_tachycardia'), 0);
  assert.equal(run(520).count('ventricular_run'), 1);
  assert.equal(run(350).count('ventricular_tachycardia'), 1);
});
