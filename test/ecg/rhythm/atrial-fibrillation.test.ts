import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

/** Intervals of no memory, 450 to 1050 ms, always the same ones. */
function irregular(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return 450 + 600 * (state / 2147483648);
  };
}

test('irregular intervals from noise are not looked at', () => {
  const player = new RhythmPlayer().quality('noisy').beats('N'.repeat(300), irregular());
  assert.equal(player.count('atrial_fibrillation'), 0);
});

test('an irregularly irregular rhythm alarms within two minutes and is dated back to its beginning', () => {
  const player = new RhythmPlayer().beats('N'.repeat(100));
  const onset = player.seconds;
  player.beats('N'.repeat(150), irregular());
  const [alert] = player.of('atrial_fibrillation');
  assert.ok(alert);
  assert.ok(Math.abs(alert.startSample / 360 - onset) < 25, `${alert.startSample / 360} for ${onset}`);
  assert.ok(alert.sample / 360 - onset < 120);
  player.beats('N'.repeat(150));
  assert.deepEqual(
    player.of('atrial_fibrillation').map((message) => message.phase),
    ['start', 'end'],
  );
});

test('regular irregularity is not it: bigeminy, trigeminy, sinus arrhythmia, a step of the rate', () => {
  const premature = (period: number) => (index: number) =>
    index % period === 0 ? 500 : index % period === 1 ? 1100 : 800 + (index % 7);
  for (const period of [2, 3, 4]) {
    const player = new RhythmPlayer().beats('o'.repeat(300), premature(period));
    assert.equal(player.count('atrial_fibrillation'), 0, `period ${period}`);
  }
  const breathing = (index: number) => 850 + 120 * Math.sin(index / 2.5);
  assert.equal(new RhythmPlayer().beats('N'.repeat(300), breathing).count('atrial_fibrillation'), 0);
  const step = new RhythmPlayer().beats('N'.repeat(100), 1000).beats('N'.repeat(100), 600);
  assert.equal(step.count('atrial_fibrillation'), 0);
});

test('ventricular beats do not make a regular rhythm irregular', () => {
  const random = irregular(7);
  const player = new RhythmPlayer();
  for (let cycle = 0; cycle < 60; cycle += 1) {
    player
      .beats('V', 300 + random() / 4)
      .beats('N', 1000)
      .beats('NN'.repeat(1 + (cycle % 3)));
  }
  assert.equal(player.count('atrial_fibrillation'), 0);
});

test('a short noisy stretch does not end it, a long one does', () => {
  const player = new RhythmPlayer().beats('N'.repeat(150), irregular());
  player.quality('noisy').silence(20).quality('good').beats('N'.repeat(60), irregular(3));
  assert.equal(player.count('atrial_fibrillation', 'end'), 0);
  player.quality('noisy').silence(70);
  assert.equal(player.of('atrial_fibrillation').at(-1)?.evidence.reason, 'unreadable');
});
