/** What pages cost the daemon: its processor time with none and with twenty, on a record at 360 Hz with two leads. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { until } from '../../support/until.ts';
import { cpuSeconds } from './processor-time.ts';

const MEASURED_MS = 30_000;

export interface ServingCost {
  readonly clients: number;
  /** Share of one core, percent. */
  readonly cpuPercent: number;
  readonly bytesPerSecondEach: number;
  readonly samplesEach: number;
}

export async function measureServing(clientCounts: readonly number[]): Promise<ServingCost[]> {
  const daemon = await DaemonProcess.start({ RHYTHMD_SOURCE_URL: 'sim:208?speed=1' });
  try {
    const url = (await daemon.pageUrl()).replace('http', 'ws');
    await daemon.said(/Receiving/);
    await sleep(10_000);
    const costs: ServingCost[] = [];
    for (const count of clientCounts) costs.push(await withClients(daemon, `${url}stream`, count));
    return costs;
  } finally {
    await daemon.stop();
  }
}

async function withClients(daemon: DaemonProcess, url: string, count: number): Promise<ServingCost> {
  let bytes = 0;
  let samples = 0;
  const sockets = Array.from({ length: count }, () => {
    const socket = new WebSocket(url);
    socket.on('message', (data: Buffer, isBinary) => {
      bytes += data.length;
      if (isBinary && data[1] === 0) samples += data.readUInt16LE(2);
    });
    return socket;
  });
  await until(() => sockets.every((socket) => socket.readyState === WebSocket.OPEN), 'clients to connect');
  await sleep(3000);
  bytes = 0;
  samples = 0;
  const pid = daemon.process.pid!;
  const before = cpuSeconds(pid);
  const startedMs = performance.now();
  await sleep(MEASURED_MS);
  const elapsedS = (performance.now() - startedMs) / 1000;
  const cpuPercent = (100 * (cpuSeconds(pid) - before)) / elapsedS;
  for (const socket of sockets) socket.terminate();
  const each = Math.max(1, count);
  return {
    clients: count,
    cpuPercent,
    bytesPerSecondEach: bytes / elapsedS / each,
    samplesEach: samples / elapsedS / each,
  };
}
