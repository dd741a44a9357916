/** Beds without a browser: what is believed of what a broker hands over, and what stands for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bed } from '@rhythmd/monitor/ward/beds/bed.ts';
import { MAX_PAYLOAD_BYTES } from '@rhythmd/monitor/ward/beds/read-message.ts';
import { Roster } from '@rhythmd/monitor/ward/beds/roster.ts';
import { rankOf, standingAt } from '@rhythmd/monitor/ward/beds/standing.ts';
import { encodeWaveFrame } from '@rhythmd/protocol/wave-frame.ts';
import { alertEvent, healthEvent, infoEvent, leadEvent, vitalsEvent } from '../../support/stage.ts';

const WALL_MS = Date.UTC(2026, 5, 1, 12);
const PLACE = { base: 'ecg/b1', device: 'b1', label: 'Bed 1', page: null };

const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

class Story {
  readonly bed = new Bed(PLACE);
  steadyMs = 1000;

  constructor() {
    this.bed.listen(this.steadyMs);
  }

  wait(ms: number): this {
    this.steadyMs += ms;
    return this;
  }

  hear(path: string, value: unknown, isMemory = false): boolean {
    const payload = value instanceof Uint8Array ? value : bytes(value);
    return this.bed.hear(path, payload, isMemory, {
      wallMs: WALL_MS + this.steadyMs,
      steadyMs: this.steadyMs,
    });
  }

  /** As the device's own clock stamps it. */
  vitals(hrBpm: number | null, behindMs = 0): void {
    this.hear('vitals', vitalsEvent({ hr_bpm: hrBpm, t_ms: WALL_MS + this.steadyMs - behindMs }));
  }

  words(): string[] {
    return standingAt(this.bed, this.steadyMs).map(({ words }) => words);
  }
}

test('a bed that falls silent is an alarm after five seconds, and its numbers are no longer of now', () => {
  const story = new Story();
  story.vitals(72);
  assert.deepEqual(story.words(), []);
  assert.ok(story.bed.isFresh(story.wait(4900).steadyMs));
  assert.ok(!story.bed.isFresh(story.wait(200).steadyMs));
  assert.deepEqual(story.words(), ['Not heard for 5 s']);
  story.bed.isSilenceSeen = true;
  assert.equal(rankOf(standingAt(story.bed, story.steadyMs)), 3);
  story.vitals(72);
  assert.deepEqual(story.words(), []);
  story.wait(6000);
  assert.equal(rankOf(standingAt(story.bed, story.steadyMs)), 1, 'seen once is not seen for ever');
});

test('the last will is told at once; a bed that speaks again is there', () => {
  const story = new Story();
  story.vitals(72);
  story.hear('state', { state: 'offline', t_ms: 1 });
  story.wait(1);
  // The will comes while the last number is a moment old: nothing more can come.
  assert.deepEqual(story.words(), ['Device gone']);
  story.vitals(70);
  assert.deepEqual(story.words(), []);
  story.hear('bridge', '0');
  assert.deepEqual(story.wait(5000).words(), ['The line to the device is cut']);
});

test("a broker's memory is no news", () => {
  const story = new Story();
  story.hear('vitals', vitalsEvent({ hr_bpm: 190 }), true);
  assert.equal(story.bed.vitals, null);
  assert.deepEqual(story.wait(5000).words(), ['Not heard yet']);
});

test('numbers that come late are not shown as of now; a clock that was set is believed after a minute', () => {
  const story = new Story();
  for (let i = 0; i < 5; i++) story.wait(1000).vitals(72);
  story.wait(1000).vitals(72, 12_000);
  assert.ok(!story.bed.isFresh(story.steadyMs));
  assert.deepEqual(story.words(), ['What it says is 12 s old']);
  for (let i = 0; i < 62; i++) story.wait(1000).vitals(72, 12_000);
  assert.deepEqual(story.words(), []);
  // The future is another clock, no delay.
  story.wait(1000).vitals(72, -1e9);
  assert.deepEqual(story.words(), []);
});

test('alerts: what stands is what the device says; a start that comes twice does not rise again', () => {
  const story = new Story();
  story.vitals(72);
  const stamp = () => WALL_MS + story.steadyMs;
  const vt = alertEvent({ id: 'a', priority: 'high', t_ms: stamp(), start_t_ms: stamp(), text: 'vt' });
  story.hear('alert', vt);
  assert.deepEqual(story.words(), ['Vt']);
  assert.equal(rankOf(standingAt(story.bed, story.steadyMs)), 0);
  story.hear('alert', { ...vt, phase: 'end' });
  story.hear('alert', vt);
  assert.deepEqual(story.words(), []);
  story.hear('alert/active', [alertEvent({ id: 'b', text: 'run' })], true);
  assert.deepEqual(story.words(), ['Run']);
  story.hear('alert/active', []);
  assert.deepEqual(story.words(), []);
});

test('an outage that ends brings history, not alarms', () => {
  const story = new Story();
  for (let i = 0; i < 5; i++) story.wait(1000).vitals(72);
  const hourAgo = WALL_MS + story.steadyMs - 3_600_000;
  story.hear('alert', alertEvent({ id: 'old', priority: 'high', t_ms: hourAgo, start_t_ms: hourAgo }));
  assert.deepEqual(story.words(), []);
  assert.equal(story.bed.book.all.length, 1);
});

test('what cannot be read is counted, and changes nothing', () => {
  const story = new Story();
  story.vitals(72);
  const garbage: readonly [string, unknown][] = [
    ['vitals', ''],
    ['vitals', '{"hr_bpm":NaN}'],
    ['vitals', '{"t_ms":1e999,"hr_bpm":70}'],
    ['vitals', '{"v":1,"t_ms":1,"hr_bpm":1e999,"beats_per_min":null,"quality":null}'],
    ['vitals', Uint8Array.from([0xff, 0xfe, 0x00])],
    ['alert', { ...alertEvent({ id: 'x' }), priority: 'catastrophic' }],
    ['alert', []],
    ['alert/active', { id: 'x' }],
    ['alert/active', Array.from({ length: 65 }, (_, i) => alertEvent({ id: `x${i}` }))],
    ['lead', { ...leadEvent(), quality: 'superb' }],
    ['info', '"info"'],
    ['state', { state: 'perhaps' }],
    ['health', 'null'],
    ['strip/x', `{"data":"${'1 '.repeat(MAX_PAYLOAD_BYTES / 2)}"}`],
    ['wave', Uint8Array.from([1, 0, 255, 255])],
    ['wave', new Uint8Array(200_000).fill(1)],
    ['alert', `"${'x'.repeat(200_000)}"`],
  ];
  for (const [path, value] of garbage) assert.equal(story.hear(path, value), false, `${path} ${value}`);
  assert.equal(story.bed.unreadable, garbage.length);
  assert.equal(story.bed.vitals?.hr_bpm, 72);
  assert.deepEqual(story.words(), []);
});

test('unknown kinds, endless words and times that cannot be are shown within bounds', () => {
  const story = new Story();
  story.vitals(72);
  for (const kind of ['__proto__', 'constructor', 'a_new_kind', '<b>']) {
    const alert = alertEvent({ id: kind, kind, text: '', t_ms: 1e300, start_t_ms: -1 });
    assert.ok(story.hear('alert', alert));
  }
  assert.deepEqual(story.words().sort(), ['  proto  ', '<b>', 'A new kind', 'Constructor']);
  for (const { t_ms, start_t_ms } of story.bed.book.all) {
    assert.ok(t_ms <= WALL_MS + story.steadyMs && start_t_ms >= 0);
  }
  story.hear('alert', alertEvent({ id: 'long', text: 'x'.repeat(50_000) }));
  assert.ok(story.words().every((words) => words.length <= 160));
});

test('a waveform that jumps, restarts or holds no numbers does not stop the trace', () => {
  const story = new Story();
  // As it comes out of MQTT.js: a view of a larger buffer.
  const frame = (first: number, value = 0.5) =>
    Buffer.from(encodeWaveFrame(0, first, new Float32Array(90).fill(value), 90));
  for (let first = 0; first < 3600; first += 90) assert.ok(story.hear('wave', frame(first)));
  assert.equal(story.bed.trace.end, 3600);
  story.hear('wave', frame(2 ** 40));
  assert.equal(story.bed.trace.end, 2 ** 40 + 90);
  story.hear('wave', frame(0, Number.NaN));
  assert.equal(story.bed.trace.end, 90);
  story.hear('wave', frame(90, 1e9));
  story.hear('wave', frame(180, 0.25));
  const { shown } = story.bed.trace.leads[0]!;
  assert.ok(Number.isNaN(shown.at(10)) && Number.isFinite(shown.at(190)));
});

test('two devices under one name are told', () => {
  const story = new Story();
  story.vitals(72);
  for (const uptime of [100, 5, 110, 15]) {
    story.wait(500).hear('health', healthEvent({ uptime_s: uptime }));
  }
  story.vitals(72);
  assert.deepEqual(story.words(), ['Two devices use this name, or it starts again and again']);
  assert.deepEqual(new Story().words(), []);
});

test('a roster: beds of the list only, whatever else speaks; others are counted', () => {
  const roster = new Roster();
  roster.list({
    title: null,
    history: null,
    beds: [PLACE, { ...PLACE, base: 'ecg/icu/n/b.2', label: 'Bed 2' }],
  });
  const now = { wallMs: WALL_MS, steadyMs: 1 };
  const heard = (topic: string, value: unknown) => roster.hear(topic, bytes(value), false, now)?.place.label;
  assert.equal(heard('ecg/b1/vitals', vitalsEvent()), 'Bed 1');
  assert.equal(heard('ecg/icu/n/b.2/alert/active', []), 'Bed 2');
  assert.equal(heard('ecg/icu/n/b.2/strip/7-a', {}), 'Bed 2');
  for (let i = 0; i < 1100; i++) heard(`ecg/x${i}/info`, infoEvent({}));
  for (const topic of ['', '/', 'vitals', '/vitals', 'ecg/b1', 'ecg/b1/request/silence', 'ecg/b1/vitals/x']) {
    assert.equal(heard(topic, vitalsEvent()), undefined, topic);
  }
  assert.equal(roster.beds.length, 2);
  assert.equal(roster.others.size, 1000);
  assert.equal(roster.uncounted, 100);
});

test('without a list whoever speaks has a bed, up to a full page', () => {
  const roster = new Roster();
  const now = { wallMs: WALL_MS, steadyMs: 1 };
  roster.listen(0);
  roster.hear('ecg/zz/vitals', bytes('garbage'), false, now);
  roster.hear('ecg/old/vitals', bytes(vitalsEvent()), true, now);
  for (let i = 99; i >= 0; i--) roster.hear(`ecg/w/d${i}/vitals`, bytes(vitalsEvent()), false, now);
  assert.equal(roster.beds.length, 32);
  const names = roster.beds.map(({ place }) => place.device);
  assert.deepEqual(names, [...names].sort());
  assert.equal(names[0], 'w/d68');
});
