/**
 * The real daemon, killed again and again: every beat that its outbox had on disk arrives at a subscriber of a real broker,
 * and so does every beat of its recordings but the last ones, which the disk may have had in one file and not in the other.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
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
  /** Ids of beats that lay in the outbox's files after a kill. */
  const onDisk = new Set<string>();
  const recordings = join(stateFolder, 'recordings');
  /** The recording of each run. */
  const recordingOf: string[] = [];
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
    // One without a sample is no recording: the next start takes it away.
    const header = () =>
      headersIn(recordings).find(
        (name) =>
          !recordingOf.includes(name) && statSync(join(recordings, name.replace('.hea', '.dat'))).size > 0,
      );
    await until(
      () => heardOf(kill) >= BEATS_BEFORE_A_KILL && header() !== undefined,
      () => `beats and a recording of run ${kill}; the daemon said:\n${daemon.log}`,
      120_000,
    );
    recordingOf.push(header()!);
    if (kill === 1) await mosquitto.kill();
    daemon.process.kill('SIGKILL');
    await once(daemon.process, 'close');
    for (const id of beatsIn(join(stateFolder, 'outbox'))) onDisk.add(id);
    if (kill === 1) await mosquitto.start();
  }
  // The last run sends what the one before it could not.
  await start();
  await until(() => runs().length > KILLS, 'the last run speaks', 120_000);

  await until(
    () => isAllThere(arrived(), onDisk),
    () => `of ${onDisk.size} beats on disk at a kill ${arrived().length} messages came`,
    60_000,
  );

  for (const [index, name] of recordingOf.entries()) {
    const run = runs()[index];
    const path = join(recordings, name.replace('.hea', ''));
    const recorded = readAnnotations(path, 'atr').filter(({ code }) => isBeatCode(code));
    const ofRun = arrived().filter(({ id }) => id.startsWith(`${run}-`));
    const samples = new Set(ofRun.map(({ sample }) => sample));
    const latest = Math.max(...samples);
    const missing = recorded.filter(({ sample }) => !samples.has(sample));
    assert.deepEqual(
      missing.map(({ sample }) => sample).filter((sample) => sample < latest),
      [],
      `run ${index} of ${recorded.length} beats: holes before the last that came`,
    );
  }
  const order = [...new Set(arrived().map(({ id }) => id))];
  const byRun = order.map((id) => [runs().indexOf(id.split('-')[0]), Number(id.split('-')[1])] as const);
  for (let i = 1; i < byRun.length; i++) {
    const [[run, seq], [nextRun, nextSeq]] = [byRun[i - 1]!, byRun[i]!];
    assert.ok(nextRun > run || (nextRun === run && nextSeq > seq), `${order[i - 1]} before ${order[i]}`);
  }
});

function headersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.hea'));
  return names.sort();
}

/** Ids of the beats in the outbox's files, torn ones at the end left out. */
function beatsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('beat-'))
    .flatMap(
      (name) =>
        readFileSync(join(folder, name), 'latin1').match(/\{"v":1,"id":"[^"]+".*?\}(?=[^\x20-\x7e]|$)/g) ??
        [],
    )
    .map((text) => /"id":"([^"]+)"/.exec(text)![1]!);
}

function isAllThere(arrived: readonly BeatEvent[], wanted: ReadonlySet<string>): boolean {
  const ids = new Set(arrived.map(({ id }) => id));
  return [...wanted].every((id) => ids.has(id));
}
