/**
 * A day of signal through the real daemon as fast as it goes, with a subscriber at an external broker: memory over
 * time, and what is left on disk.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { Mosquitto } from '../../support/mosquitto.ts';
import { residentMb } from '../../support/resident.ts';
import { until } from '../../support/until.ts';

const RATE_HZ = 360;
const SAMPLE_EVERY_MS = 1000;
/** Caches and compiled code grow at first; the line is fitted to what follows. */
const WARM_UP_SHARE = 0.2;

export interface MemoryResult {
  readonly signalHours: number;
  readonly seconds: number;
  readonly beats: number;
  readonly firstMb: number;
  readonly lastMb: number;
  readonly maxMb: number;
  /** Of the line fitted to RSS over signal time after the warm-up, and its standard error. */
  readonly slopeMbPerDay: number;
  readonly slopeErrorMbPerDay: number;
  readonly outboxBytes: number;
  readonly outboxFiles: number;
}

export async function runMemoryTrial(hours: number, progress: (line: string) => void): Promise<MemoryResult> {
  const mosquitto = new Mosquitto();
  await mosquitto.start();
  const daemon = await DaemonProcess.start({
    RHYTHMD_SOURCE_URL: 'sim:208?speed=max&loop=true',
    RHYTHMD_MQTT_URL: mosquitto.url,
    RHYTHMD_RECORDER_MAX_MB: '100',
  });
  const listener = await connectAsync(mosquitto.url, { reconnectPeriod: 500 });
  try {
    let [beats, sample] = [0, 0];
    listener.on('message', (_topic, payload) => {
      beats++;
      sample = (JSON.parse(payload.toString()) as { sample: number }).sample;
    });
    await listener.subscribeAsync('ecg/+/beat', { qos: 1 });
    const startMs = performance.now();
    const points: { hours: number; mb: number }[] = [];
    const signalHours = () => sample / RATE_HZ / 3600;
    let saidHours = 0;
    const timer = setInterval(() => {
      if (sample > 0) points.push({ hours: signalHours(), mb: residentMb(daemon.process.pid ?? 0) });
      if (signalHours() < saidHours + 0.25) return;
      saidHours = Math.floor(signalHours() * 4) / 4;
      progress(`${saidHours} h of signal, ${Math.round(points.at(-1)?.mb ?? 0)} MB`);
    }, SAMPLE_EVERY_MS);
    await until(
      () => signalHours() >= hours || daemon.process.exitCode !== null,
      () => `${hours} h of signal; ${signalHours()} h so far; ${daemon.log.slice(-2000)}`,
      3_600_000,
    ).finally(() => clearInterval(timer));
    const settled = points.filter((point) => point.hours > WARM_UP_SHARE * hours);
    const { slope, error } = fitLine(settled.map(({ hours: x, mb: y }) => [x / 24, y]));
    const folder = join(daemon.stateFolder, 'outbox');
    const files = readdirSync(folder);
    return {
      signalHours: signalHours(),
      seconds: (performance.now() - startMs) / 1000,
      beats,
      firstMb: settled[0]?.mb ?? Number.NaN,
      lastMb: settled.at(-1)?.mb ?? Number.NaN,
      maxMb: Math.max(...points.map(({ mb }) => mb)),
      slopeMbPerDay: slope,
      slopeErrorMbPerDay: error,
      outboxBytes: files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0),
      outboxFiles: files.length,
    };
  } finally {
    listener.end(true);
    await daemon.stop('SIGKILL');
    await mosquitto.remove();
  }
}

/** Least squares. The error assumes independent points, which RSS is not: it is a lower bound. */
function fitLine(points: readonly (readonly [x: number, y: number])[]) {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const sxx = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const sxy = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const slope = sxy / sxx;
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(residual / Math.max(1, n - 2) / sxx) };
}
