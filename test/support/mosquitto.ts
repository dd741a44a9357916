/** A real mosquitto for a test: its own folder, its own port, killed with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

export interface MosquittoOptions {
  /** Lines of mosquitto.conf after the listener. */
  readonly configuration?: readonly string[];
  readonly anonymous?: boolean;
  /** Where it keeps sessions and retained messages when `persistence` is configured. */
  readonly persistenceFolder?: string;
}

export class Mosquitto {
  readonly folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  readonly #options: MosquittoOptions;
  #port = 0;
  #child: ChildProcess | null = null;
  /** What it said, for a failing test. */
  output = '';

  constructor(options: MosquittoOptions = {}) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  /** Starts it, on the same port every time, and waits until it listens. */
  async start(): Promise<void> {
    if (this.#port === 0) this.#port = await freePort();
    const file = join(this.folder, 'mosquitto.conf');
    const { configuration = [], anonymous = true, persistenceFolder = this.folder } = this.#options;
    const lines = [
      `listener ${this.#port} 127.0.0.1`,
      // It drops to its own user when started by root, which cannot read the test's folder.
      'user root',
      `allow_anonymous ${anonymous}`,
      `persistence_location ${persistenceFolder}/`,
      'max_queued_messages 0',
      ...configuration,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const child = spawn('mosquitto', ['-c', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const listen = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    await until(
      () => canConnect(this.#port),
      () => `mosquitto listens: ${this.output}`,
    );
  }

  /** Ends it: SIGKILL loses what it has in memory, SIGTERM says goodbye to its clients. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  /** Freezes it (SIGSTOP) and lets it go on: a broker that has stopped answering. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  async remove(): Promise<void> {
    this.signal('SIGCONT');
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * A port that is free now and stays so until a program listens there, seconds later: below those that the system gives to
 * whoever asks for any (32768 and up on Linux), outgoing connections among them, as other tests do all the time.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    if (await isFree(port)) return port;
  }
  throw new Error('a hundred ports, none of them free');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

export function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
