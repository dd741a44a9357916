/** A ward on the example brokers: beds that speak, a page that looks at sixteen of them, an archive, and nodes that die. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ExampleBrokers } from '../../support/example-brokers.ts';
import { canConnect } from '../../support/mosquitto.ts';
import { until } from '../../support/until.ts';
import { Archive } from './archive.ts';
import { WardPage } from './page.ts';

const senders = fileURLToPath(new URL('../../support/ward-senders-process.ts', import.meta.url));
const BASE = 'ecg/ward-3';
const PAGE_BEDS = 16;
const BEDS_A_PROCESS = 25;
const NODES = [1, 2, 3] as const;
/** A node that comes back takes this long to catch up with the queues of the others. */
const SETTLE_MS = 15_000;

export interface TrialOptions {
  readonly cluster: boolean;
  readonly devices: number;
  readonly seconds: number;
  readonly kills: boolean;
  /** The archive of a cluster has a queue of its own; else a session of MQTT. */
  readonly queue: boolean;
  readonly seed: number;
  readonly progress: (line: string) => void;
}

interface Told {
  readonly id: string;
  readonly beats: number;
  readonly alerts: number;
  readonly left: number;
  readonly connects: number;
  readonly repeated: number;
  /** Each alert from the device's sink to its socket. */
  readonly onSocketMs: readonly number[];
}

export async function runTrial(options: TrialOptions) {
  const { cluster, devices, seconds, progress } = options;
  const brokers = new ExampleBrokers(cluster ? 'cluster' : 'one');
  const children: ChildProcess[] = [];
  try {
    await brokers.start(devices);
    progress('the brokers are there');
    const nodes = cluster ? NODES.map((node) => brokers.port(8890 + node)) : [brokers.port(8883)];
    const urls = nodes.map((port) => `mqtts://127.0.0.1:${port}`);
    const pages = cluster
      ? NODES.map((node) => `wss://127.0.0.1:${brokers.port(15_680 + node)}/ws`)
      : [brokers.pages];
    const ids = Array.from({ length: devices }, (_, index) => `bed-${index + 1}`);
    const archive = new Archive();
    const asArchive = brokers.as('archive');
    const queues = NODES.map((node) => `amqp://127.0.0.1:${brokers.port(5680 + node)}`);
    if (cluster && options.queue) archive.byQueue(queues, BASE, 'archive', String(asArchive.password));
    else archive.byMqtt(brokers.mqtts(), BASE, asArchive);
    await until(() => archive.listens, 'the archive');
    const page = new WardPage(pages, BASE, ids.slice(0, PAGE_BEDS), brokers.as('victor'));
    page.start();
    // What is said when the beds stop speaking is no silence of theirs.
    setTimeout(() => page.stop(), (seconds - 2) * 1000).unref();
    const told: Promise<Told[]>[] = [];
    for (let from = 0; from < devices; from += BEDS_A_PROCESS) {
      const words = ['--import', 'tsx', senders, brokers.folder, urls.join(','), BASE, String(seconds)];
      const child = spawn(process.execPath, [...words, ...ids.slice(from, from + BEDS_A_PROCESS)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      told.push(lastLine(child));
    }
    const kills = cluster && options.kills ? await killNodes(brokers, nodes, options) : 0;
    const said = (await Promise.all(told)).flat();
    progress(`the beds have said ${said.reduce((sum, { beats }) => sum + beats, 0)} beats`);
    const missing = () => said.map((bed) => missingOf(archive, bed)).reduce((sum, count) => sum + count, 0);
    // The archive is behind by what came after the last node died.
    await until(() => missing() === 0, 'the archive to have everything', 60_000).catch(() => {});
    page.stop();
    archive.stop();
    const onSocketMs = said.flatMap((bed) => bed.onSocketMs);
    const sum = (of: (bed: Told) => number) => said.reduce((total, bed) => total + of(bed), 0);
    return {
      devices,
      seconds,
      kills,
      beats: sum(({ beats }) => beats),
      alerts: sum(({ alerts }) => alerts),
      leftInOutboxes: sum(({ left }) => left),
      missing: missing(),
      outOfOrder: archive.outOfOrder,
      repeated: archive.repeated,
      archived: archive.messages,
      connects: sum(({ connects }) => connects),
      device: {
        alerts: onSocketMs.length,
        delayP50Ms: percentile(onSocketMs, 0.5),
        delayP99Ms: percentile(onSocketMs, 0.99),
      },
      page: {
        messages: page.messages,
        alerts: page.alertDelaysMs.length,
        delayP50Ms: percentile(page.alertDelaysMs, 0.5),
        delayP99Ms: percentile(page.alertDelaysMs, 0.99),
        /** By minutes of the trial: in the first, all beds come to the brokers at once. */
        delayP99MsByMinute: Array.from({ length: Math.ceil(seconds / 60) }, (_, minute) =>
          percentile(
            page.alertDelaysMs.filter((_, at) => Math.floor((page.alertAtMs[at] ?? 0) / 60_000) === minute),
            0.99,
          ),
        ),
        outages: page.outagesMs.length,
        longestOutageMs: Math.max(0, ...page.outagesMs),
        longestUntilKnownMs: Math.max(0, ...page.knownAgainMs),
        longestStaleMs: page.longestStaleMs,
        silencesTold: page.silences,
      },
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await brokers.remove();
  }
}

function missingOf(archive: Archive, { id, beats, alerts }: Told): number {
  const bed = `${BASE}/${id}`;
  return beats - archive.count(bed, 'beat') + (alerts - archive.count(bed, 'alert'));
}

/** One at a time, at random moments: two of three always stand, as a cluster of three needs. @returns how many died */
async function killNodes(
  brokers: ExampleBrokers,
  ports: readonly number[],
  { seconds, seed, progress }: TrialOptions,
): Promise<number> {
  const random = seeded(seed);
  const endMs = performance.now() + seconds * 1000;
  let kills = 0;
  while (performance.now() < endMs - 2 * SETTLE_MS) {
    await sleep(SETTLE_MS + random() * SETTLE_MS);
    const node = 1 + Math.floor(random() * ports.length);
    kills++;
    progress(`kill ${kills}: node ${node}`);
    await brokers.kill(node);
    await sleep(5000 + random() * 10_000);
    await brokers.restart(node);
    await until(() => canConnect(ports[node - 1] as number), `node ${node} to be back`, 300_000);
  }
  return kills;
}

async function lastLine(child: ChildProcess): Promise<Told[]> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(text) as Told[];
}

function percentile(values: readonly number[], part: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? null;
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
