/** What a Raspberry Pi's files say of its power, its heat and its card; other computers have none of them. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { computerFindings } from '@rhythmd/daemon/doctor/computer-findings.ts';
import { timeCameFromBattery } from '@rhythmd/daemon/time/battery-clock.ts';

const THROTTLED = 'sys/devices/platform/soc/soc:firmware/get_throttled';
const PI = {
  'proc/device-tree/model': 'Raspberry Pi Zero W Rev 1.1\0',
  'proc/mounts': '/dev/mmcblk0p2 / ext4 rw,noatime 0 0\nproc /proc proc rw 0 0\n',
  [THROTTLED]: '0\n',
  'sys/class/thermal/thermal_zone0/temp': '48312\n',
};

function rootWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'rhythmd-computer-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function said(t: TestContext, files: Readonly<Record<string, string>>): Promise<string[]> {
  const findings = await computerFindings('/var/lib/rhythmd', rootWith(t, files));
  return findings.map(({ name, verdict, text }) => `${name} ${verdict}: ${text}`);
}

test('a Pi that is well, and a computer that has none of it', async (t) => {
  assert.deepEqual(await said(t, PI), [
    'power ok: voltage and speed were right since the start',
    'heat ok: 48 degrees',
    'card unknown: it does not say how worn it is (SD cards seldom do)',
  ]);
  assert.deepEqual(await said(t, {}), []);
});

test('too little voltage and slowed, now and since the start; a firmware that says nothing', async (t) => {
  const power = async (text: string) => (await said(t, { ...PI, [THROTTLED]: text }))[0];
  assert.match((await power('50005'))!, /problem: the voltage is too low now/);
  assert.match((await power('50000'))!, /warning: the voltage was too low/);
  assert.match((await power('8'))!, /warning: the processor is slowed now/);
  assert.match((await power('80000'))!, /warning: the processor was slowed/);
  assert.match((await power(''))!, /unknown/);
  assert.match(
    (await said(t, { ...PI, 'sys/class/thermal/thermal_zone0/temp': '81000' }))[1]!,
    /heat warning/,
  );
});

test('a card: read-only, with errors, worn by its own account', async (t) => {
  const card = async (files: Readonly<Record<string, string>>) => (await said(t, { ...PI, ...files }))[2];
  assert.match(
    (await card({ 'proc/mounts': '/dev/mmcblk0p2 / ext4 ro 0 0\n' }))!,
    /problem: \/ is read-only/,
  );
  assert.match((await card({ 'sys/fs/ext4/mmcblk0p2/errors_count': '3\n' }))!, /problem: .* 3 errors/);
  assert.match((await card({ 'sys/block/mmcblk0/device/life_time': '0x01 0x02\n' }))!, /ok: up to 20 %/);
  assert.match((await card({ 'sys/block/mmcblk0/device/life_time': '0x09 0x02\n' }))!, /warning: up to 90 %/);
  // Recordings elsewhere: the card is not what wears.
  const usb = '/dev/mmcblk0p2 / ext4 ro 0 0\n/dev/sda1 /var/lib ext4 rw 0 0\n';
  assert.equal(await card({ 'proc/mounts': usb }), undefined);
});

test('the kernel says whether a clock with a battery gave it the time', (t) => {
  const root = rootWith(t, { 'with/rtc0/hctosys': '1\n', 'without/rtc0/hctosys': '0\n' });
  assert.equal(timeCameFromBattery(join(root, 'with')), true);
  assert.equal(timeCameFromBattery(join(root, 'without')), false);
  assert.equal(timeCameFromBattery(join(root, 'none')), false);
});
