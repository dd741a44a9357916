import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RhythmPlayer } from '../../support/rhythm-player.ts';

test('lead off: told after a second, with the lead, and its end; not also called unreadable', () => {
  const player = new RhythmPlayer()
    .beats('NNN')
    .quality('off')
    .silence(20)
    .quality('settling')
    .silence(2)
    .quality('good')
    .beats('NNNN');
  assert.deepEqual(player.kinds, ['lead_off']);
  assert.deepEqual(
    player.of('lead_off').map((alert) => alert.phase),
    ['start', 'end'],
  );
  assert.deepEqual(player.of('lead_off')[0]?.evidence.leads, ['MLII']);
});

test('an electrode of another lead is told too, and beats go on', () => {
  const player = new RhythmPlayer().beats('NNN').quality('off', 1).beats('NNN VVV N');
  assert.deepEqual(player.kinds, ['lead_off', 'ventricular_run']);
});

test('noise is alarmed as unreadable after its hold, short noise is not', () => {
  const brief = new RhythmPlayer()
    .beats('NNN')
    .quality('noisy')
    .silence(0.5)
    .quality('good')
    .beats('NNNNNNNNNN');
  assert.deepEqual(brief.kinds, []);
  const lasting = new RhythmPlayer()
    .beats('NNN')
    .quality('noisy')
    .beats('VVVVVVVVVVVV')
    .quality('good')
    .beats('N'.repeat(12));
  assert.deepEqual(lasting.kinds, ['poor_signal']);
  assert.equal(lasting.of('poor_signal')[0]?.evidence.quality, 'noisy');
  assert.equal(lasting.count('poor_signal', 'end'), 1);
});

test('settling is not alarmed at first, but is when it does not end', () => {
  const player = new RhythmPlayer().quality('settling').silence(10);
  assert.deepEqual(player.kinds, []);
  assert.deepEqual(player.silence(15).kinds, ['poor_signal']);
});

test('a stalled source and a missing classifier or rhythm network start and end at once, each under one id', () => {
  const player = new RhythmPlayer().beats('NNN');
  player.monitor.pushSource(false, 'No samples for 2 s');
  player.monitor.pushSource(false, 'No samples for 2 s');
  player.monitor.pushClassifier(false, 'The model did not load');
  player.monitor.pushRhythmNetwork(false, 'No model is loaded');
  player.monitor.pushSource(true, 'Samples again');
  player.monitor.pushClassifier(true, 'It answers');
  player.monitor.pushRhythmNetwork(true, 'It answers');
  for (const kind of ['source_stalled', 'classifier_unavailable', 'rhythm_network_unavailable']) {
    const messages = player.of(kind);
    assert.deepEqual(
      messages.map((alert) => alert.phase),
      ['start', 'end'],
      kind,
    );
    assert.equal(messages[0]?.id, messages[1]?.id);
  }
  assert.equal(player.of('source_stalled')[0]?.text, 'No samples for 2 s');
});

test('without a classifier rates and pauses go on, ventricular rules are silent', () => {
  const player = new RhythmPlayer().beats('?'.repeat(60), 400).beats('??', 3500);
  assert.deepEqual(player.kinds, ['tachycardia', 'pause']);
});

test('every alert has an id of its own, the strip that shows it, and ordered samples', () => {
  const player = new RhythmPlayer().beats('NNN VV NNN VVVV NN').beats('N'.repeat(40), 400).silence(10);
  const starts = player.alerts.filter((alert) => alert.phase === 'start');
  assert.equal(new Set(starts.map((alert) => alert.id)).size, starts.length);
  for (const alert of player.alerts) {
    assert.ok(alert.id.startsWith('t-a'));
    assert.ok(alert.startSample <= alert.sample);
    assert.equal(alert.evidence.strip_sample_count, 3600);
    assert.ok(Number(alert.evidence.strip_first_sample) <= alert.sample);
  }
});

test('nothing is alarmed in an hour of sinus rhythm with a little variation', () => {
  const player = new RhythmPlayer().beats(
    'N'.repeat(4000),
    (index) => 850 + 40 * Math.sin(index / 3) + 13 * (index % 5),
  );
  assert.deepEqual(player.alerts, []);
});

test('the end of the stream ends its alerts, each once', () => {
  const player = new RhythmPlayer().beats('NNN VVV').beats('N'.repeat(40), 400);
  player.monitor.flush();
  player.monitor.flush();
  const open = new Set(player.alerts.map((alert) => alert.id));
  const ends = player.alerts.filter((alert) => alert.phase === 'end');
  assert.equal(ends.length, open.size);
  assert.equal(ends.at(-1)?.text, 'The stream ended');
});

test('a gap too short to hide a beat changes nothing', () => {
  assert.equal(new RhythmPlayer().beats('NNN VV').gap(0.03).beats('VN').count('ventricular_run'), 1);
});

const priorities = (player: RhythmPlayer) => player.of('poor_signal').map(({ priority }) => priority);

test('unreadable is of low priority at once and of medium after ten seconds', () => {
  const player = new RhythmPlayer().beats('NNN').quality('noisy').silence(5);
  assert.deepEqual(priorities(player), ['low']);
  assert.deepEqual(priorities(player.silence(10)), ['low', 'medium']);
});

test('it is high when an alarm of high priority stood as the signal went, and when the network was alarmed', () => {
  const run = new RhythmPlayer().beats('NNN VVVVVVV', 400).quality('noisy').silence(40);
  assert.equal(run.count('ventricular_tachycardia', 'end'), 1);
  assert.deepEqual(priorities(run), ['low', 'medium', 'high']);
  const seen = new RhythmPlayer().beats('NNN');
  for (let i = 0; i < 4; i += 1) seen.estimate('fibrillation', 0.9);
  assert.deepEqual(priorities(seen.quality('saturated').silence(5)), ['high']);
  const off = new RhythmPlayer().beats('NNN VVVVVVV', 400).quality('off').silence(40);
  assert.equal(off.of('lead_off').at(-1)?.priority, 'high');
});

test('once the signal was back, the next loss begins anew', () => {
  const player = new RhythmPlayer().beats('NNN VVVVVVV', 400).quality('noisy').silence(40).quality('good');
  player.beats('N'.repeat(60)).quality('noisy').silence(5);
  assert.deepEqual(priorities(player).at(-1), 'low');
});
