/**
 * The daemon's way to the broker as a program of its own, to be killed: the real sink and outbox, fed with
 * numbered beats and alerts at a steady rate. Two ledgers say what it did before it died: `pushed`, each event as it was
 * handed over, and `stored`, each event once the outbox said that the disk has it (as a recording would).
 *
 * node --import tsx driver.ts URL FOLDER BEATS BEATS_PER_SECOND
 */
import { openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BeatIds } from '@rhythmd/daemon/beat-ids.ts';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { readCredentials } from '@rhythmd/daemon/sink/mqtt/credentials.ts';
import { MqttSink } from '@rhythmd/daemon/sink/mqtt.ts';
import { DurableOutbox } from '@rhythmd/daemon/sink/outbox/durable-outbox.ts';
import { alertEvent, beatEvent } from './events.ts';

const [url = '', folder = '', beatsText = '', rateText = ''] = process.argv.slice(2);
const beatCount = Number(beatsText);
const periodMs = 1000 / Number(rateText);
const TICK_MS = 5;
/** A beat in 20 starts an alert, the tenth beat after it ends it. */
const BEATS_PER_ALERT = 20;

const nowMs = () => Date.now();
const log = SILENT_LOGGER;
const outbox = new DurableOutbox({
  folder: join(folder, 'outbox'),
  maxBytes: 64e6,
  maxAgeMs: 864e5,
  log,
  nowMs,
  monotonicMs: () => performance.now(),
});
const credentials = () =>
  readCredentials({
    url,
    user: '',
    password: '',
    passwordFile: '',
    caFile: '',
    certFile: '',
    keyFile: '',
    folder: '',
  });
const broker = { url, clientId: 'rhythmd-d1', credentials, firstRetryMs: 50, mostRetryMs: 500 };
const sink = new MqttSink({
  device: 'd1',
  embedded: null,
  external: { broker, outbox },
  homeAssistant: null,
  wave: false,
  requests: null,
  log,
  nowMs,
  monotonicMs: () => performance.now(),
});
const ids = new BeatIds();
const pushed = openSync(join(folder, 'pushed'), 'a');
const stored = openSync(join(folder, 'stored'), 'a');
/** Handed over, not known to be on disk yet. */
let unsure: string[] = [];
/** The next beat: this run goes on where the last one stopped. */
let next = readFileSync(join(folder, 'pushed'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('beat ')).length;

function note(line: string): void {
  writeSync(pushed, `${line}\n`);
  unsure.push(line);
}

function pushBeat(): void {
  next++;
  const beat = { ...beatEvent(next, ids.run), t_ms: nowMs() };
  sink.beat(beat);
  note(`beat ${beat.id}`);
  const phase = next % BEATS_PER_ALERT === 0 ? 'start' : next % BEATS_PER_ALERT === 10 ? 'end' : null;
  if (phase === null) return;
  const number = Math.floor(next / BEATS_PER_ALERT);
  if (number === 0) return;
  const id = `${ids.run}-a${String(number).padStart(6, '0')}`;
  sink.alert({ ...alertEvent(id, phase, next), t_ms: nowMs() });
  note(`alert ${id} ${phase}`);
}

// The daemon's first beat comes seconds after its start: by then its modules are loaded.
await import('mqtt');
await sink.start();
const startMs = performance.now();
const already = next;
const timer = setInterval(() => {
  const due = Math.min(beatCount, already + Math.floor((performance.now() - startMs) / periodMs));
  while (next < due) pushBeat();
  if (outbox.counts().unstored === 0 && unsure.length > 0) {
    writeSync(stored, `${unsure.join('\n')}\n`);
    unsure = [];
  }
  if (next < beatCount || unsure.length > 0 || outbox.counts().messages > 0) return;
  clearInterval(timer);
  void sink.stop().then(() => process.exit(0));
}, TICK_MS);
