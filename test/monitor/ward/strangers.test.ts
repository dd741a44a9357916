/** The ward page and people who may less, and strangers who send what no device sends: in a real browser, with a real mosquitto. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeWaveFrame } from '@rhythmd/protocol/wave-frame.ts';
import { connectAsync } from 'mqtt';
import { needsProgram } from '../../support/needs.ts';
import { alertEvent, healthEvent, infoEvent, vitalsEvent } from '../../support/stage.ts';
import {
  shows,
  startBeds,
  startBroker,
  textOf,
  tile,
  wardBrowser,
  wardOf,
} from '../../support/ward-browser.ts';

const needs = needsProgram('chromium', 'mosquitto', 'mosquitto_passwd', 'openssl');
const open = wardBrowser(Boolean(needs.skip));

test('a viewer may look, and is told in a sentence that they may not acknowledge', needs, async (t) => {
  const folder = (await startBroker(t)).mosquitto.folder;
  const [passwords, rules] = [join(folder, 'passwords'), join(folder, 'rules')];
  execFileSync('mosquitto_passwd', ['-c', '-b', passwords, 'device', 'secret-device']);
  execFileSync('mosquitto_passwd', ['-b', passwords, 'viewer', 'secret-viewer']);
  const topics = [
    'user device',
    'topic readwrite ecg/#',
    'user viewer',
    'topic read ecg/#',
    'topic write ecg/+/request/wave',
  ];
  writeFileSync(rules, `${topics.join('\n')}\n`);
  const lines = [`password_file ${passwords}`, `acl_file ${rules}`];
  const { mosquitto, ws } = await startBroker(t, { lines, anonymous: false });
  const [bed] = await startBeds(t, mosquitto.url, 1, { user: 'device', password: 'secret-device' });
  const { page } = await open(t, [ws], wardOf(1));
  await shows(page, 'dialog[open]', /wants a user and a password/);
  const signIn = async (password: string) => {
    await page.locator('dialog input[name=user]').fill('viewer');
    await page.locator('dialog input[name=password]').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await signIn('wrong');
  await shows(page, 'dialog[open]', /refuses this user and password/);
  await signIn('secret-viewer');
  await shows(page, `${tile('b1')} .tile-rate`, /^60$/);
  bed!.alert({ id: 'a1', priority: 'high', kind: 'asystole', text: 'asystole' });
  await shows(page, `${tile('b1')} .tile-alarm`, /Asystole/);
  await page
    .locator(`${tile('b1')} .tile-actions button`)
    .first()
    .click();
  await shows(page, `${tile('b1')} .complaint`, /this user may not ask that/, 6000);
  assert.deepEqual(bed!.asked, []);
});

test(
  'hostile: garbage, strangers, markup and times that cannot be: nothing throws, the others go on',
  needs,
  async (t) => {
    const { mosquitto, ws } = await startBroker(t);
    await startBeds(t, mosquitto.url, 2);
    const markup = '<img src=x onerror="document.title=\'broken\'">';
    const ward = wardOf(2, { 0: markup });
    const deep = { base: 'ecg/icu/x', device: 'icu/x', label: 'Deep', page: null };
    const { page, complaints } = await open(t, [ws], { ...ward, beds: [...ward.beds, deep] });
    await shows(page, `${tile('b1')} .tile-rate`, /^60$/);
    assert.equal(await textOf(page, `${tile('b1')} h2`), markup);
    const stranger = await connectAsync(mosquitto.url);
    t.after(() => stranger.endAsync(true));
    const garbage = [
      '',
      'null',
      '[]',
      '{"hr_bpm":NaN}',
      '{"v":1,"t_ms":1e999}',
      'x'.repeat(20_000),
      Buffer.alloc(20_000, 255),
    ];
    const leaves = [
      'vitals',
      'state',
      'info',
      'lead',
      'health',
      'alert',
      'alert/active',
      'strip/a',
      'beat',
      'wave',
      'bridge',
      'response/wave',
      'nothing',
    ];
    for (const leaf of leaves)
      for (const payload of garbage) await stranger.publishAsync(`ecg/b1/${leaf}`, payload);
    // Once: mosquitto 2.0.11 takes three seconds to hand as much to a browser.
    await stranger.publishAsync('ecg/b1/vitals', 'x'.repeat(200_000));
    await stranger.publishAsync(
      'ecg/b1/alert',
      JSON.stringify(
        alertEvent({ id: 'm', kind: '__proto__', text: markup, t_ms: 1e300, start_t_ms: 8.7e15 }),
      ),
    );
    await stranger.publishAsync(
      'ecg/b1/wave',
      Buffer.from(encodeWaveFrame(0, 2 ** 52, new Float32Array(90).fill(1e30), 90)),
    );
    for (let i = 0; i < 100; i++) {
      await stranger.publishAsync(`ecg/x${i}/vitals`, JSON.stringify(vitalsEvent()));
      await stranger.publishAsync(`ecg/x${i}/info`, JSON.stringify(infoEvent({})), { retain: true });
    }
    for (const uptime of [50, 4, 60, 5])
      await stranger.publishAsync('ecg/b2/health', JSON.stringify(healthEvent({ uptime_s: uptime })));
    // What is not said again is old after five seconds.
    const speaking = setInterval(() => {
      stranger.publish('ecg/icu/x/vitals', JSON.stringify(vitalsEvent({ hr_bpm: 51, t_ms: Date.now() })));
    }, 500);
    t.after(() => clearInterval(speaking));
    await shows(page, `${tile('icu/x')} .tile-rate`, /^51$/);
    await shows(page, `${tile('b2')} .tile-alarm`, /Two devices use this name/);
    await shows(page, `${tile('b1')} .tile-alarm`, /<img src=x/);
    await shows(page, `${tile('b1')} .tile-rate`, /^60$/);
    assert.equal(await page.evaluate(`document.querySelectorAll('.tile').length`), 3);
    await page.locator('nav a', { hasText: 'Fleet' }).click();
    await shows(page, '.fleet-view p', /^103 devices/);
    assert.doesNotMatch(await page.title(), /broken/);
    assert.deepEqual(complaints, []);
  },
);
