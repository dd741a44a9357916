/**
 * A device whose models are missing, from a board's bytes to a broker's messages: it says what it lacks, and alarms
 * fibrillation by the measures of the waveform, standstill, a rate that is too low, and an electrode that falls off.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AlertEvent } from '@rhythmd/protocol/events.ts';
import { writeRecord } from '@rhythmd/records/write-record.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { evenBeats, fibrillationMv, madeUpLead } from '../support/made-up-heart.ts';
import { canConnect, freePort } from '../support/mosquitto.ts';
import { Subscriber } from '../support/mqtt-subscriber.ts';
import { PATIENCE } from '../support/patience.ts';
import { startSimulator } from '../support/simulator.ts';
import { until } from '../support/until.ts';

const RATE_HZ = 360;
const GAIN = 1000;
const FAULTS = 'fault = [{ kind = "lead-off", at = 90, for = 15 }]\n';
const SPEED = Math.max(5, Math.round(30 / PATIENCE));

/** Beats, fibrillation from 10 to 22 s, beats, a standstill from 32 s, from 42 s 28 beats a minute; an electrode off from 90 s. */
function writeSickHeart(folder: string): string {
  const path = join(folder, 'sick');
  const lead = madeUpLead({
    seconds: 110,
    beats: [...evenBeats(70, 0.5, 10), ...evenBeats(70, 22, 32), ...evenBeats(28, 42, 110)],
    waveform: (s) => (s >= 10 && s < 22 ? fibrillationMv(s) : 0),
  });
  const adc = Int16Array.from(lead, (mv) => Math.round(GAIN * mv));
  const signal = (name: string) => ({ name, adc, gain: GAIN, baseline: 0 });
  writeRecord(path, { rateHz: RATE_HZ, format: 16, signals: [signal('II'), signal('V1')] });
  return path;
}

test('a daemon without models alarms fibrillation, standstill, a slow heart and a lead off, and says what is missing', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-sick-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const daemon = await DaemonProcess.start({
    RHYTHMD_SOURCE_URL: `tcp://127.0.0.1:${port}?speed=${SPEED}`,
    RHYTHMD_MODEL_PATH: join(folder, 'no-model'),
    RHYTHMD_MODEL_RHYTHM_PATH: join(folder, 'no-rhythm-model'),
  });
  t.after(() => daemon.stop());
  await until(
    () => canConnect(daemon.mqttPort),
    () => `the broker to listen; log:\n${daemon.log}`,
    60_000,
  );
  const subscriber = await Subscriber.connect(t, daemon.mqttUrl, '#');
  const to = `tcp:127.0.0.1:${port}`;
  const faults = join(folder, 'faults.toml');
  writeFileSync(faults, FAULTS);
  const play = ['play', writeSickHeart(folder), '--board', 'native', '--faults', faults];
  const args = [...play, '--to', to, '--speed', String(SPEED)];
  const simulator = await startSimulator(args);
  t.after(() => simulator.stop());
  const alerts = () => subscriber.json('ecg/rhythmd-1/alert') as AlertEvent[];
  const first = (kind: string, priority: string) =>
    alerts().find((alert) => alert.kind === kind && alert.priority === priority && alert.phase !== 'end');
  await until(
    () => alerts().some(({ kind }) => kind === 'lead_off'),
    () =>
      `an electrode that fell off; alerts: ${JSON.stringify(alerts().map(({ kind }) => kind))}\n${daemon.log}`,
    120_000,
  );
  for (const kind of ['ventricular_fibrillation', 'asystole', 'bradycardia']) {
    assert.ok(first(kind, 'high'), `${kind}: ${JSON.stringify(alerts().map((alert) => alert.kind))}`);
  }
  for (const kind of ['classifier_unavailable', 'rhythm_network_unavailable']) {
    assert.ok(first(kind, 'low'), `${kind} is not told`);
  }
});
