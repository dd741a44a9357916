/**
 * A board at the end of a line, supervised: opened again after a loss with growing delays, watched for
 * silence, woken up, its state told in sentences.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Board, DecoderOptions } from '@rhythmd/ecg/boards/board.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { Backoff, type BackoffSettings } from '../net/backoff.ts';
import { wakeUps } from './board-probe.ts';
import type { Link } from './link.ts';
import type { Source, SourceHandlers, SourceState, SourceStatistics, SourceStatus } from './source.ts';
import { StreamDecoding } from './stream-decoding.ts';

export interface WatchdogSettings {
  /** Silence after which an open line counts as stalled, and a silent board is woken up. */
  readonly stallMs: number;
  /** Silence after which the line is closed and opened again. */
  readonly reopenMs: number;
}

/** A replugged board is back within a second; a missing one costs a try every 15 s. */
const DEFAULT_BACKOFF: BackoffSettings = { firstMs: 250, ceilingMs: 15_000 };

const DEFAULT_WATCHDOG: WatchdogSettings = { stallMs: 3000, reopenMs: 12_000 };
const WATCH_EVERY_MS = 250;
/** So many bytes without one frame: the line speaks, but not this board's language. */
const FOREIGN_BYTES = 400;
const RATE_CHECK_MS = 10_000;

export interface BoardSourceOptions {
  readonly url: string;
  readonly link: Link;
  /** null: found out by listening. */
  readonly board: Board | null;
  readonly decoderOptions: DecoderOptions;
  readonly backoff?: BackoffSettings | undefined;
  readonly watchdog?: WatchdogSettings | undefined;
}

interface Ending {
  readonly error: RhythmdError | null;
  readonly final: boolean;
}

export class BoardSource implements Source {
  readonly #options: BoardSourceOptions;
  readonly #watchdog: WatchdogSettings;
  readonly #backoff: Backoff;
  readonly #stopping = new AbortController();
  #decoding: StreamDecoding | null = null;
  #handlers: SourceHandlers | null = null;
  #running: Promise<void> = Promise.resolve();
  #status: SourceStatus = { state: 'opening', text: 'Not started.', problem: null };
  #openedMs = 0;
  #lastWokenMs = 0;
  #wakeUps = 0;
  #lastRateCheckMs = 0;
  /** Bytes and frames when the line was opened. */
  #bytesBefore = 0;
  #goodBefore = 0;
  #opens = 0;

  constructor(options: BoardSourceOptions) {
    this.#options = options;
    this.#watchdog = options.watchdog ?? DEFAULT_WATCHDOG;
    this.#backoff = new Backoff(options.backoff ?? DEFAULT_BACKOFF);
  }

  get url(): string {
    return this.#options.url;
  }

  get replay(): boolean {
    return this.#options.link.replay;
  }

  about(): string {
    const { link } = this.#options;
    return link.playing ?? `${this.#boardTitle()} on ${link.name}`;
  }

  async start(handlers: SourceHandlers): Promise<void> {
    const { board, decoderOptions } = this.#options;
    this.#handlers = handlers;
    this.#decoding = new StreamDecoding(board, decoderOptions, {
      description: (description) => {
        this.#sayAnnounced();
        handlers.description(description);
      },
      samples: (samples, arrivalMs) => {
        if (this.#status.state !== 'streaming') this.#sayStreaming();
        handlers.samples(samples, arrivalMs);
      },
    });
    this.#say('opening', `Opening ${this.#options.link.name}.`);
    this.#running = this.#supervise(this.#decoding);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    const { link } = this.#options;
    const stopCommand = this.#board()?.stopCommand;
    if (stopCommand) link.write(stopCommand);
    await (link.dispose?.() ?? link.close());
    if (this.#status.state !== 'ended') this.#say('ended', 'The source was stopped.');
  }

  statistics(): SourceStatistics {
    const decoding = this.#decoding;
    return {
      state: this.#status.state,
      status: this.#status.text,
      measuredRateHz: decoding?.measuredRateHz ?? null,
      driftPpm: decoding?.driftPpm ?? null,
      frames: decoding?.frames ?? null,
      gaps: decoding?.gaps ?? 0,
      samplesLost: decoding?.samplesLost ?? 0,
      reconnects: Math.max(0, this.#opens - 1),
    };
  }

  async #supervise(decoding: StreamDecoding): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const ending = await this.#session(decoding);
      decoding.lineBroke();
      if (signal.aborted) return;
      if (ending.final) {
        decoding.flush();
        this.#say('ended', `The end of ${this.about()}.`);
        this.#handlers?.end();
        return;
      }
      // The same trouble again is no news.
      const problem = ending.error;
      const what = problem?.message ?? `${this.#options.link.name} closed`;
      this.#say('waiting', `${sentence(what)}; it is tried again until it works.`, problem);
      await sleep(this.#backoff.next(), undefined, { signal }).catch(() => {});
    }
  }

  /** From opening the line to its end, whatever ends it. */
  async #session(decoding: StreamDecoding): Promise<Ending> {
    const { link } = this.#options;
    let finish: (ending: Ending) => void = () => {};
    const ended = new Promise<Ending>((resolve) => {
      finish = resolve;
    });
    const { signal } = this.#stopping;
    this.#bytesBefore = decoding.frames.bytes;
    this.#goodBefore = decoding.frames.good;
    try {
      const opening = link.open({
        data: (bytes) => decoding.push(bytes, performance.now()),
        closed: (error, final) => finish({ error, final }),
      });
      // A port that hangs, or a simulator that is still being loaded, is not waited for; what opens after all is closed.
      if (!(await isDoneBefore(opening, signal))) {
        opening.then(() => link.close()).catch(() => {});
        return { error: null, final: false };
      }
    } catch (error) {
      await link.close();
      return { error: asProblem(error, link.name), final: false };
    }
    this.#opens++;
    this.#openedMs = performance.now();
    this.#lastWokenMs = this.#openedMs;
    this.#say('listening', `${sentence(link.name)} is open; waiting for the first samples.`);
    const startCommand = this.#board()?.startCommand;
    if (startCommand) link.write(startCommand);
    // After what waits on the line has been read: a program that could not run for seconds has heard nothing, and no board is to blame.
    let isOver = false;
    const look = () => {
      if (!isOver) this.#watch(decoding, finish);
    };
    const watch = setInterval(() => setImmediate(look), WATCH_EVERY_MS);
    const onStop = () => finish({ error: null, final: false });
    signal.addEventListener('abort', onStop);
    if (signal.aborted) onStop();
    const ending = await ended;
    signal.removeEventListener('abort', onStop);
    clearInterval(watch);
    isOver = true;
    if (!signal.aborted) await link.close();
    return ending;
  }

  #watch(decoding: StreamDecoding, finish: (ending: Ending) => void): void {
    const nowMs = performance.now();
    const silentMs = nowMs - Math.max(this.#openedMs, decoding.lastSamplesMs);
    const { stallMs, reopenMs } = this.#watchdog;
    if (silentMs < stallMs) {
      if (nowMs - this.#lastRateCheckMs >= RATE_CHECK_MS) this.#checkRate(decoding, nowMs);
      return;
    }
    const problem = this.#silence(decoding, silentMs);
    if (this.#status.problem?.code !== problem.code) {
      this.#say('stalled', `${sentence(problem.message)}. ${problem.fix}.`, problem);
    }
    const unheard = decoding.frames.good === this.#goodBefore;
    const foreign = problem.code === 'E_SOURCE_NO_FRAMES';
    const otherBaud = unheard && (foreign || this.#wakeUps > 0) && this.#options.link.nextBaud?.() === true;
    if (otherBaud || silentMs >= reopenMs) finish({ error: problem, final: false });
    else if (nowMs - this.#lastWokenMs >= stallMs) this.#wakeUp(nowMs);
  }

  /** A board that was reset waits for its start command again; an unknown one may wait for any of them. */
  #wakeUp(nowMs: number): void {
    this.#lastWokenMs = nowMs;
    const { link } = this.#options;
    const board = this.#board();
    if (board !== null) {
      if (board.startCommand) link.write(board.startCommand);
      return;
    }
    const commands = wakeUps();
    link.write(commands[this.#wakeUps++ % commands.length]!);
  }

  #silence(decoding: StreamDecoding, silentMs: number): RhythmdError {
    const { link } = this.#options;
    const { bytes, good } = decoding.frames;
    if (good === this.#goodBefore && bytes - this.#bytesBefore >= FOREIGN_BYTES) {
      const whose = this.#board() === null ? 'any board we know' : this.#boardTitle();
      return new RhythmdError(
        'E_SOURCE_NO_FRAMES',
        `bytes arrive on ${link.name}, but none form a frame of ${whose}`,
        'The baud rate or the board is another one: `rhythmd doctor` finds out which',
      );
    }
    return new RhythmdError(
      'E_SOURCE_STALLED',
      `no data for ${Math.round(silentMs / 1000)} s although ${link.name} is open`,
      'Look at the cable and the board; it is opened again if this goes on',
    );
  }

  #checkRate(decoding: StreamDecoding, nowMs: number): void {
    this.#lastRateCheckMs = nowMs;
    const problem = decoding.rateProblem();
    if (this.#status.state !== 'streaming' || this.#status.problem?.code === problem?.code) return;
    this.#sayStreaming(problem);
  }

  #board(): Board | null {
    return this.#decoding?.board ?? this.#options.board;
  }

  #boardTitle(): string {
    return this.#board()?.title ?? 'a board not recognised yet';
  }

  /** A board that was silent and now says what it is: its samples are waited for as after opening. */
  #sayAnnounced(): void {
    if (this.#status.state !== 'stalled') return;
    this.#openedMs = performance.now();
    this.#say('listening', `${sentence(this.#options.link.name)} speaks; waiting for the first samples.`);
  }

  #sayStreaming(problem: RhythmdError | null = null): void {
    this.#backoff.reset();
    const warning = problem === null ? '' : ` ${sentence(problem.message)}.`;
    this.#say('streaming', `Receiving samples: ${this.about()}.${warning}`, problem);
  }

  #say(state: SourceState, text: string, problem: RhythmdError | null = null): void {
    const before = this.#status;
    if (before.state === state && before.text === text) return;
    this.#status = { state, text, problem };
    this.#handlers?.status(this.#status);
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function asProblem(error: unknown, name: string): RhythmdError {
  if (error instanceof RhythmdError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new RhythmdError('E_PORT_OPEN', `${name} cannot be opened: ${reason}`, '', { cause: error });
}

/** @returns false when the signal came first. @throws what the work throws before it */
async function isDoneBefore(work: Promise<void>, signal: AbortSignal): Promise<boolean> {
  let onAbort = () => {};
  const aborted = new Promise<false>((resolve) => {
    onAbort = () => resolve(false);
    signal.addEventListener('abort', onAbort);
  });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work.then(() => true), aborted]);
  } finally {
    // A line that is opened again and again must not leave a listener each time.
    signal.removeEventListener('abort', onAbort);
  }
}
