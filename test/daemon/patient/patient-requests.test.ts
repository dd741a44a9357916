/** What a person teaches through the gateway, in a daemon with a made-up heart and a made-up network. */
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
import { type BeatLabel, EC57_LABELS, PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import type { AlertEvent, BeatEvent, InfoEvent } from '@rhythmd/protocol/events.ts';
import type { RequestAnswer } from '@rhythmd/protocol/requests.ts';
import fc from 'fast-check';
import { ask } from '../../support/gateway.ts';
import { ToldSource } from '../../support/told-source.ts';

const RATE = 360;
type Doubtful = RequestAnswer<'teach.beats'>;
type PatientAnswer = RequestAnswer<'patient.new'>;

/** Always nearly as sure of S as of N: S wins by a hair. */
class DoubtingClassifier implements Classifier {
  readonly largestBatch = 4;
  readonly executor = { name: 'integer', kernel: 'typescript', why: 'it is made up' } as const;
  readonly card: ModelCard;
  constructor(labels: readonly BeatLabel[]) {
    this.card = {
      name: 'doubting',
      version: '1',
      sha256: 'abcdef'.padEnd(64, '0'),
      labels: [...labels],
      input: { shape: [3, 36, 36], rateHz: 360, normalisation: 'running', channels: 'replicated' },
      output: 'probabilities',
      measured: {},
    };
  }
  async classify(_images: Float32Array, count: number): Promise<Float32Array> {
    const width = this.card.labels.length;
    return Float32Array.from({ length: width * count }, (_, i) => [0.44, 0.46, 0.1][i % width] ?? 0);
  }
  async close(): Promise<void> {}
}

async function rig(t: TestContext, labels: readonly BeatLabel[] | null = EC57_LABELS) {
  const source = new ToldSource();
  const beats: BeatEvent[] = [];
  const infos: InfoEvent[] = [];
  const alerts: AlertEvent[] = [];
  let newPatients = 0;
  let nowMs = 1000;
  const sink: Sink = {
    name: 'kept',
    start: async () => {},
    stop: async () => {},
    beat: (event) => beats.push(event),
    info: (event) => infos.push(event),
    alert: (event) => alerts.push(event),
    newPatient: () => newPatients++,
  };
  const config = checkConfig({}, {}, '');
  const nothing = {
    broker: { connected: true, url: 'mqtt://x', reason: null },
    outbox: null,
    recorder: null,
  };
  const pipeline = new Pipeline({
    config,
    environment: {},
    source,
    classifier: labels === null ? null : new DoubtingClassifier(labels),
    sinks: [sink],
    settings: rhythmSettings(),
    alert: config.alert,
    delivery: () => nothing,
    log: () => SILENT_LOGGER,
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
  });
  const requests = new RequestGateway();
  pipeline.register(requests);
  await pipeline.start();
  t.after(() => pipeline.stop());
  const { leads, leadNames } = makeSyntheticRecord({ seed: 3, rateHz: RATE }, 60);
  let at = 0;
  return {
    beats,
    infos,
    alerts,
    requests,
    wait: (ms: number) => {
      nowMs += ms;
    },
    /** The heart stops. */
    stop: async (seconds: number) => {
      const flat = leadNames.map(() => new Float32Array(at + seconds * RATE));
      source.play(flat, at, at + seconds * RATE);
      at += seconds * RATE;
      for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    },
    newPatients: () => newPatients,
    /** The next seconds of the heart, and every verdict. */
    play: async (seconds: number) => {
      if (at === 0) source.describe(leadNames);
      source.play(leads, at, at + seconds * RATE);
      at += seconds * RATE;
      for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const labelsOf = (beats: readonly BeatEvent[]) => new Set(beats.map(({ label }) => label));

test('doubtful beats are asked about with their strips, named, and judged so; undone, as before', async (t) => {
  const { beats, infos, requests, play } = await rig(t);
  await play(30);
  assert.deepEqual(labelsOf(beats), new Set(['S']));
  const asked = (await ask(requests, 'teach.beats')) as Doubtful;
  assert.equal(asked.beats.length, 12);
  for (const { id, label, sample, strip } of asked.beats) {
    assert.equal(label, 'S');
    assert.equal(beats.find((beat) => beat.id === id)?.sample, sample);
    assert.equal(strip.data.split(' ').length, 4 * RATE);
    assert.ok(strip.first_sample < sample && sample < strip.first_sample + 4 * RATE);
  }
  const named = asked.beats.map(({ id }) => ({ id, answer: 'N' as const }));
  const { patient } = (await ask(requests, 'teach', { beats: named, by: ' night nurse ' })) as PatientAnswer;
  assert.deepEqual(patient, infos.at(-1)?.patient);
  assert.equal(patient.taught?.by, 'night nurse');
  assert.deepEqual(patient.taught?.answers, { N: 12, S: 0, V: 0, 'no-beat': 0, unsure: 0 });
  beats.length = 0;
  await play(15);
  assert.deepEqual(labelsOf(beats), new Set(['N']));
  assert.equal(beats[0]?.model, `doubting@1+abcdef+taught-${patient.taught?.id}`);
  await ask(requests, 'teach.forget');
  assert.equal(infos.at(-1)?.patient.taught, null);
  beats.length = 0;
  await play(10);
  assert.deepEqual(labelsOf(beats), new Set(['S']));
  assert.equal(beats[0]?.model, 'doubting@1+abcdef');
  await assert.rejects(ask(requests, 'teach.forget'), { code: 'E_TEACH_NONE' });
});

test('another patient is judged untaught, and nobody is asked about the one before', async (t) => {
  const { beats, infos, requests, play, newPatients } = await rig(t);
  await play(30);
  const asked = (await ask(requests, 'teach.beats', { count: 3 })) as Doubtful;
  assert.equal(asked.beats.length, 3);
  const named = asked.beats.map(({ id }) => ({ id, answer: 'N' }));
  await ask(requests, 'teach', { beats: named });
  const { patient } = (await ask(requests, 'patient.new', { label: 'bed 4' })) as PatientAnswer;
  assert.deepEqual([patient.label, patient.taught, newPatients()], ['bed 4', null, 1]);
  assert.deepEqual(infos.at(-1)?.patient, patient);
  await assert.rejects(ask(requests, 'teach', { beats: named }), { code: 'E_TEACH_BEATS' });
  beats.length = 0;
  await play(20);
  assert.deepEqual(labelsOf(beats), new Set(['S']));
  const now = (await ask(requests, 'teach.beats')) as Doubtful;
  const before = new Set(named.map(({ id }) => id));
  assert.ok(now.beats.every(({ id }) => !before.has(id)));
});

test('what stands of the patient before ends with them; patients do not follow each other within a blink', async (t) => {
  const { alerts, requests, play, stop, wait, infos } = await rig(t);
  await play(30);
  await stop(15);
  const standing = () => {
    const latest = new Map(alerts.map((alert) => [alert.id, alert]));
    return [...latest.values()].filter(({ phase }) => phase !== 'end');
  };
  assert.ok(
    standing().some(({ priority }) => priority === 'high'),
    standing()
      .map(({ kind }) => kind)
      .join(),
  );
  await ask(requests, 'patient.new', { label: 'bed 5' });
  assert.deepEqual(
    standing().filter(({ priority }) => priority === 'high'),
    [],
  );
  await assert.rejects(ask(requests, 'patient.new', { label: 'bed 6' }), { code: 'E_REQUEST_BUSY' });
  assert.equal(infos.at(-1)?.patient.label, 'bed 5');
  wait(2500);
  await ask(requests, 'patient.new', { label: 'bed 6' });
  assert.equal(infos.at(-1)?.patient.label, 'bed 6');
});

test('two pages ask and answer at once: the last lesson holds, whole', async (t) => {
  const { requests, infos, play } = await rig(t);
  await play(30);
  const [one, other] = (await Promise.all([
    ask(requests, 'teach.beats', { count: 4 }),
    ask(requests, 'teach.beats', { count: 6 }),
  ])) as Doubtful[];
  const named = ({ beats }: Doubtful, answer: string) => beats.map(({ id }) => ({ id, answer }));
  await Promise.all([
    ask(requests, 'teach', { beats: named(one!, 'N'), by: 'one' }),
    ask(requests, 'teach', { beats: named(other!, 'S'), by: 'other' }),
    ask(requests, 'teach.beats'),
  ]);
  const { taught } = infos.at(-1)!.patient;
  assert.deepEqual([taught?.by, taught?.beats, taught?.answers.S], ['other', 6, 6]);
  const race = await Promise.allSettled([
    ask(requests, 'patient.new'),
    ask(requests, 'teach', { beats: named(one!, 'N'), by: 'late' }),
  ]);
  assert.deepEqual(
    race.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  assert.equal(infos.at(-1)!.patient.taught, null);
});

test('hostile lessons are refused, and change nothing', async (t) => {
  const { requests, infos, play } = await rig(t);
  await assert.rejects(ask(requests, 'teach.beats'), { code: 'E_NO_SIGNAL' });
  await play(2);
  await assert.rejects(ask(requests, 'teach.beats'), { code: 'E_TEACH_BEATS' });
  await play(28);
  const { beats } = (await ask(requests, 'teach.beats')) as Doubtful;
  const known = beats[0]!.id;
  const refused: readonly (readonly [object, string])[] = [
    [{ beats: [{ id: 'x', answer: 'N' }] }, 'E_TEACH_BEATS'],
    [
      {
        beats: [
          { id: known, answer: 'N' },
          { id: known, answer: 'V' },
        ],
      },
      'E_TEACH_BEATS',
    ],
    [{ beats: [{ id: known, answer: 'Q' }] }, 'E_REQUEST_BODY'],
    [{ beats: [{ id: known }] }, 'E_REQUEST_BODY'],
    [{ beats: [] }, 'E_REQUEST_BODY'],
    [{ beats: Array.from({ length: 13 }, (_, i) => ({ id: `${i}`, answer: 'N' })) }, 'E_REQUEST_BODY'],
    [{ beats: { length: 1 } }, 'E_REQUEST_BODY'],
    [{ beats: [{ id: known, answer: 'N' }], by: 'a\u0000b' }, 'E_REQUEST_BODY'],
    [{ beats: [{ id: known, answer: 'N' }], by: '   ' }, 'E_REQUEST_BODY'],
    [{ beats: [{ id: known, answer: 'N' }], by: 'x'.repeat(41) }, 'E_REQUEST_BODY'],
    [{ beats: [{ id: '__proto__', answer: 'N' }] }, 'E_TEACH_BEATS'],
  ];
  for (const [body, code] of refused) await assert.rejects(ask(requests, 'teach', body), { code });
  for (const body of [{ count: 0 }, { count: 13 }, { count: 1.5 }, { count: '3' }])
    await assert.rejects(ask(requests, 'teach.beats', body), { code: 'E_REQUEST_BODY' });
  for (const label of ['', '\n', 'x'.repeat(41), 7, null])
    await assert.rejects(ask(requests, 'patient.new', { label }), { code: 'E_REQUEST_BODY' });
  assert.equal(infos.at(-1)!.patient.taught, null);
  const answer = fc.oneof(fc.constantFrom('N', 'S', 'V', 'no-beat', 'unsure', 'Q', ''), fc.anything());
  const id = fc.oneof(fc.constantFrom(...beats.map((beat) => beat.id)), fc.string(), fc.anything());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ id, answer }), { maxLength: 14 }), async (list) => {
      const code = await ask(requests, 'teach', { beats: list }).then(
        () => 'ok',
        (error: { code: string }) => error.code,
      );
      assert.match(code, /^(ok|E_TEACH_BEATS|E_REQUEST_BODY)$/);
    }),
    { numRuns: 300, seed: 11 },
  );
});

test('beats asked about long ago are forgotten, however often somebody asks', async (t) => {
  const { requests, play } = await rig(t);
  await play(40);
  const first = (await ask(requests, 'teach.beats', { count: 1 })) as Doubtful;
  for (let i = 0; i < 200; i++) await ask(requests, 'teach.beats');
  const again = (await ask(requests, 'teach.beats', { count: 1 })) as Doubtful;
  assert.deepEqual(again.beats[0]?.id, first.beats[0]?.id);
  await ask(requests, 'teach', { beats: [{ id: first.beats[0]!.id, answer: 'unsure' }] });
});

test('a model of other classes, or none, cannot be taught, and says which can', async (t) => {
  for (const labels of [PAPER_LABELS, null]) {
    const { requests, play } = await rig(t, labels);
    await play(10);
    for (const [verb, body] of [
      ['teach.beats', {}],
      ['teach', { beats: [{ id: 'x', answer: 'N' }] }],
    ] as const)
      await assert.rejects(ask(requests, verb, body), { code: 'E_TEACH_MODEL', message: /models\/beatnet2/ });
  }
});
