/**
 * A replay that can be told to play something else: another record, another speed, another place, a fault. To the
 * pipeline it is one source whose samples go on counting; what changes in between is a gap.
 */
import type { Samples, StreamDescription } from '@rhythmd/ecg/types.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { Source, SourceHandlers, SourceState, SourceStatistics } from './source.ts';

/** Signal that counts as lost where one replay ends and the next begins: no RR interval spans it. */
const SEAM_S = 1;

/** States of a source on its way to its first samples. */
const BEFORE_SAMPLES: ReadonlySet<SourceState> = new Set(['opening', 'listening']);

/** What plays; the way it is played (simulator or file) stays. */
export interface Replay {
  readonly record: string;
  readonly speed: number;
  readonly fromS: number;
  /** A fault that happens soon after the start; null: none. */
  readonly fault: string | null;
}

export interface ReplaySourceOptions {
  readonly first: Replay;
  /** @param replay null: what the configured address says */
  readonly open: (replay: Replay | null) => Source;
  /** What all of them share ends. */
  readonly close?: () => Promise<void>;
}

export class ReplaySource implements Source {
  readonly replay = true;
  readonly #options: ReplaySourceOptions;
  #inner: Source;
  #handlers: SourceHandlers | null = null;
  #current: Replay;
  /** Seconds of stream at which the current replay began, and to which samples came. */
  #baseS = 0;
  #endS = 0;
  #isSeam = false;
  /** What is being stopped for another replay. */
  #leaving: Source | null = null;
  /** The other replay has not begun. */
  #isMoving = false;
  #changing: Promise<void> = Promise.resolve();

  constructor(options: ReplaySourceOptions) {
    this.#options = options;
    this.#current = options.first;
    this.#inner = options.open(null);
  }

  get url(): string {
    return this.#inner.url;
  }

  get current(): Replay {
    return this.#current;
  }

  /** Seconds into the record. */
  get positionS(): number {
    return this.#current.fromS + Math.max(0, this.#endS - this.#baseS);
  }

  /** Pipeline sample at which the record's first sample lies, had it been played from there. */
  get originSample(): number {
    return Math.round((this.#baseS - this.#current.fromS) * PIPELINE_RATE_HZ);
  }

  about(): string {
    return this.#inner.about();
  }

  async start(handlers: SourceHandlers): Promise<void> {
    this.#handlers = handlers;
    await this.#inner.start(this.#wrapped(handlers, this.#inner));
  }

  async stop(): Promise<void> {
    await this.#changing.catch(() => {});
    await this.#inner.stop();
    await this.#options.close?.();
  }

  statistics(): SourceStatistics {
    return this.#inner.statistics();
  }

  /** Ends what plays and plays this instead. @throws what opening it throws; then nothing plays */
  async change(to: Partial<Replay>): Promise<void> {
    const turn = this.#changing
      .catch(() => {})
      .then(() => this.#replace({ ...this.#current, fault: null, ...to }));
    this.#changing = turn;
    await turn;
  }

  async #replace(replay: Replay): Promise<void> {
    if (this.#handlers === null) return;
    this.#leaving = this.#inner;
    this.#isMoving = true;
    await this.#inner.stop();
    this.#baseS = this.#endS + SEAM_S;
    this.#isSeam = true;
    this.#current = replay;
    this.#inner = this.#options.open(replay);
    await this.#inner.start(this.#wrapped(this.#handlers, this.#inner));
  }

  /** That a replay is moved is nothing that anybody has to be told: between the two only trouble is. */
  #wrapped(handlers: SourceHandlers, source: Source): SourceHandlers {
    const isOver = () => this.#inner !== source || this.#leaving === source;
    const isOnItsWay = (state: SourceState) => this.#isMoving && BEFORE_SAMPLES.has(state);
    return {
      description: (description: StreamDescription) => handlers.description(description),
      samples: (samples: Samples, arrivalMs: number) => handlers.samples(this.#shifted(samples), arrivalMs),
      status: (status) => {
        if (isOver() || (isOnItsWay(status.state) && status.problem === null)) return;
        this.#isMoving = false;
        handlers.status(status);
      },
      end: () => handlers.end(),
    };
  }

  #shifted(samples: Samples): Samples {
    const { rateHz } = samples;
    const first = Math.round(this.#baseS * rateHz) + samples.first;
    const lost = this.#isSeam ? first - Math.round(this.#endS * rateHz) : samples.lost;
    this.#isSeam = false;
    this.#endS = (first + samples.count) / rateHz;
    return first === samples.first ? samples : { ...samples, first, lost };
  }
}
