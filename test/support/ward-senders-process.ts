/**
 * Many devices in one process, as the broker sees them: the real sink and the real outbox each, speaking of made-up hearts. When time is up it
 * waits until every outbox is empty, then says in one line what was said.
 *
 * node --import tsx ward-senders-process.ts FOLDER URLS BASE SECONDS ID...     (FOLDER: what `rhythmd fleet` made)
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { readCredentials } from '@rhythmd/daemon/sink/mqtt/credentials.ts';
import { MqttSink } from '@rhythmd/daemon/sink/mqtt.ts';
import { DurableOutbox } from '@rhythmd/daemon/sink/outbox/durable-outbox.ts';
import { alertEvent, beatEvent, vitalsEvent } from './delivery/events.ts';
import { infoEvent } from './stage.ts';

const [fleet = '', urls = '', base = '', secondsText = '', ...ids] = process.argv.slice(2);
/** 75 a minute, each bed at its own moment. */
const RR_MS = 800;
const BEATS_PER_ALERT = 20;
/** A bed whose outbox is not empty by then has lost. */
const DRAIN_MS = 180_000;

const nowMs = () => Date.now();
const monotonicMs = () => performance.now();
const log = SILENT_LOGGER;

function open(id: string, index: number) {
  // As `rhythmd fleet` writes it: each begins with another node.
  const all = urls.split(',');
  const url = [...all.slice(index % all.length), ...all.slice(0, index % all.length)].join();
  const own = join(fleet, 'devices', id);
  const none = { password: '', certFile: '', keyFile: '', folder: '' };
  const sources = {
    ...none,
    user: id,
    passwordFile: join(own, 'mqtt-password'),
    caFile: join(own, 'mqtt-ca'),
  };
  const folder = mkdtempSync(join(tmpdir(), `ward-${id}-`));
  const outbox = new DurableOutbox({ folder, maxBytes: 64e6, maxAgeMs: 864e5, log, nowMs, monotonicMs });
  const sink = new MqttSink({
    device: id,
    base,
    sayAgainMs: 10_000,
    embedded: null,
    external: {
      broker: {
        url,
        clientId: `rhythmd-${id}`,
        credentials: (one) => readCredentials({ ...sources, url: one }),
      },
      outbox,
    },
    homeAssistant: null,
    wave: false,
    requests: null,
    log,
    nowMs,
    monotonicMs,
  });
  return { id, sink, outbox, beats: 0, alerts: 0 };
}

type Bed = ReturnType<typeof open>;

interface Packet {
  readonly cmd: string;
  readonly dup?: boolean;
  readonly topic: string;
  readonly payload: string | Buffer;
}

function beat(bed: Bed): void {
  const seq = ++bed.beats;
  bed.sink.beat({ ...beatEvent(seq), t_ms: nowMs() });
  const place = seq % BEATS_PER_ALERT;
  if (place !== 0 && place !== BEATS_PER_ALERT / 2) return;
  const number = Math.floor(seq / BEATS_PER_ALERT);
  if (number === 0) return;
  bed.sink.alert({ ...alertEvent(`a${number}`, place === 0 ? 'start' : 'end', seq), t_ms: nowMs() });
  bed.alerts++;
}

const beds = ids.map(open);
const { MqttClient } = await import('mqtt');
/** By bed: how long an alert took from the sink to the socket. What comes after is the broker's. */
const onSocketMs = new Map<string, number[]>(ids.map((id) => [id, []]));
const emit = MqttClient.prototype.emit as (this: unknown, event: string, ...words: unknown[]) => boolean;
function emitAndNote(this: unknown, event: string, ...words: unknown[]): boolean {
  const packet = words[0] as Packet | undefined;
  if (event === 'packetsend' && packet?.cmd === 'publish' && !packet.dup && packet.topic.endsWith('/alert'))
    onSocketMs
      .get(packet.topic.split('/').at(-2) ?? '')
      ?.push(nowMs() - JSON.parse(String(packet.payload)).t_ms);
  return emit.call(this, event, ...words);
}
MqttClient.prototype.emit = emitAndNote as typeof MqttClient.prototype.emit;
const timers: NodeJS.Timeout[] = [];
for (const [index, bed] of beds.entries()) {
  await bed.sink.start();
  bed.sink.info({ ...infoEvent({}), device: bed.id });
  setTimeout(
    () => {
      timers.push(setInterval(() => beat(bed), RR_MS));
      timers.push(setInterval(() => bed.sink.vitals({ ...vitalsEvent(75), t_ms: nowMs() }), 1000));
    },
    (index * 1000) / beds.length,
  );
}
setTimeout(async () => {
  for (const timer of timers) clearInterval(timer);
  const endMs = monotonicMs() + DRAIN_MS;
  const isDone = () => beds.every(({ outbox }) => outbox.counts().messages === 0);
  while (!isDone() && monotonicMs() < endMs) await new Promise((resolve) => setTimeout(resolve, 100));
  const told = beds.map(({ id, beats, alerts, sink, outbox }) => ({
    id,
    beats,
    alerts,
    left: outbox.counts().messages,
    connects: sink.counters().mqtt_connects ?? 0,
    repeated: sink.counters().mqtt_repeated ?? 0,
    onSocketMs: onSocketMs.get(id) ?? [],
  }));
  console.log(JSON.stringify(told));
  process.exit(0);
}, Number(secondsText) * 1000);
