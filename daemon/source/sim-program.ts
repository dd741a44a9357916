/**
 * The simulated board's program, started once and told what to play as often as anybody wants something else: the words of
 * its command line, as one line of JSON on its standard input. It answers as at its start, with what it plays and where it listens.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { installationFolder } from '@rhythmd/shell/installation.ts';

/** A connection that ends while the program ends belongs together if this is not exceeded. */
const EXIT_WITHIN_MS = 3000;

/** What it said when it was ready. */
export interface SimPlaying {
  /** For people: "record 208 (MLII, V1)". */
  readonly what: string | null;
  readonly port: number;
}

interface Waiting {
  readonly done: (playing: SimPlaying) => void;
  readonly failed: (error: Error) => void;
}

export class SimProgram {
  #child: ChildProcess | null = null;
  #waiting: Waiting | null = null;
  #what: string | null = null;
  #lastWords = '';
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Whoever listened before is cut off; the first sample goes to whoever connects next.
   * @param words of the command line, from `play` on
   * @throws RhythmdError E_SIM_START, E_SIM_MISSING
   */
  play(words: readonly string[], recordFolders: readonly string[] | null): Promise<SimPlaying> {
    const turn = this.#turn.then(() => this.#play(words, recordFolders));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** The exit status, waited for a moment; null when the program goes on. */
  async exitStatus(): Promise<number | null> {
    const child = this.#child;
    if (child === null) return null;
    if (isRunning(child)) {
      const deadline = AbortSignal.timeout(EXIT_WITHIN_MS);
      await once(child, 'exit', { signal: deadline }).catch(() => {});
    }
    return child.exitCode;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    this.#waiting?.failed(new Error('it was stopped'));
    this.#waiting = null;
    if (child === null || !isRunning(child)) return;
    child.kill();
    await once(child, 'exit');
  }

  async #play(words: readonly string[], recordFolders: readonly string[] | null): Promise<SimPlaying> {
    // Where there is none, nobody waits for it.
    const command = simulatorCommand();
    const ready = new Promise<SimPlaying>((done, failed) => {
      this.#waiting = { done, failed };
    });
    const running = this.#child;
    if (running !== null && isRunning(running)) running.stdin!.write(`${JSON.stringify(words)}\n`);
    else this.#start(command, words, recordFolders);
    try {
      return await ready;
    } catch (problem) {
      const said = this.#lastWords.trim().split('\n').at(-1) || (problem as Error).message;
      throw new RhythmdError('E_SIM_START', `the simulated board did not start: ${said}`);
    }
  }

  #start(
    [command, before]: readonly [string, readonly string[]],
    words: readonly string[],
    recordFolders: readonly string[] | null,
  ): void {
    const child = spawn(command, [...before, ...words], {
      cwd: installationFolder(),
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...(recordFolders && { RHYTHMD_RECORDS_FOLDERS: recordFolders.join(':') }) },
    });
    this.#child = child;
    this.#what = null;
    this.#lastWords = '';
    child.stdin.on('error', () => {});
    child.stderr.on('data', (text) => {
      this.#lastWords = `${this.#lastWords}${text}`.slice(-500);
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.#hear(line));
    child.on('error', (error) => this.#fail(child, error));
    child.on('close', () => this.#fail(child, new Error('it ended')));
  }

  #hear(line: string): void {
    const played = /^playing (.+?) as \w+, /.exec(line)?.[1];
    if (played !== undefined) this.#what = played;
    const port = /^listening on tcp:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
    if (port === undefined) return;
    this.#waiting?.done({ what: this.#what, port: Number(port) });
    this.#waiting = null;
  }

  #fail(child: ChildProcess, error: Error): void {
    if (child !== this.#child) return;
    this.#waiting?.failed(error);
    this.#waiting = null;
  }
}

function isRunning({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

/** In the repository the simulator's source; on a device the bundle beside the daemon's. @throws RhythmdError E_SIM_MISSING */
function simulatorCommand(): readonly [string, readonly string[]] {
  const source = join(installationFolder(), 'firmware-sim/main.ts');
  if (existsSync(source)) return [process.execPath, ['--import', 'tsx', source]];
  const bundle = join(installationFolder(), 'sim.mjs');
  if (existsSync(bundle)) return [process.execPath, [bundle]];
  throw new RhythmdError(
    'E_SIM_MISSING',
    'the simulated board is not installed',
    'Set source.url to a real board',
  );
}
