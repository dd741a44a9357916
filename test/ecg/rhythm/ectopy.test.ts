import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

test('a pattern does not grow across noise', () => {
  const player = new RhythmPlayer()
    .beats('NV NV')
    .quality('noisy')
    .silence(1)
    .quality('good')
    .beats('NV NV N');
  assert.equal(player.count('bigeminy'), 0);
});

test('bigeminy starts with the third cycle, survives one extra beat and ends', () => {
  const player = new RhythmPlayer().beats('NNN V NV');
  assert.equal(player.count('bigeminy'), 0);
  player.beats('NV');
  assert.equal(player.count('bigeminy'), 1);
  assert.equal(player.of('bigeminy')[0]?.startSample, Math.round(4 * 0.8 * 360));
  player.beats('NNV NV NV NNV NV NV');
  assert.equal(player.count('bigeminy', 'end'), 0);
  player.beats('NNNNNNNN');
  assert.equal(player.count('bigeminy', 'end'), 1);
  assert.equal(player.count('trigeminy'), 0);
});

test('trigeminy is every third beat, and is not bigeminy', () => {
  const player = new RhythmPlayer().beats('NNN V NNV NNV NNV NNV NNNNNNNNNNN');
  assert.deepEqual(player.kinds, ['trigeminy']);
  assert.deepEqual(
    player.of('trigeminy').map((alert) => alert.phase),
    ['start', 'end'],
  );
});

test('couplets and runs are no bigeminy', () => {
  const player = new RhythmPlayer().beats('NVV NVV NVV NVV NVV NVVV NVVV');
  assert.equal(player.count('bigeminy'), 0);
});

test('R on T: only a ventricular beat close behind a normal one', () => {
  const early = new RhythmPlayer().beats('N'.repeat(10)).beats('V', 320).beats('NNN');
  assert.equal(early.of('r_on_t')[0]?.evidence.coupling_ms, 319);
  const refractory = new RhythmPlayer().beats('N'.repeat(10)).beats('V', 180).beats('NNN');
  assert.equal(refractory.count('r_on_t'), 0);
  const late = new RhythmPlayer().beats('N'.repeat(10)).beats('V', 450).beats('NNN');
  assert.equal(late.count('r_on_t'), 0);
  const run = new RhythmPlayer().beats('N'.repeat(10)).beats('V', 500).beats('VV', 300).beats('NNN');
  assert.equal(run.count('r_on_t'), 0);
  const gap = new RhythmPlayer().beats('N'.repeat(10)).gap(0.2).beats('V', 100);
  assert.equal(gap.count('r_on_t'), 0);
});

test('frequent ectopy counts the last minute, and a wavering count is one alert', () => {
  const player = new RhythmPlayer();
  for (let cycle = 0; cycle < 9; cycle += 1) player.beats('NNNNV');
  assert.equal(player.count('frequent_ectopy'), 0);
  for (let cycle = 0; cycle < 6; cycle += 1) player.beats('NNNNV');
  assert.equal(player.count('frequent_ectopy'), 1);
  for (let cycle = 0; cycle < 30; cycle += 1) player.beats(cycle % 2 ? 'NNNNNNNV' : 'NNNNNV');
  assert.equal(player.count('frequent_ectopy'), 1);
  player.beats('N'.repeat(100));
  assert.equal(player.count('frequent_ectopy', 'end'), 1);
});

test('supraventricular beats: patterns and counts of their own, and none of the ventricular ones', () => {
  const player = new RhythmPlayer().beats('NNN S NS NS NNNNNNN').beats('S NNS NNS NNS NNNNNNNNNNN');
  assert.deepEqual(player.kinds, ['atrial_bigeminy', 'atrial_trigeminy']);
  const frequent = new RhythmPlayer();
  for (let cycle = 0; cycle < 15; cycle += 1) frequent.beats('NNNNS');
  assert.deepEqual(frequent.kinds, ['frequent_supraventricular_ectopy']);
  const few = new RhythmPlayer();
  for (let cycle = 0; cycle < 9; cycle += 1) few.beats('NNNNS');
  assert.deepEqual(few.kinds, []);
});

test('a supraventricular run: three in a row at 100/min, told once, amended when it was longer', () => {
  const slow = new RhythmPlayer().beats('NNNNNN').beats('SSSSS', 700).beats('NNN');
  assert.equal(slow.count('supraventricular_run'), 0, 'an ectopic rhythm of 86/min is none');
  const unread = new RhythmPlayer().beats('NNNNNN').beats('SS', 400).beats('?', 400).beats('S', 400);
  assert.equal(unread.count('supraventricular_run'), 0, 'a beat without a verdict may be another');
  const run = new RhythmPlayer().beats('NNNNNN').beats('SSSSS', 400).beats('NNN');
  assert.deepEqual(
    run.of('supraventricular_run').map(({ phase }) => phase),
    ['start', 'update'],
  );
  assert.equal(run.of('supraventricular_run').at(-1)?.evidence.beats, 5);
});
