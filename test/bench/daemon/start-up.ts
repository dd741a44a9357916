/** The real program: how long it takes to serve its page and to publish its first beat, and what memory it takes. */
import { readFileSync } from 'node:fs';
import { connectAsync, type MqttClient } from 'mqtt';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { canConnect } from '../../support/mosquitto.ts';
import { until } from '../../support/until.ts';

export interface StartUp {
  readonly pageMs: number;
  readonly firstBeatMs: number;
  /** After a minute's worth of signal. */
  readonly rssMb: number;
}

/** @param command arguments of node: the checkout's sources, or the bundle; @param record a path: the bundle looks elsewhere */
export async function startUp(command: readonly string[], record: string): Promise<StartUp> {
  const startMs = performance.now();
  const daemon = await DaemonProcess.start({ RHYTHMD_SOURCE_URL: `wfdb://${record}?speed=4` }, command);
  let client: MqttClient | null = null;
  try {
    const page = await daemon.pageUrl();
    await until(async () => (await fetch(page).catch(() => null))?.status === 200, 'the page', 60_000);
    const pageMs = performance.now() - startMs;
    await until(() => canConnect(daemon.mqttPort), 'the broker', 60_000);
    client = await connectAsync(daemon.mqttUrl);
    let beats = 0;
    client.on('message', () => {
      beats++;
    });
    await client.subscribeAsync('ecg/rhythmd-1/beat');
    await until(() => beats > 0, 'a beat', 60_000);
    const firstBeatMs = performance.now() - startMs;
    await until(() => beats > 60, 'a minute of beats', 60_000);
    return { pageMs, firstBeatMs, rssMb: residentMb(daemon.process.pid!) };
  } finally {
    client?.end(true);
    await daemon.stop();
  }
}

function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
