/**
 * A board at the end of a line, supervised: opened again after a loss with growing delays, watched for
 * silence, decoded, its gaps measured, its state told in sentences.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Board, BoardDecoder, DecoderOptions } from '@rhythmd/ecg/boards/board.ts';
import { RateMeter } from '@rhythmd/ecg/boards/rate-meter.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Samples, StreamDescription } from '@rhythmd/ecg/types.ts';
import type { Logger } from '../log/logger.ts';
import { Backoff, type BackoffSettings, DEFAULT_BACKOFF } from './backoff.ts';
import { Continuity } from './continuity.ts';
import type { Link } from './link.ts';
import type { Source, SourceHandlers, SourceState, SourceStatistics, SourceStatus } from './source.ts';

/** Silence after which an open line counts as stalled, is woken up, and is opened again. */
export const DEFAULT_WATCHDOG = { stallMs: 3000, reopenMs: 12_000 } as const;
const WATCH_EVERY_MS = 250;
/** So many bytes without one frame: the line speaks, but not this board's language. */
const FOREIGN_BYTES = 400;

export interface BoardSourceOptions {
  readonly url: string;
  readonly link: Link;
  readonly board: Board;
  readonly decoderOptions: DecoderOptions;
  /** Stream time runs this much faster than the clock; Infinity: it does not follow the clock. */
  readonly speed: number;
  readonly log: Logger;
  readonly backoff?: BackoffSettings | undefined;
  readonly watchdog?: { readonly stallMs: number; readonly reopenMs: number } | undefined;
}

interface Ending {
  readonly error: RhythmdError | null;
  readonly final: boolean;
}

export class BoardSource implements Source {
  readonly #options: BoardSourceOptions;
  readonly #decoder: BoardDecoder;
  readonly #continuity: Continuity;
  readonly #backoff: Backoff;
  readonly #stopping = new AbortController();
  #handlers: SourceHandlers | null = null;
  #running: Promise<void> = Promise.resolve();
  #status: SourceStatus = { state: 'opening', text: 'Not started.', problem: null };
  #description: StreamDescription | null = null;
  #meter: RateMeter | null = null;
  #arrivalMs = 0;
  #lastSamplesMs = 0;
  #lastWokenMs = 0;
  /** Bytes and frames when the line was opened. */
  #bytesBefore = 0;
  #goodBefore = 0;
  #gaps = 0;
  #samplesLost = 0;
  #opens = 0;

  constructor(options: BoardSourceOptions) {
    this.#options = options;
    this.#decoder = options.board.createDecoder(options.decoderOptions);
    this.#continuity = new Continuity({ countRange: options.board.countRange, speed: options.speed });
    this.#backoff = new Backoff(options.backoff ?? DEFAULT_BACKOFF);
  }

  get url(): string {
    return this.#options.url;
  }

  get replay(): boolean {
    return this.#options.link.replay;
  }

  about(): string {
    const { link, board } = this.#options;
    return link.playing ?? `${board.title} on ${link.name}`;
  }

  async start(handlers: SourceHandlers): Promise<void> {
    this.#handlers = handlers;
    this.#running = this.#supervise();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    const { link, board } = this.#options;
    if (board.stopCommand) link.write(board.stopCommand);
    await (link.dispose?.() ?? link.close());
    if (this.#status.state !== 'ended') this.#say('ended', 'Stopped.');
  }

  statistics(): SourceStatistics {
    return {
      state: this.#status.state,
      status: this.#status.text,
      measuredRateHz: this.#decoder.measuredRateHz ?? this.#meter?.rateHz ?? null,
      driftPpm: this.#meter?.driftPpm ?? null,
      frames: this.#decoder.statistics,
      gaps: this.#gaps,
      samplesLost: this.#samplesLost,
      reconnects: Math.max(0, this.#opens - 1),
    };
  }

  async #supervise(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const ending = await this.#session();
      if (signal.aborted) return;
      if (ending.final) {
        this.#continuity.flush(this.#deliver);
        this.#say('ended', `The end of ${this.about()}.`);
        this.#handlers?.end();
        return;
      }
      const delayMs = this.#backoff.next();
      const again = `trying again every ${Math.max(1, Math.round(delayMs / 1000))} s`;
      const what = ending.error?.message ?? `${this.#options.link.name} closed`;
      this.#say('waiting', `${sentence(what)}; ${again}.`, ending.error);
      await sleep(delayMs, undefined, { signal }).catch(() => {});
    }
  }

  /** From opening the line to its end, whatever ends it. */
  async #session(): Promise<Ending> {
    const { link, board } = this.#options;
    this.#say('opening', `Opening ${link.name}.`);
    let finish: (ending: Ending) => void = () => {};
    const ended = new Promise<Ending>((resolve) => {
      finish = resolve;
    });
    try {
      await link.open({
        data: (bytes) => this.#take(bytes),
        closed: (error, final) => finish({ error, final }),
      });
    } catch (error) {
      await link.close();
      return { error: asProblem(error, link.name), final: false };
    }
    this.#opens++;
    this.#bytesBefore = this.#decoder.statistics.bytes;
    this.#goodBefore = this.#decoder.statistics.good;
    this.#lastSamplesMs = performance.now();
    this.#lastWokenMs = this.#lastSamplesMs;
    this.#say('listening', `${sentence(link.name)} is open; waiting for the first samples.`);
    if (board.startCommand) link.write(board.startCommand);
    const watch = setInterval(() => this.#watch(finish), WATCH_EVERY_MS);
    const onStop = () => finish({ error: null, final: false });
    this.#stopping.signal.addEventListener('abort', onStop);
    if (this.#stopping.signal.aborted) onStop();
    const ending = await ended;
    this.#stopping.signal.removeEventListener('abort', onStop);
    clearInterval(watch);
    if (!this.#stopping.signal.aborted) await link.close();
    this.#decoder.lineBroke();
    return ending;
  }

  #take(bytes: Uint8Array): void {
    this.#arrivalMs = performance.now();
    this.#decoder.push(bytes, this.#arrivalMs, this.#afterSilence, this.#describe);
  }

  readonly #describe = (description: StreamDescription): void => {
    this.#description = description;
    this.#meter = new RateMeter(description.rateHz);
    this.#handlers?.description(description);
  };

  readonly #afterSilence = (samples: Samples): void => {
    this.#lastSamplesMs = this.#arrivalMs;
    if (this.#status.state !== 'streaming') this.#sayStreaming();
    const { restarts } = this.#decoder.statistics;
    this.#continuity.push(samples, this.#arrivalMs, restarts, this.#deliver);
  };

  readonly #deliver = (samples: Samples): void => {
    if (samples.lost > 0) {
      this.#gaps++;
      this.#samplesLost += samples.lost;
    }
    const { speed } = this.#options;
    if (speed !== Number.POSITIVE_INFINITY) {
      this.#meter?.push(samples.first + samples.count, this.#arrivalMs * speed);
    }
    this.#handlers?.samples(samples, this.#arrivalMs);
  };

  #watch(finish: (ending: Ending) => void): void {
    const { link, board } = this.#options;
    const { stallMs, reopenMs } = this.#options.watchdog ?? DEFAULT_WATCHDOG;
    const nowMs = performance.now();
    const silentMs = nowMs - this.#lastSamplesMs;
    if (silentMs < stallMs) return;
    const problem = this.#silence(silentMs);
    if (this.#status.problem?.code !== problem.code) {
      this.#say('stalled', `${sentence(problem.message)}. ${problem.fix}.`, problem);
    }
    if (silentMs >= reopenMs) finish({ error: problem, final: false });
    // A board that was reset waits for its start command again.
    else if (board.startCommand && nowMs - this.#lastWokenMs >= stallMs) {
      this.#lastWokenMs = nowMs;
      link.write(board.startCommand);
    }
  }

  #silence(silentMs: number): RhythmdError {
    const { link, board } = this.#options;
    const { bytes, good } = this.#decoder.statistics;
    if (good === this.#goodBefore && bytes - this.#bytesBefore >= FOREIGN_BYTES) {
      return new RhythmdError(
        'E_SOURCE_NO_FRAMES',
        `bytes arrive on ${link.name}, but none form a frame of ${board.title}`,
        'The baud rate or the board is another one: `rhythmd doctor` finds out which',
      );
    }
    return new RhythmdError(
      'E_SOURCE_STALLED',
      `no data for ${Math.round(silentMs / 1000)} s although ${link.name} is open`,
      'Look at the cable and the board; it is opened again if this goes on',
    );
  }

  #sayStreaming(): void {
    this.#backoff.reset();
    const rateHz = this.#description?.rateHz ?? this.#options.board.rateHz;
    this.#say('streaming', `Receiving ${rateHz} samples/s: ${this.about()}.`);
  }

  #say(state: SourceState, text: string, problem: RhythmdError | null = null): void {
    const before = this.#status;
    if (before.state === state && before.text === text) return;
    this.#status = { state, text, problem };
    // The same trouble again and again is one line in the log.
    const known = problem !== null && before.problem?.code === problem.code;
    const level = problem === null || known ? 'debug' : 'warn';
    this.#options.log[level](problem === null ? text : `${problem.code}: ${text}`);
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
