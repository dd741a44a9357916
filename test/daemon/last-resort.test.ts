/** An error that nobody catches, and an end that is asked for at any moment: real daemons. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LANES } from '@rhythmd/daemon/sink/outbox/message.ts';
import { recover } from '@rhythmd/daemon/sink/outbox/recover.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { Subscriber } from '../support/mqtt-subscriber.ts';
import { needsRecord } from '../support/needs.ts';
import { until } from '../support/until.ts';

const PLAYED = { RHYTHMD_SOURCE_URL: 'wfdb:100?speed=4', RHYTHMD_MQTT_URL: 'mqtt://127.0.0.1:1' };
/** Enough to start with, and soon used up. */
const FILES = 160;
const LOADED = ['--import', 'tsx', '--import', './test/support/throws-on-signal.ts', 'daemon/main.ts', 'run'];

test(
  'an error that nobody caught: what waits is written, one line says it, and systemd starts it again',
  needsRecord('100'),
  async (t) => {
    const daemon = await DaemonProcess.start(PLAYED, LOADED);
    const { stateFolder } = daemon;
    t.after(() => daemon.stop('SIGKILL'));
    // The source opens last: the broker is there by then.
    await daemon.said(/source: /);
    const listener = await Subscriber.connect(t, daemon.mqttUrl, 'ecg/rhythmd-1/beat');
    await until(() => listener.json('ecg/rhythmd-1/beat').length >= 20, 'twenty beats');
    daemon.process.kill('SIGUSR2');
    await daemon.ended();
    assert.equal(daemon.process.exitCode, 1, daemon.log);
    const told = daemon.log.split('\n').filter((line) => /E_UNEXPECTED/.test(line));
    assert.equal(told.length, 1, daemon.log);
    assert.match(told[0]!, /error daemon: E_UNEXPECTED: nobody catches this at .*throws-on-signal.*saved/);
    const sent = listener.json('ecg/rhythmd-1/beat').length;
    const { logs, damaged, torn, ackFile } = await recover(join(stateFolder, 'outbox'), () => 0);
    await ackFile.close();
    for (const lane of LANES) await logs[lane].close();
    assert.ok(logs.beat.pending >= sent, `${logs.beat.pending} of ${sent} beats wait on disk`);
    assert.deepEqual([damaged, torn], [0, 0]);
    const folder = join(stateFolder, 'recordings');
    const [name] = readdirSync(folder).filter((file) => file.endsWith('.hea'));
    const { sampleCount } = readRecord(join(folder, name!.slice(0, -4)));
    // The twentieth beat is some 16 s into the record.
    assert.ok(sampleCount > 16 * 360, `${sampleCount} samples recorded`);
  },
);

for (const [when, said] of [
  ['before it has loaded', null],
  ['while it starts', /the page is at/],
  ['while the simulator is loaded', /source: |Opening/],
] as const) {
  test(`SIGTERM ${when} ends it at once, with 0`, needsRecord('208'), async () => {
    const daemon = await DaemonProcess.start({ RHYTHMD_LOG_LEVEL: 'debug' });
    if (said === null) await sleep(50);
    else await daemon.said(said);
    const startedMs = performance.now();
    const status = await daemon.stop('SIGTERM');
    const tookMs = performance.now() - startedMs;
    // Before its first line of JavaScript a process has no handler: the signal itself ends it, which systemd counts as clean.
    if (said === null)
      assert.equal(daemon.process.signalCode ?? status, daemon.process.signalCode === null ? 0 : 'SIGTERM');
    else assert.equal(status, 0, daemon.log);
    // The bound of a forced end is eight seconds.
    assert.ok(tookMs < 8000, `it took ${Math.round(tookMs)} ms:\n${daemon.log}`);
  });
}

test(
  'HUP and USR1, which other daemons take for "read again": monitoring goes on, no debugger opens',
  needsRecord('100'),
  async (t) => {
    const daemon = await DaemonProcess.start({
      RHYTHMD_SOURCE_URL: 'wfdb:100?speed=4',
      RHYTHMD_MODEL_PATH: '',
    });
    t.after(() => daemon.stop('SIGKILL'));
    await daemon.said(/source: /);
    const listener = await Subscriber.connect(t, daemon.mqttUrl, 'ecg/rhythmd-1/beat');
    for (const signal of ['SIGHUP', 'SIGUSR1'] as const) {
      daemon.process.kill(signal);
      await daemon.said(new RegExp(`${signal} means nothing here`));
    }
    const before = listener.json('ecg/rhythmd-1/beat').length;
    await listener.until('ecg/rhythmd-1/beat', before + 5);
    assert.doesNotMatch(daemon.log, /Debugger/);
    assert.equal(await daemon.stop('SIGTERM'), 0);
  },
);

test(
  'more connections than open files: monitoring goes on, and says what it does not know',
  needsRecord('100'),
  async (t) => {
    const limited = ['-c', `ulimit -n ${FILES}; exec ${process.execPath} --import tsx daemon/main.ts run`];
    const daemon = await DaemonProcess.start({ RHYTHMD_SOURCE_URL: 'wfdb:100?speed=4' }, limited, 'bash');
    t.after(() => daemon.stop('SIGKILL'));
    const page = new URL(await daemon.pageUrl());
    await daemon.said(/source: /);
    const listener = await Subscriber.connect(t, daemon.mqttUrl, [
      'ecg/rhythmd-1/beat',
      'ecg/rhythmd-1/health',
    ]);
    const sockets = [Number(page.port), daemon.mqttPort].flatMap((port) =>
      Array.from({ length: 2 * FILES }, () => connect(port, '127.0.0.1').on('error', () => {})),
    );
    t.after(() => {
      for (const socket of sockets) socket.destroy();
    });
    const beats = () => listener.json('ecg/rhythmd-1/beat').length;
    const healths = () => listener.json('ecg/rhythmd-1/health').length;
    const [beatsBefore, healthsBefore] = [beats(), healths()];
    await until(
      () => beats() >= beatsBefore + 40 && healths() >= healthsBefore + 2,
      () => `beats and health to go on; it said:\n${daemon.log}`,
      60_000,
    );
    assert.equal(daemon.process.exitCode, null);
  },
);
