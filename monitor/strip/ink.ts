/** What every way of drawing the live strip shares: the marks that belong to a piece, and those that come late. */
import type { StripColours } from './colours.ts';
import { drawBeat, drawPeakTick, MARK_HALF_WIDTH_PX, tintHalfPx } from './draw-marks.ts';
import { drawStretch } from './draw-stretch.ts';
import type { PaperLayout } from './layout.ts';
import type { StripBeat, StripSignal } from './strip-signal.ts';

export interface Ink {
  readonly context: CanvasRenderingContext2D;
  readonly layout: PaperLayout;
  readonly signal: StripSignal;
  readonly colours: StripColours;
  readonly baselines: readonly number[];
}

/** Samples between a mark's middle and its edge: the pen must be that far past before it is drawn. */
export function markLag(layout: PaperLayout): number {
  return Math.max(MARK_HALF_WIDTH_PX * layout.textScale, tintHalfPx(layout)) / layout.pixelsPerSample;
}

/**
 * Samples [from, to) with `from` at `x`, and the marks known by now that the pen has just passed.
 * @param edge the oldest sample on the paper of this piece.
 * @param wordsFrom where words about a stretch begin that is older; left out: at the edge.
 */
export function drawPiece(
  ink: Ink,
  from: number,
  to: number,
  x: number,
  edge: number,
  wordsFrom = edge,
): void {
  const { context, layout, signal, colours, baselines } = ink;
  drawStretch(context, layout, signal, colours, baselines, { from, to, x, edge: wordsFrom });
  const lag = markLag(layout);
  drawMarks(ink, from - lag, to - lag, x - lag * layout.pixelsPerSample, edge);
}

/** The marks in [from, to), `from` at `x`. */
export function drawMarks(ink: Ink, from: number, to: number, x: number, edge: number): void {
  const { context, layout, signal, colours } = ink;
  const { beats, peaks } = signal;
  const start = Math.max(from, edge);
  for (let i = peaks.indexFrom(start); i < peaks.items.length && peaks.items[i]!.sample < to; i++) {
    drawPeakTick(context, layout, colours, x + (peaks.items[i]!.sample - from) * layout.pixelsPerSample);
  }
  for (let i = beats.indexFrom(start); i < beats.items.length && beats.items[i]!.sample < to; i++) {
    const beat = beats.items[i]!;
    drawBeat(context, layout, colours, beat, x + (beat.sample - from) * layout.pixelsPerSample, layout.left);
  }
}

/** A beat whose class came after the pen had passed: at `x`. */
export function drawLateBeat(ink: Ink, beat: StripBeat, x: number): void {
  drawBeat(ink.context, ink.layout, ink.colours, beat, x, ink.layout.left);
}
