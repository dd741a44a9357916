/** What an installed daemon makes of a piece of a record that is played to it: its beats on the broker, its annotation file. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { BeatEvent, InfoEvent } from '@rhythmd/protocol/events.ts';
import { DaemonProcess } from '../daemon-process.ts';
import { Subscriber } from '../mqtt-subscriber.ts';
import { repositoryRoot } from '../needs.ts';
import { until } from '../until.ts';

/** An emulated processor starts Node in ten seconds, and a busy machine emulates several. */
const WITHIN_MS = 40_000;
/** A line of the log for each opening of the port. */
const OPEN = /is open; waiting for the first samples/g;
const TICK_MS = 50;

export interface Played {
  readonly executor: string;
  /** What is said of a beat, but for the moment at which it was said, and what was known of the line at that moment. */
  readonly beats: readonly Partial<BeatEvent>[];
  readonly annotations: Buffer;
}

export interface Playing {
  /** Program and arguments before `run`. */
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly source: string;
  /** Called when the daemon waits for samples. */
  readonly begin?: () => void;
  /** Whether all of it was played. */
  readonly isOver: (said: string, recordedBytes: number) => boolean;
}

export async function play(
  t: TestContext,
  { command, environment, source, begin, isOver }: Playing,
): Promise<Played> {
  const [program = '', ...words] = [...command, 'run'];
  const log = { RHYTHMD_LOG_LEVEL: 'info,source=debug' };
  const daemon = await DaemonProcess.start(
    { RHYTHMD_SOURCE_URL: source, ...log, ...environment },
    words,
    program,
  );
  t.after(() => daemon.stop('SIGKILL'));
  const subscriber = await Subscriber.connectWhenThere(t, daemon.mqttUrl, '#');
  if (begin !== undefined) {
    // Between two openings, whose pauses grow, nobody reads the port: a board that speaks then is not heard.
    const opened = () => daemon.log.match(OPEN)?.length ?? 0;
    const before = opened();
    const what = () => `the port to be opened; the daemon said:\n${daemon.log}`;
    await until(() => opened() > before || daemon.hasEnded, what, WITHIN_MS);
    begin();
  }
  const folder = join(daemon.stateFolder, 'recordings');
  await until(
    () => isOver(daemon.log, recordedBytes(folder)) || daemon.hasEnded,
    () => `all to be played; the daemon said:\n${daemon.log}`,
    WITHIN_MS,
  );
  // A wait for a program that is gone would last for an hour.
  if (daemon.hasEnded) throw new Error(`the daemon ended by itself; it said:\n${daemon.log}`);
  const annotationFile = () => readdirSync(folder).find((file) => file.endsWith('.atr'));
  await until(() => existsSync(folder) && annotationFile() !== undefined, 'a recording', WITHIN_MS);
  daemon.process.kill('SIGTERM');
  await daemon.ended();
  const info = subscriber.json('ecg/rhythmd-1/info').at(-1) as InfoEvent;
  return {
    executor: info.model?.executor?.name ?? 'none',
    beats: subscriber.json('ecg/rhythmd-1/beat').map(withoutMoment),
    annotations: readFileSync(join(folder, annotationFile()!)),
  };
}

/** Of signals. */
function recordedBytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  const names = readdirSync(folder).filter((name) => name.endsWith('.dat'));
  return names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function withoutMoment({ id, t_ms, latency_ms, quality, ...beat }: BeatEvent): Partial<BeatEvent> {
  return beat;
}

/** What a board sends of a record. */
export function boardBytes(record: string): Buffer {
  const words = [
    '--import',
    'tsx',
    'firmware-sim/main.ts',
    'play',
    record,
    '--to',
    'stdout',
    '--speed',
    '1000',
  ];
  return execFileSync(process.execPath, words, {
    cwd: repositoryRoot,
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** A port at whose other end a board sits that sends nothing until it is told to. @param seconds that sending takes */
export async function quietBoard(
  t: TestContext,
  path: string,
  bytes: Buffer,
  seconds: number,
): Promise<{ readonly begin: () => void }> {
  const line = spawn('socat', ['-', `pty,raw,echo=0,link=${path}`], { stdio: ['pipe', 'ignore', 'ignore'] });
  let timer: NodeJS.Timeout | undefined;
  t.after(() => {
    clearInterval(timer);
    line.kill();
  });
  await until(() => existsSync(path), 'the port');
  const step = Math.ceil((bytes.length * TICK_MS) / (1000 * seconds));
  let sent = 0;
  const send = () => {
    line.stdin!.write(bytes.subarray(sent, sent + step));
    sent += step;
    if (sent >= bytes.length) clearInterval(timer);
  };
  return {
    begin: () => {
      timer = setInterval(send, TICK_MS);
    },
  };
}
