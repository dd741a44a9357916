/** The installed daemon in an emulated processor at real time: instructions until its first beat, and a second of signal. */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { connectAsync, type MqttClient } from 'mqtt';
import { DaemonProcess } from '../../support/daemon-process.ts';
import type { Device } from '../../support/emulated/device.ts';
import { canConnect } from '../../support/mosquitto.ts';
import { until } from '../../support/until.ts';
import { parseCounts } from '../instructions/per-beat.ts';
import { type Part, partsBetweenMarks, type Symbols } from './by-part.ts';
import { NODE_OPTIONS } from './started.ts';

const MARK = fileURLToPath(new URL('mark.cjs', import.meta.url));
/**
 * Until V8 has compiled nearly all of what it ever will: of what was counted after two minutes at real time two fifths were its
 * compiler, and a device runs for months. So eight minutes of signal are played in two; then at real time again.
 */
const WARM_UP_SPEED = 5;
const WARM_UP_S = 120;
const SETTLING_S = 60;
/** V8 still compiles now and then: one window of five holds half as much again, and a median of three windows said so of a whole build. */
const WINDOWS = 9;
const WINDOW_S = 20;
const WITHIN_MS = 120_000;
const SPEED_TOPIC = 'ecg/rhythmd-1/request/bench.speed';

export interface CountedDaemon {
  readonly executor: string;
  readonly untilFirstBeat: number;
  /** At the next start, which finds what V8 compiled at this one. */
  readonly untilFirstBeatAgain: number;
  /** The median of the windows. */
  readonly perSecond: number;
  readonly lowest: number;
  readonly highest: number;
  /** Signal over wall time: below 1 the machine was too busy to emulate it at real time, and blocks were larger than they are there. */
  readonly pace: number;
  /** By which part of Node; null where its program has no symbols. */
  readonly parts: { readonly untilFirstBeat: readonly Part[]; readonly perSecond: readonly Part[] } | null;
}

interface Counting {
  readonly device: Device;
  /** For the emulator and the daemon's state. */
  readonly folder: string;
  /** counter.so */
  readonly plugin: string;
  /** Of the program. */
  readonly place: string;
  readonly source: string;
  /** Of its Node. */
  readonly symbols: Symbols | null;
}

/** Two starts on one folder of state: the second finds what was compiled at the first. */
export async function countDaemon(counting: Counting): Promise<CountedDaemon> {
  const state = mkdtempSync(join(counting.folder, 'state-'));
  const first = await startCounted(counting, state, running);
  const { untilFirstBeat } = await startCounted({ ...counting, symbols: null }, state, () =>
    Promise.resolve(null),
  );
  return { ...first.more, untilFirstBeat: first.untilFirstBeat, untilFirstBeatAgain: untilFirstBeat };
}

interface Started {
  readonly out: string;
  readonly symbols: Symbols | null;
  readonly client: MqttClient;
  readonly mark: () => Promise<Mark>;
  readonly executor: () => string;
}

interface Mark {
  readonly wallS: number;
  readonly signalS: number;
}

/** @param more what is counted after the first beat */
async function startCounted<T>(
  { device, folder, plugin, place, source, symbols }: Counting,
  state: string,
  more: (started: Started) => Promise<T>,
): Promise<{ readonly untilFirstBeat: number; readonly more: T }> {
  const [emulator, ...words] = device.command(folder) as [string, ...string[]];
  const out = join(folder, `counts-${device.killNumber}-${performance.now()}`);
  const blocks = symbols === null ? '' : `,blocks=${out}.blocks`;
  const counting = ['-plugin', `${plugin},out=${out},kill=${device.killNumber}${blocks}`];
  const program = ['-r', MARK, ...NODE_OPTIONS, join(place, 'rhythmd.js'), 'run'];
  const daemon = await DaemonProcess.start(
    // Certificates of the network around this machine, which no device has: reading them is 430 million instructions.
    { RHYTHMD_SOURCE_URL: source, NODE_EXTRA_CA_CERTS: undefined, STATE_DIRECTORY: state },
    [...counting, ...words, ...program],
    emulator,
  );
  const marks = () => (existsSync(out) ? readFileSync(out, 'utf8').split('\n').length - 1 : 0);
  /** Of the last beat that was told. */
  let signalS = 0;
  const mark = async () => {
    const before = marks();
    daemon.process.kill('SIGUSR2');
    await until(() => marks() > before, 'a mark', WITHIN_MS);
    return { wallS: performance.now() / 1000, signalS };
  };
  try {
    await until(() => canConnect(daemon.mqttPort), 'the broker', WITHIN_MS);
    const client = await connectAsync(daemon.mqttUrl);
    let beats = 0;
    let executor = '';
    client.on('message', (topic, payload) => {
      if (topic.endsWith('/beat')) {
        beats++;
        signalS = JSON.parse(payload.toString()).sample / PIPELINE_RATE_HZ;
      }
      if (topic.endsWith('/info')) executor = JSON.parse(payload.toString()).model?.executor?.name ?? '';
    });
    await client.subscribeAsync('#');
    await until(() => beats > 0, 'a beat', WITHIN_MS);
    await mark();
    const counted = await more({ out, symbols, client, mark, executor: () => executor });
    client.end(true);
    const [untilFirstBeat = 0] = parseCounts(readFileSync(out, 'utf8'));
    return { untilFirstBeat, more: counted };
  } finally {
    daemon.process.kill('SIGKILL');
    await daemon.stop('SIGKILL');
  }
}

async function running({ out, symbols, client, mark, executor }: Started) {
  const play = (speed: number) =>
    client.publishAsync(SPEED_TOPIC, JSON.stringify({ id: `speed-${speed}`, speed }));
  await play(WARM_UP_SPEED);
  await sleep(WARM_UP_S * 1000);
  await play(1);
  await sleep(SETTLING_S * 1000);
  const times = [await mark()];
  for (let window = 0; window < WINDOWS; window++) {
    await sleep(WINDOW_S * 1000);
    times.push(await mark());
  }
  const [, ...counts] = parseCounts(readFileSync(out, 'utf8'));
  const rates = counts
    .slice(1)
    .map((count, i) => (count - counts[i]!) / (times[i + 1]!.signalS - times[i]!.signalS));
  const [from, to] = [times[0]!, times.at(-1)!];
  const pace = (to.signalS - from.signalS) / (to.wallS - from.wallS);
  rates.sort((a, b) => a - b);
  const perSecond = (rates[(rates.length - 1) >> 1]! + rates[rates.length >> 1]!) / 2;
  const parts = symbols === null ? null : partsOf(readFileSync(`${out}.blocks`, 'utf8'), symbols, times);
  return { executor: executor(), perSecond, lowest: rates[0]!, highest: rates.at(-1)!, pace, parts };
}

/** The marks: first beat, begin of the windows, end of each; blocks of the last one may not be on the disk yet. */
function partsOf(
  text: string,
  symbols: Symbols,
  times: readonly { readonly signalS: number }[],
): CountedDaemon['parts'] {
  const [untilFirstBeat = [], , ...windows] = partsBetweenMarks(text, symbols);
  const seconds = times[windows.length]!.signalS - times[0]!.signalS;
  const sums = new Map<string, Part>();
  for (const part of windows.flat()) {
    const key = `${part.name} ${part.isMain}`;
    const instructions = (sums.get(key)?.instructions ?? 0) + part.instructions / seconds;
    sums.set(key, { ...part, instructions });
  }
  return {
    untilFirstBeat,
    perSecond: [...sums.values()].sort((a, b) => b.instructions - a.instructions),
  };
}
