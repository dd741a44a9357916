/** A disk that takes no more names while it has room, and strange things where files of the state should be. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AckFile } from '@rhythmd/daemon/sink/outbox/ack-file.ts';
import { AlertLog } from '@rhythmd/daemon/sink/recorder/alert-log.ts';
import type { HealthEvent } from '@rhythmd/protocol/events.ts';
import { connectAsync } from 'mqtt';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { needsMount, needsProgram } from '../../support/needs.ts';
import { SmallDisk } from '../../support/small-disk.ts';
import { until } from '../../support/until.ts';

const NAMES = 200;

/** A daemon on that disk, and what its embedded broker says. */
async function running(t: TestContext, folder: string) {
  const daemon = await DaemonProcess.start({
    STATE_DIRECTORY: folder,
    RHYTHMD_SOURCE_URL: 'sim:synthetic?speed=4',
    RHYTHMD_MQTT_URL: 'mqtt://127.0.0.1:1',
    RHYTHMD_RECORDER_MIN_FREE_MB: '10',
  });
  t.after(() => daemon.stop('SIGKILL'));
  await daemon.said(/source: /);
  let health: HealthEvent | null = null;
  let beats = 0;
  const client = await connectAsync(daemon.mqttUrl, { reconnectPeriod: 50 }, false);
  client.on('message', (topic, payload) => {
    if (topic.endsWith('/beat')) beats++;
    else health = JSON.parse(payload.toString());
  });
  await client.subscribeAsync(['ecg/rhythmd-1/beat', 'ecg/rhythmd-1/health']);
  return {
    daemon,
    beatsGoOn: async () => {
      const before = beats;
      await until(() => beats > before + 10, 'ten more beats', 60_000);
    },
    recorder: async (state: RegExp) => {
      const is = () => state.test(health?.recorder?.state ?? '');
      await until(is, () => `the recorder to be ${state}: ${JSON.stringify(health)}\n${daemon.log}`, 120_000);
    },
    end: async () => {
      client.end(true);
      return daemon.stop('SIGTERM');
    },
  };
}

for (const [sickness, fallIll, heal] of [
  ['has no names left', (disk: SmallDisk) => disk.useUpNames(), (disk: SmallDisk) => disk.freeNames()],
  [
    'can only be read',
    (disk: SmallDisk) => disk.setReadOnly(true),
    (disk: SmallDisk) => disk.setReadOnly(false),
  ],
] as const) {
  test(
    `a disk that ${sickness}: beats go on, health says it, and recording goes on when it is whole`,
    needsMount(),
    async (t) => {
      const disk = SmallDisk.mount(mkdtempSync(join(tmpdir(), 'rhythmd-sick-')), 32 * 1024, NAMES)!;
      // Begun on the sick disk: an open file of a recording would be written on.
      fallIll(disk);
      let whole = false;
      const { beatsGoOn, recorder, end } = await running(t, disk.folder);
      try {
        await beatsGoOn();
        await recorder(/full|failed/);
        heal(disk);
        whole = true;
        await recorder(/recording/);
        const outbox = join(disk.folder, 'outbox');
        await until(
          () => existsSync(outbox) && readdirSync(outbox).length > 0,
          'what waits on disk',
          120_000,
        );
        await beatsGoOn();
        assert.equal(await end(), 0);
      } finally {
        if (!whole) heal(disk);
        await end();
        disk.unmount();
      }
    },
  );
}

test(
  'a FIFO or a folder where a file should be is moved aside: nobody waits for its other end',
  needsProgram('mkfifo'),
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-fifo-'));
    execFileSync('mkfifo', [join(folder, 'alerts_20261122.jsonl')]);
    mkdirSync(join(folder, 'acknowledged'));
    const log = new AlertLog(folder, false);
    log.add(Date.UTC(2026, 10, 22), { id: 'a' });
    await log.flush();
    assert.equal(readFileSync(join(folder, 'alerts_20261122.jsonl'), 'utf8'), '{"id":"a"}\n');
    const file = new AckFile(join(folder, 'acknowledged'));
    assert.equal(await file.open(), 0);
    await file.write(7);
    await file.close();
    const again = new AckFile(join(folder, 'acknowledged'));
    assert.equal(await again.open(), 7);
    await again.close();
    assert.deepEqual(readdirSync(folder).sort(), [
      'acknowledged',
      'acknowledged.no-file',
      'alerts_20261122.jsonl',
      'alerts_20261122.jsonl.no-file',
    ]);
  },
);
