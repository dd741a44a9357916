import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Classifier } from '@rhythmd/daemon/classify/classifier.ts';
import type { ModelCard } from '@rhythmd/daemon/classify/model-card.ts';
import { checkConfig } from '@rhythmd/daemon/config/load.ts';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { Pipeline } from '@rhythmd/daemon/pipeline.ts';
import type { Sink } from '@rhythmd/daemon/publish/sink.ts';
import { RequestGateway } from '@rhythmd/daemon/requests/gateway.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import { PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import type {
  AlertEvent,
  BeatEvent,
  HealthEvent,
  InfoEvent,
  LeadEvent,
  VitalsEvent,
} from '@rhythmd/protocol/events.ts';
import type { Finding } from '@rhythmd/protocol/requests.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { ask } from '../support/gateway.ts';
import { needsRecord } from '../support/needs.ts';
import { ToldSource } from '../support/told-source.ts';

const RATE = 360;

/** Everything that was published. */
class KeepingSink implements Sink {
  readonly name = 'keeping';
  readonly beats: BeatEvent[] = [];
  readonly alerts: AlertEvent[] = [];
  readonly leads: LeadEvent[] = [];
  readonly infos: InfoEvent[] = [];
  readonly vitalsEvents: VitalsEvent[] = [];
  readonly healths: HealthEvent[] = [];
  readonly order: string[] = [];
  started = false;
  async start(): Promise<void> {
    this.started = true;
  }
  async stop(): Promise<void> {
    this.order.push('stopped');
  }
  beat(event: BeatEvent): void {
    this.beats.push(event);
    this.order.push('beat');
  }
  alert = (event: AlertEvent): unknown => this.alerts.push(event);
  lead = (event: LeadEvent): unknown => this.leads.push(event);
  info = (event: InfoEvent): unknown => this.infos.push(event);
  vitals = (event: VitalsEvent): unknown => this.vitalsEvents.push(event);
  health = (event: HealthEvent): unknown => this.healths.push(event);
}

class BreakingSink implements Sink {
  readonly name = 'breaking';
  start = (): Promise<void> => Promise.reject(new Error('no disk'));
  stop = (): Promise<void> => Promise.reject(new Error('no disk'));
  beat(): void {
    throw new Error('no disk');
  }
}

/** Always V, until it breaks. */
class OneClassClassifier implements Classifier {
  readonly largestBatch = 4;
  readonly executor = { name: 'integer', kernel: 'typescript', why: 'it is made up' } as const;
  readonly card = {
    name: 'one-class',
    version: '1',
    sha256: 'abcdef'.padEnd(64, '0'),
    labels: [...PAPER_LABELS],
    input: { shape: [], rateHz: 360, normalisation: 'running', channels: 'replicated' },
    output: 'probabilities',
    measured: {},
  } satisfies ModelCard;
  broken = false;
  async classify(_images: Float32Array, count: number): Promise<Float32Array> {
    if (this.broken) throw new Error('broken');
    return Float32Array.from({ length: 6 * count }, (_, i) => (i % 6 === 1 ? 1 : 0));
  }
  async close(): Promise<void> {}
}

async function rig(t: TestContext, classifier: Classifier | null = null) {
  const source = new ToldSource();
  const sink = new KeepingSink();
  const config = checkConfig({}, {}, '');
  let nowMs = 0;
  const pipeline = new Pipeline({
    config,
    environment: {},
    source,
    classifier,
    sinks: [new BreakingSink(), sink],
    settings: rhythmSettings(),
    alert: config.alert,
    delivery: () => ({
      broker: { connected: true, url: 'mqtt://x', reason: null },
      outbox: null,
      recorder: null,
    }),
    log: () => SILENT_LOGGER,
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
  });
  const requests = new RequestGateway();
  pipeline.register(requests);
  await pipeline.start();
  t.after(() => pipeline.stop());
  return {
    source,
    sink,
    pipeline,
    requests,
    setTime: (ms: number) => {
      nowMs = ms;
    },
  };
}

test('before the first sample it says what it does not know', async (t) => {
  const { sink, pipeline, requests, source } = await rig(t);
  assert.equal(sink.infos[0]?.rate_hz, null);
  pipeline.reportVitals();
  assert.deepEqual(sink.vitalsEvents, []);
  source.handlers.status({ state: 'waiting', text: 'No port.', problem: null });
  assert.deepEqual([sink.leads[0]?.connected, sink.leads[0]?.reason], [false, 'No port.']);
  await assert.rejects(ask(requests, 'strip'), { code: 'E_NO_SIGNAL' });
  await assert.rejects(ask(requests, 'dance'), { code: 'E_REQUEST_VERB' });
});

test(
  'a record becomes numbered beats; a sink that fails takes nobody with it',
  needsRecord('100'),
  async (t) => {
    const { source, sink, pipeline, requests, setTime } = await rig(t, new OneClassClassifier());
    const { leads, leadNames } = readRecord('100');
    setTime(60_000);
    source.describe(leadNames);
    source.play(leads, 0, 60 * RATE);
    await ask(requests, 'strip', { seconds: 5 });
    source.handlers.end();
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(sink.beats.length > 65 && sink.beats.length < 76, `${sink.beats.length} beats`);
    sink.beats.forEach((beat, i) => {
      assert.equal(beat.seq, i + 1);
      assert.equal(beat.label, 'V');
      assert.equal(beat.lead, 'MLII');
      assert.equal(beat.model, 'one-class@1+abcdef');
    });
    pipeline.reportVitals();
    const vitals = sink.vitalsEvents.at(-1)!;
    assert.ok(vitals.hr_bpm! > 65 && vitals.hr_bpm! < 85, `${vitals.hr_bpm} bpm`);
    assert.ok(pipeline.health().queues.sink_failures! > 60);
    const findings = ((await ask(requests, 'doctor', {})) as { findings: Finding[] }).findings;
    assert.equal(findings.find(({ check }) => check === 'leads')?.state, 'ok');
    assert.equal(findings.find(({ check }) => check === 'broker')?.state, 'ok');
  },
);

test(
  'a classifier that breaks costs no beat, raises an alert, and the alert ends when it is back',
  needsRecord('100'),
  async (t) => {
    const classifier = new OneClassClassifier();
    const { source, sink } = await rig(t, classifier);
    const { leads, leadNames } = readRecord('100');
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    source.describe(leadNames);
    classifier.broken = true;
    source.play(leads, 0, 20 * RATE);
    await settle();
    assert.ok(sink.beats.length > 15);
    assert.ok(
      sink.beats.every(
        ({ label, code, probabilities }) => label === null && code === 'Q' && probabilities === null,
      ),
    );
    const about = () =>
      sink.alerts.filter(({ kind }) => kind === 'classifier_unavailable').map(({ phase }) => phase);
    assert.deepEqual(about(), ['start']);
    classifier.broken = false;
    source.play(leads, 20 * RATE, 30 * RATE);
    await settle();
    source.play(leads, 30 * RATE, 31 * RATE);
    assert.equal(sink.beats.at(-1)?.label, 'V');
    assert.equal(about().at(-1), 'end');
  },
);

test('a gap, a stall and new leads: no interval spans them, and ids go on', needsRecord('100'), async (t) => {
  const { source, sink } = await rig(t);
  const { leads, leadNames } = readRecord('100');
  source.describe(leadNames);
  source.play(leads, 0, 20 * RATE);
  source.handlers.status({ state: 'stalled', text: 'Nothing arrives.', problem: null });
  assert.equal(sink.leads.at(-1)?.quality, 'stalled');
  source.handlers.status({ state: 'streaming', text: 'Again.', problem: null });
  assert.notEqual(sink.leads.at(-1)?.quality, 'stalled');
  source.play(leads, 40 * RATE, 60 * RATE, 20 * RATE);
  await new Promise((resolve) => setImmediate(resolve));
  const after = sink.beats.find(({ sample }) => sample > 40 * RATE)!;
  assert.equal(after.rr_ms, null);
  source.describe(['I', 'II', 'III']);
  assert.deepEqual(sink.infos.at(-1)?.leads, ['I', 'II', 'III']);
  assert.equal(sink.leads.at(-1)?.leads.length, 3);
  source.play([leads[0]!, leads[0]!, leads[1]!], 60 * RATE, 80 * RATE);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    sink.beats.map(({ seq }) => seq),
    sink.beats.map((_, i) => i + 1),
  );
  assert.equal(sink.beats.at(-1)?.lead, 'I');
});

test('a start is no stall: neither a line that waits for its first samples, nor a board that was late', async (t) => {
  const { source, sink } = await rig(t);
  const flat = [new Float32Array(4 * RATE)];
  source.handlers.status({ state: 'listening', text: 'The line is open.', problem: null });
  source.describe(['II']);
  source.handlers.status({ state: 'streaming', text: 'Receiving.', problem: null });
  source.play(flat, 0, 2 * RATE);
  source.handlers.status({ state: 'stalled', text: 'No data for 3 s.', problem: null });
  source.handlers.status({ state: 'listening', text: 'It speaks.', problem: null });
  source.describe(['V1']);
  source.handlers.status({ state: 'streaming', text: 'Receiving.', problem: null });
  source.play(flat, 2 * RATE, 4 * RATE);
  const stalls = sink.alerts.filter(({ kind }) => kind === 'source_stalled');
  assert.equal(stalls[0]?.text.startsWith('No data for 3 s'), true, JSON.stringify(stalls));
  assert.equal(stalls.filter(({ phase }) => phase === 'start').length, 1);
  // A stream that begins and then brings nothing is one.
  source.describe(['V2']);
  source.handlers.status({ state: 'stalled', text: 'No data for 5 s.', problem: null });
  assert.equal(sink.alerts.at(-1)?.text.startsWith('No data for 5 s'), true);
});

test('another lead is analysed when somebody asks; unknown ones are refused with those there are', async (t) => {
  const { source, sink, requests } = await rig(t);
  await assert.rejects(ask(requests, 'lead', { lead: 'II' }), { code: 'E_NO_SIGNAL' });
  const ecg = makeSyntheticRecord({ seed: 3, rateHz: RATE }, 60).leads[0]!;
  const flat = new Float32Array(ecg.length);
  source.describe(['I', 'II']);
  source.play([flat, ecg], 0, 20 * RATE);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(sink.beats.every(({ lead }) => lead === 'I'));
  const before = sink.beats.length;
  await assert.rejects(ask(requests, 'lead', { lead: 'V9' }), { code: 'E_LEAD_UNKNOWN' });
  assert.deepEqual(await ask(requests, 'lead', { lead: 'ii' }), { lead: 'II' });
  source.play([flat, ecg], 20 * RATE, 50 * RATE);
  await new Promise((resolve) => setImmediate(resolve));
  // The last beat of the lead before waits for its neighbour until that session ends.
  const after = sink.beats.slice(before).filter(({ sample }) => sample >= 20 * RATE);
  assert.ok(after.length > 15, `${after.length} beats`);
  assert.ok(after.every(({ lead }) => lead === 'II'));
  // What was asked for holds when the stream says who it is again.
  source.describe(['II', 'V1', 'I']);
  source.play([ecg, flat, flat], 50 * RATE, 60 * RATE);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(sink.beats.at(-1)?.lead, 'II');
  assert.deepEqual(await ask(requests, 'lead', { lead: 'auto' }), { lead: null });
});

test('a calibration pulse gives the true scale, and an ECG none', async (t) => {
  const { source, requests } = await rig(t);
  source.describe(['I']);
  source.play([new Float32Array(6 * RATE)], 0, 6 * RATE);
  await assert.rejects(ask(requests, 'calibrate', {}), { code: 'E_NO_PULSE' });
  await assert.rejects(ask(requests, 'calibrate', { lead: 'V9' }), { code: 'E_LEAD_UNKNOWN' });
  const pulses = Float32Array.from({ length: 12 * RATE }, (_, i) => (i % RATE < RATE / 2 ? 2 : 0));
  source.play([pulses], 6 * RATE, 12 * RATE);
  assert.deepEqual(await ask(requests, 'calibrate', { lead: 'I' }), {
    microvolts_per_count: 2.5,
    pulse_mv: 2,
  });
});

test(
  'at the end the source stops before the sinks, and what was acquired is published',
  needsRecord('100'),
  async (t) => {
    const { source, sink, pipeline } = await rig(t);
    const { leads, leadNames } = readRecord('100');
    source.describe(leadNames);
    source.play(leads, 0, 10 * RATE);
    await new Promise((resolve) => setImmediate(resolve));
    const before = sink.beats.length;
    await pipeline.stop();
    assert.ok(sink.beats.length > before, 'the last beat waited for its neighbour');
    assert.equal(sink.order.at(-1), 'stopped');
  },
);
