/**
 * The whole path: a record's bytes through a real stream into the real daemon with the real model, and beats out of
 * a real broker to somebody else's MQTT client.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { BeatEvent, InfoEvent } from '@rhythmd/protocol/events.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { canConnect, freePort } from '../support/mosquitto.ts';
import { Subscriber } from '../support/mqtt-subscriber.ts';
import { needsFile, needsProgram, needsRecord, repositoryRoot } from '../support/needs.ts';
import { PATIENCE } from '../support/patience.ts';
import { startSimulator } from '../support/simulator.ts';
import { until } from '../support/until.ts';

const RATE_HZ = 360;
const MATCH_SAMPLES = 0.15 * RATE_HZ;
/** Slower on a busy machine: the queue before the network overflows there, as it should, and a test measures no speed. */
const SPEED = Math.max(5, Math.round(60 / PATIENCE));
const model = needsFile(join(repositoryRoot, 'models/beatnet2/card.json'), 'the model models/beatnet2');
const TOPIC = 'ecg/rhythmd-1/beat';

interface Played {
  readonly beats: readonly BeatEvent[];
  readonly info: InfoEvent;
}

/**
 * The daemon first, with a subscriber that misses nothing; then the board comes on. It does not go off before the daemon has
 * what is asked for: what lies in a terminal's buffer is lost when its other end is closed.
 */
async function play(
  t: TestContext,
  sourceUrl: string,
  simulatorTo: string,
  seconds: number,
): Promise<Played> {
  const daemon = await DaemonProcess.start({ RHYTHMD_SOURCE_URL: sourceUrl });
  t.after(() => daemon.stop());
  // Sinks start before the source, so that they miss nothing; so does the subscriber.
  await until(
    () => canConnect(daemon.mqttPort),
    () => `the broker to listen; log:\n${daemon.log}`,
    60_000,
  );
  const subscriber = await Subscriber.connect(t, daemon.mqttUrl, '#');
  const simulator = await startSimulator([
    'play',
    '208',
    '--board',
    'native',
    '--to',
    simulatorTo,
    '--speed',
    String(SPEED),
  ]);
  t.after(() => simulator.stop());
  const beats = () => subscriber.json(TOPIC) as BeatEvent[];
  await until(
    () => (beats().at(-1)?.sample ?? 0) > seconds * RATE_HZ,
    () => `the last beats; log:\n${daemon.log}`,
    120_000,
  );
  const info = subscriber.json('ecg/rhythmd-1/info').at(-1) as InfoEvent;
  assert.equal(await daemon.stop('SIGINT'), 130);
  return { beats: beats(), info };
}

function assertEachOnceInOrder(beats: readonly BeatEvent[]): void {
  beats.forEach((beat, i) => {
    assert.equal(beat.seq, i + 1);
    assert.equal(beat.id, beats[0]!.id.replace(/\d+$/, String(i + 1).padStart(6, '0')));
    if (i > 0) assert.ok(beat.sample > beats[i - 1]!.sample);
  });
}

function assertClassified(beats: readonly BeatEvent[]): void {
  for (const beat of beats) {
    assert.ok(beat.label !== null && BEAT_LABELS.includes(beat.label), `beat ${beat.seq} has no label`);
    const sum = Object.values(beat.probabilities ?? {}).reduce((total, p) => total + p, 0);
    assert.ok(Math.abs(sum - 1) < 0.01, `probabilities sum to ${sum}`);
    assert.match(beat.model ?? '', /^[\w-]+@[\w.]+\+[0-9a-f]{6}$/);
  }
}

/** @returns the share of reference beats with one of ours within 150 ms, each used once */
function matched(beats: readonly BeatEvent[], toSample: number): number {
  const reference = readAnnotations('208', 'atr').filter(
    ({ code, sample }) => isBeatCode(code) && sample < toSample,
  );
  let next = 0;
  let found = 0;
  for (const { sample } of reference) {
    while (next < beats.length && beats[next]!.sample < sample - MATCH_SAMPLES) next++;
    if (next < beats.length && beats[next]!.sample <= sample + MATCH_SAMPLES) {
      next++;
      found++;
    }
  }
  return found / reference.length;
}

test('five minutes of record 208 over TCP', {
  ...model,
  ...needsRecord('208'),
}, async (t) => {
  const port = await freePort();
  const seconds = 300;
  const to = `tcp:127.0.0.1:${port}`;
  const { beats, info } = await play(t, `tcp://127.0.0.1:${port}?speed=${SPEED}`, to, seconds);
  assertEachOnceInOrder(beats);
  assertClassified(beats);
  const toSample = seconds * RATE_HZ;
  const share = matched(beats, toSample);
  assert.ok(share >= 0.98, `${(100 * share).toFixed(2)} % of the reference beats`);
  const within = beats.filter(({ sample }) => sample < toSample);
  const reference = readAnnotations('208', 'atr').filter(
    ({ code, sample }) => isBeatCode(code) && sample < toSample,
  );
  assert.ok(within.length <= reference.length * 1.02, `${within.length} beats for ${reference.length}`);
  const ventricular = within.filter(({ label }) => label === 'V').length;
  assert.ok(ventricular > 50, `${ventricular} ventricular beats`);
  assert.equal(info.board, 'native');
  assert.deepEqual(info.leads, ['MLII', 'V1']);
  assert.ok(info.model !== null);
});

test('two minutes of record 208 through a serial port', {
  ...needsRecord('208'),
  ...needsProgram('socat'),
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-pty-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const port = join(folder, 'board');
  const { beats } = await play(t, `serial://${port}?speed=${SPEED}`, `pty:${port}`, 120);
  assertEachOnceInOrder(beats);
  assertClassified(beats);
  const share = matched(beats, 120 * RATE_HZ);
  assert.ok(share >= 0.98, `${(100 * share).toFixed(2)} % of the reference beats`);
});
