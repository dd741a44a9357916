/**
 * The real daemon in real time with everything against it: its state on a full disk, and subscribers that never
 * read at both brokers, kept there while they are thrown out. How late do beats reach those who do read?
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BeatEvent } from '@rhythmd/protocol/events.ts';
import { connectAsync, type MqttClient } from 'mqtt';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { canConnect, Mosquitto } from '../../support/mosquitto.ts';
import { connectStuckSubscriber } from '../../support/stuck-subscriber.ts';
import { until } from '../../support/until.ts';

const SLOW_SUBSCRIBERS = 10;
/** A beat is complete when the next is known, or this long after its peak. */
const LONGEST_NATURAL_MS = 1800;
/** Beats before this sample (4 s) wait for the detector's first levels, once a stream: they are told apart. */
const START_SAMPLES = 4 * 360;
/** What others publish, so that those who do not read have something not to read. */
const NOISE_BYTES = 64 * 1024;
const NOISE_EVERY_MS = 100;

export interface DelayResult {
  readonly beats: number;
  /** Beyond the beat's natural delay, in milliseconds, at a subscriber of each broker. */
  readonly embeddedMs: Percentiles;
  readonly externalMs: Percentiles;
  /** The first beats of the stream, not in the figures above, and the latest of them. */
  readonly start: { readonly beats: number; readonly mostMs: number | null };
  /** Messages the embedded broker did not send to those who do not read. */
  readonly skipped: number;
  readonly diskFull: boolean;
  readonly lost: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** @param against false: the same without anything against it, to tell what the adversity adds */
export async function runDelayTrial(
  seconds: number,
  against: boolean,
  progress: (line: string) => void,
): Promise<DelayResult> {
  const folder = mkdtempSync(join(tmpdir(), 'delay-trial-'));
  if (against) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  const mosquitto = new Mosquitto();
  const clients: MqttClient[] = [];
  const stuck: Socket[] = [];
  let daemon: DaemonProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  try {
    if (against) fill(join(folder, 'fill'));
    await mosquitto.start();
    daemon = await DaemonProcess.start({
      STATE_DIRECTORY: folder,
      RHYTHMD_SOURCE_URL: 'sim:208?speed=1&loop=true',
      RHYTHMD_MQTT_URL: mosquitto.url,
      RHYTHMD_MQTT_WAVE: 'true',
    });
    const { mqttPort, mqttUrl } = daemon;
    await until(() => canConnect(mqttPort), 'the embedded broker', 60_000);
    const embedded = await listen(mqttUrl, clients);
    const external = await listen(mosquitto.url, clients);
    const health = await listen(mqttUrl, clients, 'ecg/+/health');
    const noise = await connectAsync(mqttUrl, { reconnectPeriod: 500 });
    clients.push(noise);
    const keepStuck = (port: number, index: number): void => {
      connectStuckSubscriber(port, `stuck-${port}-${index}`).then(
        (socket) => {
          stuck.push(socket);
          socket.once('close', () => setTimeout(() => keepStuck(port, index), 1000).unref());
        },
        () => {},
      );
    };
    for (let i = 0; against && i < SLOW_SUBSCRIBERS; i++) {
      keepStuck(mqttPort, i);
      keepStuck(mosquitto.port, i);
    }
    const ballast = Buffer.alloc(NOISE_BYTES, 'x');
    if (against) timer = setInterval(() => noise.publish('others/noise', ballast), NOISE_EVERY_MS);
    const what = `${SLOW_SUBSCRIBERS} stuck subscribers at each broker, no room on disk`;
    progress(`${seconds} s in real time, ${against ? what : 'nothing against it'}`);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const latest = JSON.parse(health.at(-1)?.text ?? '{}');
    const ids = new Set(external.map(({ text }) => (JSON.parse(text) as BeatEvent).id));
    // The last ones are still on their way to the other broker.
    const early = embedded.filter(({ arrivedMs }) => arrivedMs < Date.now() - LONGEST_NATURAL_MS);
    const start = embedded.filter(isStart).map(delayOf);
    const settled = (arrivals: readonly Arrival[]) =>
      arrivals.filter((arrival) => !isStart(arrival)).map(delayOf);
    return {
      beats: embedded.length,
      embeddedMs: percentiles(settled(embedded)),
      externalMs: percentiles(settled(external)),
      start: { beats: start.length, mostMs: start.length === 0 ? null : Math.max(...start) },
      skipped: latest.queues?.broker_skipped ?? 0,
      diskFull: /ENOSPC/.test(daemon.log),
      lost: early.filter(({ text }) => !ids.has((JSON.parse(text) as BeatEvent).id)).length,
    };
  } finally {
    if (timer) clearInterval(timer);
    for (const client of clients) client.end(true);
    for (const socket of stuck) {
      socket.removeAllListeners('close');
      socket.destroy();
    }
    await daemon?.stop('SIGKILL');
    await mosquitto.remove();
    if (against) execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Arrival {
  readonly text: string;
  readonly arrivedMs: number;
}

async function listen(url: string, clients: MqttClient[], filter = 'ecg/+/beat'): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  const client = await connectAsync(url, { reconnectPeriod: 500 });
  clients.push(client);
  client.on('message', (_topic, payload) => {
    arrivals.push({ text: payload.toString(), arrivedMs: Date.now() });
  });
  await client.subscribeAsync(filter, { qos: 1 });
  return arrivals;
}

function isStart({ text }: Arrival): boolean {
  return (JSON.parse(text) as BeatEvent).sample < START_SAMPLES;
}

/** What came on top of the beat's own natural delay. */
function delayOf({ text, arrivedMs }: Arrival): number {
  const { t_ms: peakMs, rr_next_ms: rrNextMs } = JSON.parse(text) as BeatEvent;
  return arrivedMs - peakMs - Math.min(rrNextMs ?? LONGEST_NATURAL_MS, LONGEST_NATURAL_MS);
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** Until the disk says that it is full. */
function fill(path: string): void {
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeFileSync(path, block, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
