/**
 * Scroll: the pen stands at the right, the paper moves by whole device pixels. Only the new edge is drawn, on the tile under
 * the pen, so that a frame stays cheap.
 */
import { beatReachPx } from './draw-marks.ts';
import { drawStretch } from './draw-stretch.ts';
import { drawLateBeat, drawMarks, drawPiece, type Ink, markLag } from './ink.ts';
import { type PaperLayout, samplesAcross } from './layout.ts';
import type { Pen } from './pen.ts';
import type { ScrollTiles } from './scroll-tiles.ts';
import type { StripBeat } from './strip-signal.ts';

/** A line across the edge of two tiles is drawn on both as far as this, its round ends included. */
const SEAM_PX = 4;

export class ScrollPen implements Pen {
  readonly #tiles: ScrollTiles;
  #paper: PaperLayout | null = null;
  #ink: Ink | null = null;
  /** Device pixels the paper has moved since sample 0; the pen's place in samples follows from it. */
  #moved: number | null = null;
  /** The oldest sample that was drawn. */
  #since = 0;

  constructor(tiles: ScrollTiles) {
    this.#tiles = tiles;
  }

  restart(ink: Ink): void {
    this.#paper = ink.layout;
    // A tile is a paper without a margin; what reaches over its edge is drawn on its neighbour, too.
    this.#ink = {
      ...ink,
      layout: { ...ink.layout, left: Number.NEGATIVE_INFINITY, width: this.#tiles.tileWidth },
    };
    this.#moved = null;
  }

  get oldest(): number {
    return this.#ink ? this.#head() - samplesAcross(this.#ink.layout) : 0;
  }

  frame(head: number, late: readonly StripBeat[]): void {
    const ink = this.#ink;
    if (!ink) return;
    const { layout } = ink;
    const { ratio } = this.#tiles;
    const moved = Math.floor(head * layout.pixelsPerSample * ratio);
    const shift = this.#moved === null ? Number.POSITIVE_INFINITY : moved - this.#moved;
    if (shift === 0 && late.length === 0) return;
    const before = this.#head();
    this.#moved = moved;
    const isAnew = shift < 0 || shift / ratio > layout.traceWidth;
    if (isAnew) {
      this.#tiles.clear();
      this.#since = this.oldest;
    }
    this.#tiles.move(moved);
    this.#draw(ink, isAnew ? this.#since : before, this.#head());
    if (isAnew) return;
    for (const beat of late) {
      if (beat.sample < before - markLag(layout) && beat.sample > this.oldest) this.#drawLate(ink, beat);
    }
  }

  sampleAt(x: number): number | null {
    const paper = this.#paper;
    if (!paper || this.#moved === null || x < paper.left) return null;
    return this.#head() - (paper.width - x) / paper.pixelsPerSample;
  }

  /** Samples [from, to), tile by tile. */
  #draw(ink: Ink, from: number, to: number): void {
    const { pixelsPerSample } = ink.layout;
    const tileSamples = this.#tiles.tileWidth / pixelsPerSample;
    const last = Math.floor(to / tileSamples);
    for (let index = Math.floor(from / tileSamples); index <= last; index++) {
      const start = Math.max(from, index * tileSamples);
      const end = Math.min(to, (index + 1) * tileSamples);
      if (end > start) this.#drawPiece(ink, index, start, end);
    }
  }

  /** @param index of the tile that all of [from, to) is on */
  #drawPiece(ink: Ink, index: number, from: number, to: number): void {
    const { layout, signal, colours, baselines } = ink;
    const { pixelsPerSample } = layout;
    const { tileWidth } = this.#tiles;
    const lag = markLag(layout);
    const { oldest } = this;
    let reachedPx = (from - 2 * lag) * pixelsPerSample;
    const { items } = signal.beats;
    for (let i = signal.beats.indexFrom(from - lag); i < items.length && items[i]!.sample < to - lag; i++) {
      reachedPx = Math.min(reachedPx, items[i]!.sample * pixelsPerSample - beatReachPx(layout, items[i]!));
    }
    const own = index * tileWidth;
    this.#tiles.each(Math.min(reachedPx, from * pixelsPerSample - SEAM_PX), own, (context, leftPx) => {
      const tile = { ...ink, context };
      const x = from * pixelsPerSample - leftPx;
      if (leftPx === own) {
        drawPiece(tile, from, to, x, oldest, Math.max(this.#since, own / pixelsPerSample));
        return;
      }
      const seam = Math.min(to, from + SEAM_PX / pixelsPerSample);
      // The words of a stretch are all on its own tile.
      const wordless = { from, to: seam, x, edge: Number.POSITIVE_INFINITY };
      if (x < tileWidth + SEAM_PX) drawStretch(context, layout, signal, colours, baselines, wordless);
      drawMarks(tile, from - lag, to - lag, x - lag * pixelsPerSample, oldest);
    });
  }

  #drawLate(ink: Ink, beat: StripBeat): void {
    const { layout } = ink;
    const px = beat.sample * layout.pixelsPerSample;
    const rightPx = px + markLag(layout) * layout.pixelsPerSample;
    this.#tiles.each(px - beatReachPx(layout, beat), rightPx, (context, leftPx) =>
      drawLateBeat({ ...ink, context }, beat, px - leftPx),
    );
  }

  #head(): number {
    const ink = this.#ink;
    if (!ink || this.#moved === null) return 0;
    return this.#moved / this.#tiles.ratio / ink.layout.pixelsPerSample;
  }
}
