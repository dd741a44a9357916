/**
 * Finds out which board is speaking by letting every decoder listen, then decodes as that one. Nothing that
 * arrived meanwhile is lost: it is kept, within a bound, and decoded again.
 */
import type { Samples, StreamDescription } from '../types.ts';
import type { Board, BoardDecoder, DecoderOptions, FrameStatistics } from './board.ts';
import { newFrameStatistics } from './board.ts';

/** Frames that make a board likely, and the share of bytes that may lie outside its frames. */
const ENOUGH_FRAMES = 12;
const MAX_DISCARDED = 0.2;
/** What is kept for decoding again; older bytes are given up. */
const MAX_HISTORY = 64 * 1024;

interface Chunk {
  readonly bytes: Uint8Array;
  readonly arrivalMs: number;
}

export class DetectingDecoder implements BoardDecoder {
  readonly #candidates: readonly Board[];
  readonly #options: DecoderOptions;
  readonly #own = newFrameStatistics();
  #trials: { readonly board: Board; readonly decoder: BoardDecoder }[] = [];
  #history: Chunk[] = [];
  #historyBytes = 0;
  #board: Board | null = null;
  #decoder: BoardDecoder | null = null;

  /** @param candidates in order of preference where two speak alike */
  constructor(candidates: readonly Board[], options: DecoderOptions = {}) {
    this.#candidates = candidates;
    this.#options = options;
    this.#listenAnew();
  }

  /** The board that speaks; null while it is not known. */
  get board(): Board | null {
    return this.#board;
  }

  get statistics(): FrameStatistics {
    return this.#decoder?.statistics ?? this.#own;
  }

  get measuredRateHz(): number | null {
    return this.#decoder?.measuredRateHz ?? null;
  }

  push(
    bytes: Uint8Array,
    arrivalMs: number,
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void {
    if (this.#decoder !== null) {
      this.#decoder.push(bytes, arrivalMs, onSamples, onDescription);
      return;
    }
    this.#own.bytes += bytes.length;
    this.#own.bytesDiscarded += bytes.length;
    this.#keep({ bytes: bytes.slice(), arrivalMs });
    for (const { decoder } of this.#trials) decoder.push(bytes, arrivalMs, () => {});
    const board = this.#decide();
    if (board === null) return;
    const history = this.#history;
    this.#board = board;
    this.#decoder = board.createDecoder(this.#options);
    this.#trials = [];
    this.#history = [];
    for (const chunk of history) {
      this.#decoder.push(chunk.bytes, chunk.arrivalMs, onSamples, onDescription);
    }
  }

  lineBroke(): void {
    if (this.#decoder === null) this.#listenAnew();
    else this.#decoder.lineBroke();
  }

  #listenAnew(): void {
    const options = { speed: this.#options.speed, baud: this.#options.baud };
    this.#trials = this.#candidates.map((board) => ({ board, decoder: board.createDecoder(options) }));
    this.#history = [];
    this.#historyBytes = 0;
  }

  #keep(chunk: Chunk): void {
    this.#history.push(chunk);
    this.#historyBytes += chunk.bytes.length;
    while (this.#historyBytes > MAX_HISTORY) this.#historyBytes -= this.#history.shift()!.bytes.length;
  }

  /** The board whose frames hold most of the bytes, if it has enough of them. */
  #decide(): Board | null {
    let best: Board | null = null;
    let least = MAX_DISCARDED;
    for (const { board, decoder } of this.#trials) {
      const { good, bytes, bytesDiscarded, bytesBefore } = decoder.statistics;
      if (good < ENOUGH_FRAMES) continue;
      const discarded = (bytesDiscarded + bytesBefore) / bytes;
      if (discarded < least) {
        best = board;
        least = discarded;
      }
    }
    return best;
  }
}
