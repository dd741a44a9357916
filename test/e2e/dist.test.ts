/** What goes onto the device runs: one bundled file, away from the repository's sources. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { InfoEvent } from '@rhythmd/protocol/events.ts';
import { findRecord } from '@rhythmd/records/folders.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { Mosquitto } from '../support/mosquitto.ts';
import { Subscriber } from '../support/mqtt-subscriber.ts';
import { needsProgram, needsRecord, repositoryRoot } from '../support/needs.ts';

let device = '';
let program = '';

before(() => {
  execFileSync(process.execPath, ['--import', 'tsx', 'daemon/build.ts'], {
    cwd: repositoryRoot,
    stdio: 'pipe',
  });
  device = mkdtempSync(join(tmpdir(), 'rhythmd-device-'));
  program = join(device, 'rhythmd.js');
  cpSync(join(repositoryRoot, 'dist'), device, { recursive: true });
  // On a device `npm install` puts the native packages there.
  symlinkSync(join(repositoryRoot, 'node_modules'), join(device, 'node_modules'));
});
after(() => rmSync(device, { recursive: true, force: true }));

test('the built daemon plays a record to its page and broker', needsRecord('233'), async (t) => {
  const printed = execFileSync(process.execPath, [program, 'config', 'print'], { encoding: 'utf8' });
  assert.match(printed, /url = "sim:233/);
  // What an earlier start left in its folder is damaged.
  const state = mkdtempSync(join(tmpdir(), 'rhythmd-state-'));
  t.after(() => rmSync(state, { recursive: true, force: true }));
  writeFileSync(join(state, 'code-cache'), `rhycode1${'x'.repeat(1000)}`, { mode: 0o600 });
  const daemon = await DaemonProcess.start(
    { RHYTHMD_RECORDS_FOLDERS: dirname(findRecord('233')!), STATE_DIRECTORY: state },
    [program, 'run'],
  );
  t.after(() => daemon.stop());
  const page = await daemon.pageUrl();
  await daemon.said(/Receiving/);
  const subscriber = await Subscriber.connect(t, daemon.mqttUrl, '#');
  await subscriber.until('ecg/rhythmd-1/beat');
  const info = subscriber.json('ecg/rhythmd-1/info').at(-1) as InfoEvent;
  assert.match(info.description, /record 233/);
  const response = await fetch(page);
  assert.equal(response.status, 200);
  assert.match(await response.text(), /<title>rhythmd/);
  assert.equal(await daemon.stop('SIGTERM'), 0);
});

test('the built daemon speaks to a broker elsewhere', {
  ...needsRecord('233'),
  ...needsProgram('mosquitto'),
}, async (t) => {
  const broker = new Mosquitto();
  await broker.start();
  t.after(() => broker.kill());
  const folders = { RHYTHMD_RECORDS_FOLDERS: dirname(findRecord('233')!) };
  const daemon = await DaemonProcess.start({ ...folders, RHYTHMD_MQTT_URL: broker.url }, [program, 'run']);
  t.after(() => daemon.stop());
  const subscriber = await Subscriber.connect(t, broker.url, '#');
  await subscriber.until('ecg/rhythmd-1/beat');
});
