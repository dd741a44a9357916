/**
 * Chords frames (`chords-frame.ts`), whose length depends on the board that answers to WHORU, and with an NPG Lite on what
 * is plugged into it: then on the frames themselves.
 */
import type { Samples, StreamDescription } from '../types.ts';
import type { Board, BoardDecoder, DecoderOptions, FrameStatistics } from './board.ts';
import {
  CHORDS_MODELS,
  type ChordsModel,
  chordsLayout,
  chordsMicrovolts,
  frameLength,
  NPG_LITE,
  NPG_LITE_PLUS,
  UNO_R3,
} from './chords-frame.ts';
import { FramedDecoder } from './framed-board.ts';

const MAX_NAME = 24;
/** Up to 14 bits are taken while nobody has said a name: a GIGA R1, with 16, says its own. */
const LARGEST_UNNAMED = 2 ** 14 - 1;
/** What is held back until two frames tell their length; more without any is no stream of frames. */
const MAX_HELD = 256;

export class ChordsDecoder implements BoardDecoder {
  readonly #board: Board;
  readonly #options: DecoderOptions;
  #inner: FramedDecoder;
  #text = '';
  #name: string | null = null;
  /** Bytes of a board whose frames are still to tell their length; null: nothing is held. */
  #held: number[] | null = null;

  constructor(board: Board, options: DecoderOptions = {}) {
    this.#board = board;
    this.#options = options;
    // Until the board has said its name it may be any of them.
    this.#inner = this.#decoderFor(UNO_R3, LARGEST_UNNAMED);
  }

  get statistics(): FrameStatistics {
    return this.#inner.statistics;
  }

  push(
    bytes: Uint8Array,
    arrivalMs: number,
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void {
    // The name comes before the first frame, or never: a board that streams does not talk.
    if (this.statistics.good === 0) this.#listen(bytes);
    const ready = this.#held === null ? bytes : this.#measure(this.#held, bytes);
    if (ready === null) return;
    this.#inner.push(ready, arrivalMs, onSamples, (description) =>
      onDescription?.({ ...description, firmware: this.#name }),
    );
  }

  /** @returns all that is held, once its frames have told their length */
  #measure(held: number[], bytes: Uint8Array): Uint8Array | null {
    for (const byte of bytes) held.push(byte);
    const length = frameLength(held);
    if (length === 0 && held.length < MAX_HELD) return null;
    if (length === chordsLayout(NPG_LITE_PLUS).maxLength) this.#become(NPG_LITE_PLUS);
    this.#held = null;
    return Uint8Array.from(held);
  }

  lineBroke(): void {
    if (this.#held !== null) this.#held = [];
    this.#inner.lineBroke();
  }

  #listen(bytes: Uint8Array): void {
    for (const byte of bytes) {
      const printable = byte >= 0x20 && byte < 0x7f;
      if (printable) {
        this.#text = (this.#text + String.fromCharCode(byte)).slice(-MAX_NAME);
      } else {
        this.#recognise(this.#text);
        this.#text = '';
      }
    }
  }

  #recognise(text: string): void {
    const model = CHORDS_MODELS.find((candidate) => text.toUpperCase().startsWith(candidate.name));
    if (model === undefined) return;
    this.#name = text;
    this.#become(model);
    this.#held = model === NPG_LITE ? [] : null;
  }

  #become(model: ChordsModel): void {
    const before = this.#inner.statistics;
    this.#inner = this.#decoderFor(model);
    Object.assign(this.#inner.statistics, before);
  }

  #decoderFor(model: ChordsModel, largestCount?: number): FramedDecoder {
    const names = Array.from({ length: model.channels }, (_, c) => `A${c}`);
    const board = {
      ...this.#board,
      rateHz: model.rateHz,
      microvoltsPerCount: chordsMicrovolts(model),
      leadNames: names,
    };
    const channels = this.#options.channels ?? this.#board.leadNames.map((_, c) => c);
    return new FramedDecoder(board, chordsLayout(model, largestCount), { ...this.#options, channels });
  }
}
