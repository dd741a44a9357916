/** The wall clock is set while the daemon runs, as NTP does where there is no battery clock: real processes. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isMoment, recordingAt } from '@rhythmd/daemon/export/recording-at.ts';
import type { HealthEvent } from '@rhythmd/protocol/events.ts';
import { CutProxy } from '../support/cut-proxy.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { startMosquitto } from '../support/delivery/sink.ts';
import { FakeTime, fakeTimeLibrary } from '../support/fake-time.ts';
import { Subscriber } from '../support/mqtt-subscriber.ts';
import { needsFound, needsProgram, needsRecord } from '../support/needs.ts';
import { until } from '../support/until.ts';

const needs = {
  ...needsRecord('208'),
  ...needsProgram('mosquitto'),
  ...needsFound('libfaketime', fakeTimeLibrary),
};
/** Full of ventricular ectopy: alerts from its first minute on. */
const PLAYED = 'wfdb:208?speed=4';
const BASE = 'ecg/rhythmd-1';
const HOUR_S = 3600;
const DAY_S = 86_400;
/** What stamps may be off by: the source's jitter, and a busy machine. */
const TOLERANCE_MS = 60_000;

async function started(t: TestContext, brokerUrl: string, time: FakeTime): Promise<DaemonProcess> {
  const daemon = await DaemonProcess.start({
    ...time.environment(),
    RHYTHMD_SOURCE_URL: PLAYED,
    RHYTHMD_MQTT_URL: brokerUrl,
  });
  t.after(() => daemon.stop('SIGKILL'));
  return daemon;
}

const health = (listener: Subscriber) => listener.json(`${BASE}/health`).at(-1) as HealthEvent;

test(
  'set back an hour, then forward nine days: everything goes on, and nothing is given up',
  needs,
  async (t) => {
    const mosquitto = await startMosquitto(t);
    const time = new FakeTime();
    const daemon = await started(t, mosquitto.url, time);
    const listener = await Subscriber.connect(t, mosquitto.url, `${BASE}/#`);
    const beats = () => listener.json(`${BASE}/beat`);
    const more = async (count: number) => {
      const before = beats().length;
      await until(
        () => beats().length >= before + count,
        () => `${count} more beats after ${before}; the daemon said:\n${daemon.log}`,
        90_000,
      );
    };
    await more(20);
    for (const offsetS of [-HOUR_S, 9 * DAY_S, 0]) {
      time.set(offsetS);
      await daemon.said(/the clock was set/);
      // More than one slot of the pace, and those that were on their way.
      await more(80);
      const expectedMs = Date.now() + 1000 * offsetS;
      assert.ok(Math.abs(beats().at(-1).t_ms - expectedMs) < TOLERANCE_MS, 'the stamps follow');
    }
    const ids = beats().map(({ seq }) => seq as number);
    assert.deepEqual(
      [...new Set(ids)],
      Array.from({ length: ids.at(-1)! }, (_, i) => i + 1),
    );
    await until(() => (health(listener)?.queues.clock_set ?? 0) === 3, 'health counts three', 60_000);
    const { outbox, uptime_s } = health(listener);
    assert.equal(outbox?.dropped, 0);
    assert.ok(uptime_s < HOUR_S / 2, `up for ${uptime_s} s`);
    assert.doesNotMatch(daemon.log, /given up/);
  },
);

test(
  'started three weeks behind without a broker, set right: no alert is lost, the recording is dated anew',
  needs,
  async (t) => {
    const mosquitto = await startMosquitto(t);
    const listener = await Subscriber.connect(t, mosquitto.url, `${BASE}/#`);
    const proxy = new CutProxy(mosquitto.port);
    await proxy.start();
    t.after(() => proxy.stop());
    proxy.cut();
    const time = new FakeTime(-21 * DAY_S);
    const startedMs = Date.now();
    const daemon = await started(t, `mqtt://127.0.0.1:${proxy.port}`, time);
    const local = await Subscriber.connectWhenThere(t, daemon.mqttUrl, `${BASE}/#`);
    const alerts = (from: Subscriber) =>
      from.json(`${BASE}/alert`).map(({ id, phase, t_ms }) => `${id} ${phase} ${t_ms}`);
    await until(
      () => alerts(local).length >= 5,
      () => `alerts; so far ${alerts(local)}`,
      120_000,
    );
    const [early] = local.json(`${BASE}/alert`);
    assert.ok(early.t_ms < startedMs - 20 * DAY_S * 1000);
    time.set(0);
    await daemon.said(/the clock was set forward by 1814[34]\d\d/);
    proxy.mend();
    const expected = alerts(local);
    await until(
      () => expected.every((alert) => alerts(listener).includes(alert)),
      () => `${expected.length} alerts, ${alerts(listener).length} came`,
      60_000,
    );
    assert.doesNotMatch(daemon.log, /given up/);
    const folder = join(daemon.stateFolder, 'recordings');
    const headers = () => readdirSync(folder).filter((name) => name.endsWith('.hea'));
    const today = new Date(startedMs).toISOString().slice(0, 10).replaceAll('-', '');
    await until(
      () => headers().every((name) => name >= today),
      () => `names of today: ${headers()}`,
    );
    // What was told when the clock was wrong is found where it lies once that is known.
    const moment = new Date(early.t_ms + 21 * DAY_S * 1000).toISOString();
    assert.ok(isMoment(moment));
    await until(() => {
      try {
        return recordingAt(moment, folder).fromS >= 0;
      } catch {
        return false;
      }
    }, `a recording of ${moment} among ${headers()}`);
  },
);
