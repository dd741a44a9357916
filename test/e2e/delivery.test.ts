/** The real daemon, killed again and again: every beat in its recordings arrives at a subscriber of a real broker. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { BeatEvent } from '@rhythmd/protocol/events.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { startMosquitto } from '../support/delivery/sink.ts';
import { Subscriber } from '../support/mqtt-subscriber.ts';
import { needsProgram, needsRecord } from '../support/needs.ts';
import { until } from '../support/until.ts';

const KILLS = 3;
const BEATS_BEFORE_A_KILL = 30;
const PERSISTENCE = ['persistence true', 'autosave_on_changes true', 'autosave_interval 1'];

test('every recorded beat arrives, whoever is killed', {
  ...needsProgram('mosquitto'),
  ...needsRecord('233'),
}, async (t) => {
  const mosquitto = await startMosquitto(t, { configuration: PERSISTENCE });
  const stateFolder = mkdtempSync(join(tmpdir(), 'rhythmd-delivery-'));
  const daemons: DaemonProcess[] = [];
  t.after(async () => {
    for (const daemon of daemons) await daemon.stop('SIGKILL');
    rmSync(stateFolder, { recursive: true, force: true });
  });
  const session = { clientId: 'listener', clean: false, reconnectPeriod: 50 };
  const listener = await Subscriber.connect(t, mosquitto.url, 'ecg/+/beat', session);
  const arrived = () => listener.received.map(({ text }) => JSON.parse(text) as BeatEvent);
  /** Run ids in the order they were first heard. */
  const runs = () => [...new Set(arrived().map(({ id }) => id.split('-')[0]))];
  const heardOf = (index: number) =>
    new Set(
      arrived()
        .map(({ id }) => id)
        .filter((id) => id.split('-')[0] === runs()[index]),
    ).size;
  const start = async () => {
    const daemon = await DaemonProcess.start({
      STATE_DIRECTORY: stateFolder,
      RHYTHMD_SOURCE_URL: 'sim:233?speed=10',
      RHYTHMD_MODEL_PATH: '',
      RHYTHMD_MQTT_URL: mosquitto.url,
    });
    daemons.push(daemon);
    return daemon;
  };

  for (let kill = 0; kill < KILLS; kill++) {
    const daemon = await start();
    await until(
      () => heardOf(kill) >= BEATS_BEFORE_A_KILL,
      () => `beats of run ${kill}; the daemon said:\n${daemon.log}`,
      120_000,
    );
    if (kill === 1) await mosquitto.kill();
    daemon.process.kill('SIGKILL');
    await once(daemon.process, 'close');
    if (kill === 1) await mosquitto.start();
  }
  // The last run sends what the one before it could not.
  await start();
  await until(() => runs().length > KILLS, 'the last run speaks', 120_000);

  const recordings = join(stateFolder, 'recordings');
  assert.ok(existsSync(recordings));
  const headers = readdirSync(recordings)
    .filter((name) => name.endsWith('.hea'))
    .sort();
  assert.ok(headers.length >= KILLS);
  for (const [index, run] of runs().slice(0, KILLS).entries()) {
    const path = join(recordings, headers[index]!.replace('.hea', ''));
    const recorded = readAnnotations(path, 'atr').filter(({ code }) => isBeatCode(code));
    const samples = new Set(
      arrived()
        .filter(({ id }) => id.startsWith(`${run}-`))
        .map(({ sample }) => sample),
    );
    const missing = recorded.filter(({ sample }) => ![...samples].some((other) => other === sample));
    assert.ok(
      recorded.length >= BEATS_BEFORE_A_KILL / 2,
      `${recorded.length} beats recorded in run ${index}`,
    );
    assert.deepEqual(
      missing.map(({ sample }) => sample),
      [],
      `run ${index} of ${recorded.length} beats`,
    );
  }
  const order = [...new Set(arrived().map(({ id }) => id))];
  const byRun = order.map((id) => [runs().indexOf(id.split('-')[0]), Number(id.split('-')[1])] as const);
  for (let i = 1; i < byRun.length; i++) {
    const [[run, seq], [nextRun, nextSeq]] = [byRun[i - 1]!, byRun[i]!];
    assert.ok(nextRun > run || (nextRun === run && nextSeq > seq), `${order[i - 1]} before ${order[i]}`);
  }
});
