/** A device whose models are missing: it says so, and what kills is alarmed by beats and measures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

function bare(): RhythmPlayer {
  const player = new RhythmPlayer();
  player.monitor.pushClassifier(false, 'no model');
  player.monitor.pushRhythmNetwork(false, 'no model');
  return player;
}

test('what is missing is said, by low-priority alerts that stand', () => {
  const player = bare().silence(5);
  for (const kind of ['classifier_unavailable', 'rhythm_network_unavailable']) {
    assert.equal(player.count(kind), 1);
    assert.equal(player.count(kind, 'end'), 0);
  }
});

test('asystole, fibrillation, rate and an electrode that is off are alarmed', () => {
  assert.equal(bare().beats('????????').silence(8).of('asystole')[0]?.priority, 'high');
  const flutter = bare().beats('????????');
  flutter.waveform = (seconds) => 0.8 * Math.sin(2 * Math.PI * 4 * seconds);
  assert.equal(flutter.silence(12).of('ventricular_fibrillation')[0]?.priority, 'high');
  assert.equal(bare().beats('?'.repeat(20), 2200).of('bradycardia').at(-1)?.priority, 'high');
  assert.equal(bare().beats('?'.repeat(60), 300).of('tachycardia').at(-1)?.priority, 'high');
  assert.equal(bare().beats('????').quality('off').silence(3).count('lead_off'), 1);
});
