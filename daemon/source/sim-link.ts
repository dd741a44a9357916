/**
 * The simulated board, started as a program of its own and spoken to over the loopback network: the daemon
 * shares nothing with it but bytes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { installationFolder } from '@rhythmd/shell/installation.ts';
import type { Link, LinkHandlers } from './link.ts';
import { TcpLink } from './tcp-link.ts';

/** A connection that ends while the program ends belongs together if this is not exceeded. */
const EXIT_WITHIN_MS = 3000;

export interface SimOptions {
  readonly record: string;
  readonly board: string;
  readonly speed: number;
  readonly loop: boolean;
  readonly options: readonly string[];
  readonly recordFolders: readonly string[] | null;
}

export class SimLink implements Link {
  readonly baud = null;
  readonly replay = true;
  readonly #options: SimOptions;
  #child: ChildProcess | null = null;
  #tcp: TcpLink | null = null;
  #sentence: string | null = null;
  #lastWords = '';

  constructor(options: SimOptions) {
    this.#options = options;
  }

  get name(): string {
    return 'the simulated board';
  }

  get playing(): string | null {
    return this.#sentence;
  }

  async open(handlers: LinkHandlers): Promise<void> {
    if (this.#child === null || this.#tcp === null) await this.#start();
    const child = this.#child;
    await this.#tcp?.open({
      data: handlers.data,
      closed: async (error) => {
        // The record is over when the program ends well; a pulled plug leaves it running.
        const status = await exitOf(child);
        handlers.closed(status === 0 ? null : error, status === 0);
      },
    });
  }

  write(bytes: Uint8Array): void {
    this.#tcp?.write(bytes);
  }

  async close(): Promise<void> {
    await this.#tcp?.close();
  }

  /** Ends the program, too; `close` alone leaves it for the next `open`. */
  async dispose(): Promise<void> {
    await this.close();
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'exit');
  }

  async #start(): Promise<void> {
    const { record, board, speed, loop, options, recordFolders } = this.#options;
    const [command, before] = simulatorCommand();
    const pace = speed === Number.POSITIVE_INFINITY ? 'max' : String(speed);
    const named = fromHere(record);
    const words = ['play', named, '--board', board, '--to', 'tcp:127.0.0.1:0', '--speed', pace, '--attended'];
    if (loop) words.push('--loop');
    const child = spawn(command, [...before, ...words, ...options.map(fromHere)], {
      cwd: installationFolder(),
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...(recordFolders && { RHYTHMD_RECORDS_FOLDERS: recordFolders.join(':') }) },
    });
    this.#child = child;
    this.#tcp = null;
    this.#lastWords = '';
    child.stdin.on('error', () => {});
    child.stderr.on('data', (text) => {
      this.#lastWords = `${this.#lastWords}${text}`.slice(-500);
    });
    const failed = once(child, 'error').then(([cause]) => cause as Error);
    const listening = this.#untilListening(child.stdout);
    const problem = await Promise.race([failed, listening]);
    child.stdout.resume();
    if (this.#tcp !== null) return;
    this.#child = null;
    const said = problem instanceof Error ? problem.message : this.#lastWords.trim().split('\n').at(-1);
    throw new RhythmdError('E_SIM_START', `the simulated board did not start: ${said}`);
  }

  async #untilListening(stdout: NodeJS.ReadableStream): Promise<void> {
    for await (const line of createInterface({ input: stdout })) {
      const played = /^playing (.+?) as \w+, /.exec(line)?.[1];
      if (played !== undefined)
        this.#sentence = `${played}, played by the simulated ${this.#options.board} board`;
      const port = /^listening on tcp:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
      if (port === undefined) continue;
      this.#tcp = new TcpLink('127.0.0.1', Number(port));
      return;
    }
  }
}

/** Paths are relative to where the daemon runs, whatever folder the simulator is started in. */
function fromHere(word: string): string {
  return word.includes('/') ? resolve(word) : word;
}

/** In the repository the simulator's source; on a device the bundle beside the daemon's. */
function simulatorCommand(): [string, string[]] {
  const source = join(installationFolder(), 'firmware-sim/main.ts');
  if (existsSync(source)) return [process.execPath, ['--import', 'tsx', source]];
  const bundle = join(dirname(fileURLToPath(import.meta.url)), 'sim.js');
  if (existsSync(bundle)) return [process.execPath, [bundle]];
  throw new RhythmdError(
    'E_SIM_MISSING',
    'the simulated board is not installed',
    'Set source.url to a real board',
  );
}

/** The exit status, waited for a moment; null when the program goes on. */
async function exitOf(child: ChildProcess | null): Promise<number | null> {
  if (child === null) return null;
  if (child.exitCode === null && child.signalCode === null) {
    const deadline = AbortSignal.timeout(EXIT_WITHIN_MS);
    await once(child, 'exit', { signal: deadline }).catch(() => {});
  }
  return child.exitCode;
}
