/** A board on a serial port that is really a pseudo-terminal, made and linked to a name by socat. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { eventOrAbort, type Output } from './output.ts';
import { UartLine } from './uart-line.ts';

/** What is still in the terminal's buffer is lost when its other side closes: the reader gets this long. */
const DRAIN_MS = 500;
const START_WITHIN_MS = 5000;

export class PtyOutput implements Output {
  readonly #path: string;
  readonly #line: UartLine | null;
  readonly #events = new EventEmitter();
  #socat: ChildProcessWithoutNullStreams | null = null;
  #open = false;
  #wanted = false;
  #onCommand: (bytes: Uint8Array) => void = () => {};

  /** @param baud garble what is read at another speed, as a UART does; null: any speed will do, as on USB */
  constructor(path: string, baud: number | null = null) {
    this.#path = path;
    this.#line = baud === null ? null : new UartLine(path, baud);
  }

  get address(): string {
    return `serial://${this.#path}`;
  }

  async start(onCommand: (bytes: Uint8Array) => void): Promise<void> {
    this.#onCommand = onCommand;
    if (existsSync(this.#path)) {
      throw new RhythmdError('E_SIM_LISTEN', `${this.#path} exists already`, 'Remove it or choose another');
    }
    await this.plug();
  }

  async listening(signal: AbortSignal): Promise<void> {
    while (!this.#open && !signal.aborted) await eventOrAbort(this.#events, 'open', signal);
  }

  async write(bytes: Uint8Array): Promise<boolean> {
    const socat = this.#socat;
    if (socat === null || !this.#open) return false;
    const sent = this.#line === null ? bytes.slice() : await this.#line.asRead(bytes);
    if (!socat.stdin.write(sent)) {
      await Promise.race([once(socat.stdin, 'drain'), once(socat, 'close')]).catch(() => {});
    }
    return true;
  }

  async unplug(): Promise<void> {
    this.#wanted = false;
    const socat = this.#socat;
    if (socat === null) return;
    socat.kill();
    await once(socat, 'close');
  }

  async plug(): Promise<void> {
    this.#wanted = true;
    if (this.#socat !== null) return;
    this.#spawn();
    const deadline = performance.now() + START_WITHIN_MS;
    while (!existsSync(this.#path)) {
      if (this.#socat === null || performance.now() > deadline) {
        throw new RhythmdError('E_SOCAT_MISSING', 'socat did not make the pty', 'Run: apt-get install socat');
      }
      await sleep(10);
    }
  }

  async stop(): Promise<void> {
    if (this.#open) await sleep(DRAIN_MS);
    await this.unplug();
    rmSync(this.#path, { force: true });
  }

  #spawn(): void {
    // wait-slave: socat copies only once the port has been opened; notices (-d -d) say when.
    const pty = `PTY,raw,echo=0,link=${this.#path},wait-slave,pty-interval=0.02`;
    const socat = spawn('socat', ['-d', '-d', 'STDIO', pty]);
    this.#socat = socat;
    socat.stdin.on('error', () => {});
    socat.stdout.on('data', (bytes) => this.#onCommand(bytes));
    socat.stderr.on('data', (text) => {
      if (!String(text).includes('starting data transfer loop')) return;
      this.#open = true;
      this.#events.emit('open');
    });
    socat.on('error', () => {});
    socat.on('close', () => {
      this.#socat = null;
      this.#open = false;
      // The reader closed the port: a real one is still there afterwards.
      if (this.#wanted) this.#spawn();
    });
  }
}
