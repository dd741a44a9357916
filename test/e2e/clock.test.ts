/** The wall clock is set while the daemon runs, as NTP does where there is no battery clock: real processes. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { HealthEvent } from '@rhythmd/protocol/events.ts';
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
