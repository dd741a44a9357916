/**
 * The real daemon on record 208, a browser and somebody else's MQTT client beside each other: the page shows what
 * was published, and what the page asks is done.
 */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import type { AlertEvent, BeatEvent } from '@rhythmd/protocol/events.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { canConnect } from '../support/mosquitto.ts';
import { Subscriber } from '../support/mqtt-subscriber.ts';
import { needsProgram, needsRecord } from '../support/needs.ts';
import { until } from '../support/until.ts';

const needs = { ...needsProgram('chromium'), ...needsRecord('208') };
const TOKEN = 'a-long-enough-token-of-24';

test('the page shows the beats that MQTT carries, an alert is acknowledged and ends', needs, async (t) => {
  const daemon = await DaemonProcess.start({ RHYTHMD_SOURCE_URL: 'sim:208?speed=10' });
  t.after(() => daemon.stop());
  const url = await daemon.pageUrl();
  await until(() => canConnect(daemon.mqttPort), 'the broker to listen', 60_000);
  const subscriber = await Subscriber.connect(t, daemon.mqttUrl, '#');
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const { page, complaints } = await openPage(browser, url);

  await until(
    async () => ((await page.evaluate('rhythmd.signal.beats.items.length')) as number) > 150,
    '150 beats',
    60_000,
  );
  const shown = (await page.evaluate(
    'rhythmd.signal.beats.items.map(({ id, label, sample }) => ({ id, label, sample }))',
  )) as BeatEvent[];
  await subscriber.until('ecg/rhythmd-1/beat', 100);
  const published = new Map(
    (subscriber.json('ecg/rhythmd-1/beat') as BeatEvent[]).map((beat) => [beat.id, beat]),
  );
  const both = shown.filter(({ id }) => published.has(id));
  assert.ok(both.length > 80, `${both.length} beats seen by both`);
  for (const { id, label, sample } of both) {
    assert.equal(label, published.get(id)!.label, id);
    assert.equal(sample, published.get(id)!.sample, id);
  }
  assert.ok(
    both.some(({ label }) => label === 'V'),
    'ventricular beats among them',
  );

  const bar = page.getByRole('region', { name: 'Active alerts' });
  await bar.getByRole('button', { name: 'Acknowledge' }).click();
  const alerts = () => subscriber.json('ecg/rhythmd-1/alert') as AlertEvent[];
  await until(() => alerts().some(({ acknowledged }) => acknowledged), 'the acknowledgement on MQTT', 30_000);
  const { id } = alerts().find(({ acknowledged }) => acknowledged)!;
  await page.locator(`[data-alert="${id}"]`).waitFor();
  await until(() => alerts().some((alert) => alert.id === id && alert.phase === 'end'), 'its end', 60_000);
  await page.locator(`[data-alert="${id}"][data-phase="end"]`).waitFor();
  assert.deepEqual(complaints, []);
});

test('from another address the page asks for the token first', needs, async (t) => {
  const address = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  if (!address) return t.skip('no address beside loopback');
  const daemon = await DaemonProcess.start({
    RHYTHMD_SOURCE_URL: 'sim:208?speed=2',
    RHYTHMD_WEB_HOST: '0.0.0.0',
    RHYTHMD_WEB_TOKEN: TOKEN,
  });
  t.after(() => daemon.stop());
  const { port } = new URL(await daemon.pageUrl());
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const { page } = await openPage(browser, `http://${address}:${port}/`);
  await page.getByLabel('Token').fill('not the token at all');
  await page.getByRole('button', { name: 'Open the monitor' }).click();
  await page.getByText('That is not the token').waitFor();
  await page.getByLabel('Token').fill(TOKEN);
  await page.getByRole('button', { name: 'Open the monitor' }).click();
  await page.getByText('Connected', { exact: true }).waitFor();
  await until(
    async () => ((await page.evaluate('rhythmd.signal.end')) as number) > 720,
    'two seconds of signal',
    60_000,
  );
});
