import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { needsRecord } from '../../support/needs.ts';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

const flutter = (seconds: number) => 0.8 * Math.sin(2 * Math.PI * 4 * seconds);
/** A frequency and an amplitude that wander, as in coarse fibrillation. */
const fibrillation = (seconds: number) =>
  0.3 *
  (1 + 0.4 * Math.sin(1.3 * seconds)) *
  Math.sin(2 * Math.PI * 5 * seconds + 2 * Math.sin(2 * seconds) + Math.sin(4.7 * seconds));
/** Beats at 80/min with a T wave, as three bumps. */
const sinus = (seconds: number) => {
  const phase = seconds % 0.75;
  const bump = (at: number, width: number) => Math.exp(-(((phase - at) / width) ** 2));
  return 1.2 * bump(0.2, 0.015) + 0.3 * bump(0.45, 0.05) + 0.1 * bump(0.08, 0.025);
};
const baselineWander = (seconds: number) =>
  Math.sin(2 * Math.PI * 0.4 * seconds) + Math.sin(2 * Math.PI * 0.9 * seconds);

function played(waveform: (seconds: number) => number, seconds = 20): RhythmPlayer {
  const player = new RhythmPlayer();
  player.waveform = waveform;
  return player.silence(seconds);
}

test('a lead that is off or saturated is not looked at', () => {
  for (const quality of ['off', 'saturated', 'settling', 'stalled'] as const) {
    const player = new RhythmPlayer().quality(quality);
    player.waveform = flutter;
    assert.equal(player.silence(30).count('ventricular_fibrillation'), 0, quality);
  }
});

test(
  'hours of recorded noise are not fibrillation, even where no gate says so',
  needsRecord('em', 'ma', 'bw'),
  () => {
    for (const name of ['em', 'ma', 'bw']) {
      const lead = readRecord(name).leads[0]!;
      const player = new RhythmPlayer().quality('noisy');
      player.waveform = (seconds) => lead[Math.round(seconds * 360)]!;
      assert.equal(player.silence(1790).count('ventricular_fibrillation'), 0, name);
    }
  },
);

test('a fibrillating lead that a beat detector calls noisy is looked at', () => {
  const player = new RhythmPlayer().quality('noisy');
  player.waveform = fibrillation;
  assert.equal(player.silence(10).count('ventricular_fibrillation'), 1);
});

test('a flat line, beats, wander and mains hum are not fibrillation', () => {
  const hum = (seconds: number) => Math.sin(2 * Math.PI * 50 * seconds);
  for (const waveform of [() => 0, sinus, baselineWander, hum, (t: number) => sinus(t) + baselineWander(t)]) {
    assert.equal(played(waveform).count('ventricular_fibrillation'), 0, waveform.toString());
  }
});

test('flutter and fibrillation alarm within 10 s of their beginning, with high priority, and end', () => {
  for (const waveform of [flutter, fibrillation]) {
    const player = played(sinus, 10);
    player.waveform = waveform;
    player.silence(12);
    const [alert] = player.of('ventricular_fibrillation');
    assert.equal(alert?.priority, 'high');
    assert.ok(alert!.sample <= 20 * 360 && alert!.sample >= 10 * 360, `${alert!.sample / 360}`);
    player.waveform = sinus;
    player.silence(12);
    assert.equal(player.count('ventricular_fibrillation'), 1);
    assert.equal(player.count('ventricular_fibrillation', 'end'), 1);
  }
});

test('no QRS during fibrillation is not called asystole as well', () => {
  const player = played(sinus, 3).beats('NNN');
  player.waveform = flutter;
  player.silence(20);
  assert.equal(player.count('ventricular_fibrillation'), 1);
  assert.equal(player.count('asystole'), 0);
});

test('a gap begins the window anew', () => {
  const player = played(flutter, 3).gap(1);
  player.silence(3);
  assert.equal(player.count('ventricular_fibrillation'), 0);
});

test('what a detector finds in a fibrillating waveform is no tachycardia', () => {
  const player = played(sinus, 1).beats('NNN');
  player.waveform = flutter;
  player.silence(4).beats('N'.repeat(60), 250);
  assert.deepEqual(player.kinds, ['ventricular_fibrillation']);
});

test('one lost sample changes nothing for what comes after it', () => {
  const player = new RhythmPlayer();
  player.waveform = (seconds) => (Math.abs(seconds - 3) < 0.002 ? Number.NaN : flutter(seconds));
  assert.equal(player.silence(20).count('ventricular_fibrillation'), 1);
});

test('the network starts and ends it, whatever the measures say', () => {
  const player = new RhythmPlayer().quality('noisy');
  player.waveform = (seconds) => Math.sin(9 * seconds) + Math.sin(23 * seconds);
  player.silence(7);
  for (let i = 0; i < 8; i += 1) player.estimate('fibrillation', 0.9).silence(0.5);
  assert.equal(player.of('ventricular_fibrillation')[0]?.evidence.seen_by, 'network');
  for (let i = 0; i < 30; i += 1) player.estimate('organised', 1).silence(0.5);
  assert.equal(player.count('ventricular_fibrillation', 'end'), 1);
});

test('on a lead that cannot be read it stands until the network sees another rhythm', () => {
  const player = new RhythmPlayer();
  player.waveform = (seconds) => Math.sin(9 * seconds) + Math.sin(23 * seconds);
  player.silence(7);
  for (let i = 0; i < 8; i += 1) player.estimate('fibrillation', 0.9).silence(0.5);
  player.quality('noisy');
  for (let i = 0; i < 40; i += 1) player.estimate('noise', 0.9).silence(0.5);
  assert.equal(player.count('ventricular_fibrillation', 'end'), 0);
  assert.ok(player.of('poor_signal').every(({ priority }) => priority !== 'high'));
  for (let i = 0; i < 30; i += 1) player.estimate('organised', 1).silence(0.5);
  assert.equal(player.count('ventricular_fibrillation', 'end'), 1);
});

/** A beat each 0.6 s as a bump of 60 ms. */
const beating = (seconds: number) => Math.exp(-((((seconds + 0.3) % 0.6) - 0.3) ** 2) / 0.0004);

test('regular beats that are alike are no fibrillation, whatever the network says; fast ones are a tachycardia', () => {
  const calm = new RhythmPlayer();
  calm.waveform = (seconds) => beating(seconds * 0.75);
  for (let i = 0; i < 9; i += 1) calm.estimate('organised', 1).beats('N', 800);
  for (let i = 0; i < 16; i += 1) calm.estimate('fibrillation', 0.95).beats('N', 800);
  assert.equal(calm.count('ventricular_fibrillation') + calm.count('ventricular_tachycardia'), 0);
  const fast = new RhythmPlayer();
  fast.waveform = (seconds) => beating(seconds * 1.5);
  for (let i = 0; i < 9; i += 1) fast.estimate('organised', 1).beats('N', 400);
  for (let i = 0; i < 30; i += 1) fast.estimate('fibrillation', 0.95).beats('N', 400);
  assert.equal(fast.count('ventricular_fibrillation'), 0);
  assert.equal(fast.count('ventricular_tachycardia'), 1);
});

test('five beats of one shape at 100/min that the network calls tachycardia are one, though each is called N', () => {
  const player = new RhythmPlayer();
  player.waveform = (seconds) => beating(seconds * 1.5);
  player.silence(6);
  for (let i = 0; i < 10; i += 1) player.estimate('tachycardia', 0.7).beats('N', 400);
  assert.equal(player.count('ventricular_tachycardia'), 1);
  const alone = new RhythmPlayer().quality('noisy');
  alone.waveform = (seconds) => Math.sin(9 * seconds) + Math.sin(23 * seconds);
  for (let i = 0; i < 10; i += 1) alone.estimate('tachycardia', 0.7).silence(0.5);
  assert.equal(alone.count('ventricular_tachycardia'), 0);
});

test('the network is not believed before it saw a full window, nor of a lead that stands still at a rail', () => {
  const noise = (seconds: number) => Math.sin(9 * seconds) + Math.sin(23 * seconds);
  const early = new RhythmPlayer().quality('noisy');
  early.waveform = noise;
  for (let i = 0; i < 12; i += 1) early.estimate('fibrillation', 0.95).silence(0.5);
  assert.equal(early.count('ventricular_fibrillation'), 0);
  const rail = new RhythmPlayer().quality('noisy');
  rail.waveform = (seconds) => (seconds % 1 < 0.6 ? 5 : noise(seconds));
  for (let i = 0; i < 40; i += 1) rail.estimate('fibrillation', 0.95).silence(0.5);
  assert.equal(rail.count('ventricular_fibrillation'), 0);
});

test('one alarm tells of a fibrillation that pauses for some seconds', () => {
  const player = new RhythmPlayer().quality('noisy').silence(8);
  player.waveform = (seconds) => Math.sin(9 * seconds) + Math.sin(23 * seconds);
  for (let i = 0; i < 60; i += 1) {
    player.estimate(i % 20 < 12 ? 'fibrillation' : 'organised', 0.95).silence(0.5);
  }
  assert.equal(player.count('ventricular_fibrillation'), 1);
});

test('beats that stand out, however irregular, are no fibrillation: atria that flutter behind them', () => {
  const intervals = [520, 700, 610, 880, 560, 760];
  const player = new RhythmPlayer();
  const atSeconds: number[] = [];
  let at = 0.2;
  for (let i = 0; i < 60; i += 1) {
    at += intervals[i % 6]! / 1000;
    atSeconds.push(at);
  }
  player.waveform = (seconds) => {
    const near = atSeconds.find((beat) => Math.abs(beat - seconds) < 0.08);
    const qrs = near === undefined ? 0 : Math.exp(-(((near - seconds) / 0.012) ** 2));
    return qrs + 0.12 * Math.sin(2 * Math.PI * 4.8 * seconds);
  };
  for (const [i, beat] of atSeconds.entries()) {
    player.estimate('fibrillation', 0.95);
    player.silence(beat - (atSeconds[i - 1] ?? 0));
    player.monitor.pushPeak({ sample: Math.round(beat * 360), amplitudeMv: 1, knownAt: 0 }, 0.02);
  }
  assert.equal(player.count('ventricular_fibrillation'), 0);
});
