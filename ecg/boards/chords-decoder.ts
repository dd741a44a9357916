/** Chords frames (`chords-frame.ts`), whose length depends on the board that answers to WHORU. */
import type { Samples, StreamDescription } from '../types.ts';
import type { Board, BoardDecoder, DecoderOptions, FrameStatistics } from './board.ts';
import { CHORDS_MODELS, type ChordsModel, chordsLayout, chordsMicrovolts, UNO_R3 } from './chords-frame.ts';
import { FramedDecoder } from './framed-board.ts';

const MAX_NAME = 24;

export class ChordsDecoder implements BoardDecoder {
  readonly #board: Board;
  readonly #options: DecoderOptions;
  #inner: FramedDecoder;
  #text = '';
  #name: string | null = null;

  constructor(board: Board, options: DecoderOptions = {}) {
    this.#board = board;
    this.#options = options;
    // Until the board has said its name it may be any of them.
    this.#inner = this.#decoderFor(UNO_R3, Math.max(...CHORDS_MODELS.map(({ bits }) => 2 ** bits - 1)));
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
    this.#inner.push(bytes, arrivalMs, onSamples, (description) =>
      onDescription?.({ ...description, firmware: this.#name }),
    );
  }

  lineBroke(): void {
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
    const before = this.#inner.statistics;
    this.#name = text;
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
