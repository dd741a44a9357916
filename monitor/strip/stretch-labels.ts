/** What a hatched stretch is, in words that stand in it: each once, whole, and never over another's. */
import type { StripColours } from './colours.ts';
import type { PaperLayout } from './layout.ts';
import type { Stretch } from './stretch.ts';

const LETTER_HEIGHT_PX = 11;
/** Of a bold letter, as a share of its height; rather too much than too little. */
const LETTER_WIDTH = 0.62;
const GAP_PX = 4;

/** The labels of one row of one piece of paper. Told of every stretch since the piece's edge, in order. */
export class Labels {
  readonly #context: CanvasRenderingContext2D;
  readonly #layout: PaperLayout;
  readonly #colours: StripColours;
  readonly #y: number;
  readonly #stretch: Stretch;
  /** Where the last label ends. */
  #takenX = Number.NEGATIVE_INFINITY;

  constructor(
    context: CanvasRenderingContext2D,
    layout: PaperLayout,
    colours: StripColours,
    y: number,
    stretch: Stretch,
  ) {
    this.#context = context;
    this.#layout = layout;
    this.#colours = colours;
    this.#y = y;
    this.#stretch = stretch;
  }

  /**
   * Written once the pen has passed its place: what it draws there, or the erase bar ahead of it, would take it away again.
   * A short stretch may be over by then.
   */
  write(words: string, start: number, end: number): void {
    const { from, to, x, edge } = this.#stretch;
    const { pixelsPerSample, textScale, width: right } = this.#layout;
    if (end <= edge) return;
    const size = LETTER_HEIGHT_PX * textScale;
    const width = words.length * size * LETTER_WIDTH + 2 * GAP_PX;
    const at = (sample: number) => x + (sample - from) * pixelsPerSample;
    // At the end of the paper it would be cut.
    const left = Math.min(at(Math.max(start, edge)), right - width - GAP_PX);
    if (left < this.#takenX) return;
    this.#takenX = left + width;
    if (left + width < x || left + width >= at(to)) return;
    const context = this.#context;
    context.font = `600 ${size}px ${this.#colours.font}`;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillStyle = this.#colours.paper;
    // Beyond the stretch there is a trace, which is not to be covered.
    const boxLeft = Math.max(left, at(start)) + 2;
    const boxRight = Math.min(left + context.measureText(words).width + 2 * GAP_PX - 2, at(end));
    if (boxRight > boxLeft) context.fillRect(boxLeft, this.#y - size * 0.73, boxRight - boxLeft, size * 1.46);
    context.fillStyle = this.#colours.text;
    context.fillText(words, left + GAP_PX, this.#y);
  }
}
