/** The installed daemon at real time on this machine, with a page and two subscribers: its memory, and what it does to a card. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { connectAsync, type MqttClient } from 'mqtt';
import { WebSocket } from 'ws';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { canConnect } from '../../support/mosquitto.ts';
import { until } from '../../support/until.ts';
import { NODE_OPTIONS } from './started.ts';

/** A recording is begun, code is compiled, and what was compiled is kept, once (daemon/start). */
const WARM_UP_S = 100;
const SAMPLE_EVERY_S = 10;
const HOUR_S = 3600;
const SYSTEM_CALLS = { waits: ['fsync', 'fdatasync'], renames: ['rename', 'renameat', 'renameat2'] } as const;

export interface Footprint {
  readonly executor: string;
  readonly rssMb: number;
  /** Of a line through the second half. */
  readonly growthMbPerHour: number;
  readonly writtenMbPerHour: number;
  /** null: there is no strace. */
  readonly waitsPerHour: number | null;
  readonly renamesPerHour: number | null;
  /** Voluntary switches of all threads, with the signal running. */
  readonly switchesPerSecond: number;
}

/** @param place of the program; @param source what is played */
export function measureFootprint(place: string, source: string, minutes: number): Promise<Footprint> {
  return attended(place, source, (pid) => watch(pid, minutes * 60 - WARM_UP_S));
}

/**
 * The daemon with a page and two subscribers, some time after its start.
 * @param look what is asked of the process; it may ask how much of the signal was played
 */
export async function attended<T>(
  place: string,
  source: string,
  look: (pid: number, signalS: () => number) => Promise<T>,
): Promise<T & { readonly executor: string }> {
  const environment = { RHYTHMD_SOURCE_URL: source, RHYTHMD_RECORDER_MIN_FREE_MB: '10' };
  const daemon = await DaemonProcess.start(environment, [...NODE_OPTIONS, `${place}/rhythmd.js`, 'run']);
  const clients: MqttClient[] = [];
  let page: WebSocket | null = null;
  try {
    const url = await daemon.pageUrl();
    await until(() => canConnect(daemon.mqttPort), 'the broker', 60_000);
    let executor = '';
    let sample = 0;
    for (let i = 0; i < 2; i++) {
      const client = await connectAsync(daemon.mqttUrl);
      client.on('message', (topic, payload) => {
        if (topic.endsWith('/info')) executor = JSON.parse(payload.toString()).model?.executor?.name ?? '';
        if (topic.endsWith('/beat')) sample = JSON.parse(payload.toString()).sample;
      });
      await client.subscribeAsync('#');
      clients.push(client);
    }
    page = new WebSocket(new URL('stream', url.replace('http', 'ws')));
    page.on('message', () => {});
    await once(page, 'open');
    await sleep(WARM_UP_S * 1000);
    return { ...(await look(daemon.process.pid!, () => sample / PIPELINE_RATE_HZ)), executor };
  } finally {
    page?.terminate();
    for (const client of clients) client.end(true);
    await daemon.stop();
  }
}

async function watch(pid: number, seconds: number): Promise<Omit<Footprint, 'executor'>> {
  const calls = traced(pid);
  const beganMs = performance.now();
  const writtenBefore = writtenBytes(pid);
  const switchesBefore = switches(pid);
  const rss: { readonly s: number; readonly mb: number }[] = [];
  for (let s = SAMPLE_EVERY_S; s <= seconds; s += SAMPLE_EVERY_S) {
    await sleep(SAMPLE_EVERY_S * 1000);
    rss.push({ s: (performance.now() - beganMs) / 1000, mb: residentMb(pid) });
  }
  const elapsedS = (performance.now() - beganMs) / 1000;
  const perHour = HOUR_S / elapsedS;
  const counted = await calls?.end();
  const of = (names: readonly string[]) =>
    counted === undefined ? null : perHour * names.reduce((sum, name) => sum + (counted.get(name) ?? 0), 0);
  return {
    rssMb: rss.at(-1)!.mb,
    growthMbPerHour: slope(rss.slice(rss.length >> 1)) * HOUR_S,
    writtenMbPerHour: ((writtenBytes(pid) - writtenBefore) / 1e6) * perHour,
    waitsPerHour: of(SYSTEM_CALLS.waits),
    renamesPerHour: of(SYSTEM_CALLS.renames),
    switchesPerSecond: (switches(pid) - switchesBefore) / elapsedS,
  };
}

/** Voluntary switches of all threads: each is a waking. */
export function switches(pid: number): number {
  let sum = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    sum += Number(
      /^voluntary_ctxt_switches:\s+(\d+)/m.exec(
        readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8'),
      )?.[1],
    );
  }
  return sum;
}

/** Pages that the process made dirty on disks, as the kernel counts them. */
function writtenBytes(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

/** What of the process is in memory. */
export function residentMb(pid: number): number {
  return (Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6;
}

/** Counts system calls from now on. @returns null where there is no strace */
function traced(pid: number): { end(): Promise<ReadonlyMap<string, number>> } | null {
  if (!existsSync('/usr/bin/strace')) return null;
  const names = Object.values(SYSTEM_CALLS).flat();
  const tracer: ChildProcess = spawn(
    'strace',
    ['-f', '-c', '-e', `trace=${names.join(',')}`, '-p', String(pid)],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let text = '';
  tracer.stderr!.on('data', (bytes) => {
    text += bytes;
  });
  return {
    end: async () => {
      tracer.kill('SIGINT');
      await once(tracer, 'close');
      // % time, seconds, usecs/call, calls, errors where there were some, name
      const rows = text.matchAll(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)(?:\s+\d+)?\s+(\w+)$/gm);
      return new Map([...rows].map(([, calls, name]) => [name!, Number(calls)]));
    },
  };
}

function slope(points: readonly { readonly s: number; readonly mb: number }[]): number {
  const meanS = points.reduce((sum, { s }) => sum + s, 0) / points.length;
  const meanMb = points.reduce((sum, { mb }) => sum + mb, 0) / points.length;
  const products = points.reduce((sum, { s, mb }) => sum + (s - meanS) * (mb - meanMb), 0);
  return products / points.reduce((sum, { s }) => sum + (s - meanS) ** 2, 0);
}
