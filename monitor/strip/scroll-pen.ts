/**
 * Scroll: the pen stands at the right, the paper moves. What is drawn is shifted by whole device pixels and
 * only the new edge is drawn, so that a frame stays cheap.
 */
import { drawLateBeat, drawPiece, type Ink, markLag } from './ink.ts';
import { samplesAcross } from './layout.ts';
import type { Pen } from './pen.ts';
import type { StripBeat } from './strip-signal.ts';

export class ScrollPen implements Pen {
  readonly #ratio: () => number;
  #ink: Ink | null = null;
  /** Device pixels the paper has moved since sample 0; the pen's place in samples follows from it. */
  #moved: number | null = null;

  constructor(ratio: () => number) {
    this.#ratio = ratio;
  }

  restart(ink: Ink): void {
    this.#ink = ink;
    this.#moved = null;
  }

  get oldest(): number {
    return this.#ink ? this.#head() - samplesAcross(this.#ink.layout) : 0;
  }

  frame(head: number, late: readonly StripBeat[]): void {
    const ink = this.#ink;
    if (!ink) return;
    const { context, layout } = ink;
    const moved = Math.floor(head * layout.pixelsPerSample * this.#ratio());
    const shift = this.#moved === null ? Number.POSITIVE_INFINITY : moved - this.#moved;
    const before = this.#head();
    this.#moved = moved;
    const now = this.#head();
    const lag = markLag(layout);
    if (shift < 0 || shift / this.#ratio() > layout.traceWidth) {
      context.clearRect(0, 0, layout.width, layout.height);
      drawPiece(ink, this.oldest, now, layout.left, this.oldest);
    } else if (shift > 0) {
      this.#shift(ink, shift);
      // The last few samples again: their line was cut by the edge of the canvas.
      drawPiece(ink, before, now, this.#x(ink, before), this.oldest);
    }
    for (const beat of late) {
      if (beat.sample < before - lag && beat.sample > this.oldest)
        drawLateBeat(ink, beat, this.#x(ink, beat.sample));
    }
    context.clearRect(0, 0, layout.left, layout.height);
  }

  sampleAt(x: number): number | null {
    const ink = this.#ink;
    if (!ink || this.#moved === null || x < ink.layout.left) return null;
    return this.oldest + (x - ink.layout.left) / ink.layout.pixelsPerSample;
  }

  #shift({ context }: Ink, devicePixels: number): void {
    const { canvas } = context;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = 'copy';
    context.drawImage(canvas, -devicePixels, 0);
    context.restore();
  }

  #head(): number {
    const ink = this.#ink;
    if (!ink || this.#moved === null) return 0;
    return this.#moved / this.#ratio() / ink.layout.pixelsPerSample;
  }

  #x(ink: Ink, sample: number): number {
    return ink.layout.left + (sample - this.oldest) * ink.layout.pixelsPerSample;
  }
}
