/** From the bytes of a line to samples without unmarked gaps, and what there is to say about them. */
import type { Board, BoardDecoder, DecoderOptions } from '@rhythmd/ecg/boards/board.ts';
import { DetectingDecoder } from '@rhythmd/ecg/boards/detecting-decoder.ts';
import { RateMeter } from '@rhythmd/ecg/boards/rate-meter.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Samples, StreamDescription } from '@rhythmd/ecg/types.ts';
import { candidates } from './board-probe.ts';
import { Continuity } from './continuity.ts';
import type { SourceHandlers } from './source.ts';

/** Below this the shape of a QRS complex suffers (AHA 1990 and IEC 60601-2-47 ask for more). */
const LOW_RATE_HZ = 200;
/** Ceramic resonators are off by half a percent; more is another rate. */
const RATE_TOLERANCE = 0.02;

export class StreamDecoding {
  readonly #decoder: BoardDecoder;
  readonly #detecting: DetectingDecoder | null;
  readonly #speed: number;
  readonly #continuity: Continuity;
  readonly #handlers: Pick<SourceHandlers, 'description' | 'samples'>;
  #board: Board | null;
  #description: StreamDescription | null = null;
  #meter: RateMeter | null = null;
  #arrivalMs = 0;
  #lastSamplesMs = 0;
  #gaps = 0;
  #samplesLost = 0;

  /** @param board null: found out by listening */
  constructor(
    board: Board | null,
    options: DecoderOptions,
    handlers: Pick<SourceHandlers, 'description' | 'samples'>,
  ) {
    this.#board = board;
    this.#detecting = board === null ? new DetectingDecoder(candidates(), options) : null;
    this.#decoder = this.#detecting ?? board!.createDecoder(options);
    this.#speed = options.speed ?? 1;
    this.#continuity = new Continuity(board?.countRange ?? 1, this.#speed);
    this.#handlers = handlers;
  }

  get board(): Board | null {
    return this.#board;
  }

  get frames() {
    return this.#decoder.statistics;
  }

  get gaps(): number {
    return this.#gaps;
  }

  get samplesLost(): number {
    return this.#samplesLost;
  }

  /** When samples came last, monotonic; 0 before the first. */
  get lastSamplesMs(): number {
    return this.#lastSamplesMs;
  }

  /** As they come on the line; null while unknown. */
  get measuredRateHz(): number | null {
    return this.#decoder.measuredRateHz ?? this.#meter?.rateHz ?? null;
  }

  get driftPpm(): number | null {
    return this.#meter?.driftPpm ?? null;
  }

  push(bytes: Uint8Array, arrivalMs: number): void {
    this.#arrivalMs = arrivalMs;
    this.#decoder.push(bytes, arrivalMs, this.#bridge, this.#describe);
  }

  lineBroke(): void {
    this.#decoder.lineBroke();
    this.#continuity.lineBroke();
  }

  /** What is held back is handed on. */
  flush(): void {
    this.#continuity.flush(this.#deliver);
  }

  /** What is wrong with the rate, as a warning; null when nothing is or nothing is known. */
  rateProblem(): RhythmdError | null {
    const nominal = this.#description?.rateHz;
    const measured = this.measuredRateHz;
    if (nominal === undefined) return null;
    const evenlySpaced = this.#decoder.measuredRateHz ?? null;
    const wrong = measured !== null && Math.abs(measured / nominal - 1) > RATE_TOLERANCE;
    if (evenlySpaced === null && wrong) {
      return new RhythmdError(
        'E_RATE_WRONG',
        `the board sends ${measured.toFixed(1)} samples/s where ${nominal} are declared`,
        `Set source.rate_hz = ${Math.round(measured)}: every interval is off by this ratio until then`,
      );
    }
    const rate = measured ?? nominal;
    if (rate >= LOW_RATE_HZ) return null;
    return new RhythmdError(
      'E_RATE_LOW',
      `only ${rate.toFixed(0)} samples/s: below ${LOW_RATE_HZ} the shape of a beat is coarse`,
      'Raise the rate of the board, or the baud rate of its sketch, if it has a choice',
    );
  }

  readonly #describe = (description: StreamDescription): void => {
    this.#description = description;
    this.#meter = new RateMeter(description.rateHz);
    if (this.#detecting !== null && this.#board === null) {
      this.#board = this.#detecting.board;
      this.#continuity.countRange = this.#board?.countRange ?? 1;
    }
    this.#handlers.description(description);
  };

  readonly #bridge = (samples: Samples): void => {
    this.#lastSamplesMs = this.#arrivalMs;
    this.#continuity.push(samples, this.#arrivalMs, this.#decoder.statistics.restarts, this.#deliver);
  };

  readonly #deliver = (samples: Samples): void => {
    if (samples.lost > 0) {
      this.#gaps++;
      this.#samplesLost += samples.lost;
    }
    if (this.#speed !== Number.POSITIVE_INFINITY) {
      this.#meter?.push(samples.first + samples.count, this.#arrivalMs * this.#speed);
    }
    this.#handlers.samples(samples, this.#arrivalMs);
  };
}
