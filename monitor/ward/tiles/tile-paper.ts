/** The trace of one bed, small: a sweep on ECG paper at 25 mm/s, drawn by the parts of the bedside strip. */
import { h } from '../../dom.ts';
import { Playhead } from '../../signal/playhead.ts';
import { createLayer, sizeLayer } from '../../strip/canvas.ts';
import { readColours, type StripColours } from '../../strip/colours.ts';
import type { PaperLayout } from '../../strip/layout.ts';
import { drawPaper } from '../../strip/paper.ts';
import { SweepPen } from '../../strip/sweep-pen.ts';
import { textScale } from '../../style/text-scale.ts';
import type { BedTrace } from '../beds/bed-trace.ts';

const PIXELS_PER_MM = 96 / 25.4;
const SPEED_MM_PER_S = 25;
/** A tile that is low has half the gain: a tall R wave stays on it. */
const LOW_PX = 120;
/** Letters are smaller than at the bedside: who wants to read beats opens the bed. */
const LETTERS = 0.72;
const MARKS_PX = 40;
/** Blocks of 250 ms over a broker, and a hiccup. */
const DELAY_S = 0.7;

export class TilePaper {
  readonly element = h('div.tile-paper', { 'aria-hidden': 'true' });
  readonly #trace: BedTrace;
  readonly #paper = createLayer('paper');
  readonly #ink = createLayer('trace');
  readonly #pen = new SweepPen();
  readonly #playhead = new Playhead(DELAY_S);
  #layout: PaperLayout | null = null;
  #colours: StripColours | null = null;
  #revision = -1;

  constructor(trace: BedTrace) {
    this.#trace = trace;
    this.element.append(this.#paper.canvas, this.#ink.canvas);
    new ResizeObserver(() => this.invalidate()).observe(this.element);
  }

  invalidate(): void {
    this.#layout = null;
  }

  /** Once a frame, while it is on the screen. */
  frame(nowMs: number): void {
    if (this.#layout === null && !this.#prepare()) return;
    if (this.#trace.end === 0) return;
    const head = this.#playhead.advance(nowMs, this.#trace.end, this.#trace.rateHz);
    if (this.#revision !== this.#trace.revision) {
      this.#revision = this.#trace.revision;
      this.#pen.restart({
        context: this.#ink.context,
        layout: this.#layout!,
        signal: this.#trace,
        colours: this.#colours!,
        baselines: [0],
      });
    }
    this.#pen.frame(head, []);
  }

  /** The trace ended: what was drawn is no picture of now. */
  clear(): void {
    this.#playhead.reset();
    this.invalidate();
  }

  #prepare(): boolean {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return false;
    this.#colours = readColours();
    this.#layout = layoutTile(width, height, this.#trace.rateHz);
    for (const layer of [this.#paper, this.#ink]) sizeLayer(layer, width, height);
    drawPaper(this.#paper.context, this.#layout, this.#colours, { leadNames: [], filter: '', pulse: false });
    this.#revision = -1;
    return true;
  }
}

function layoutTile(width: number, height: number, rateHz: number): PaperLayout {
  const scale = textScale();
  const letters = LETTERS * scale;
  const pixelsPerMm = PIXELS_PER_MM * Math.min(scale, Math.max(0.8, width / 420));
  const gainMmPerMv = height < LOW_PX * scale ? 5 : 10;
  const marksHeight = MARKS_PX * letters;
  const bandHeight = height - marksHeight;
  return {
    width,
    height,
    pixelsPerMm,
    pixelsPerSample: (SPEED_MM_PER_S * pixelsPerMm) / rateHz,
    pixelsPerMv: gainMmPerMv * pixelsPerMm,
    gainMmPerMv,
    speedMmPerS: SPEED_MM_PER_S,
    left: 0,
    traceWidth: width,
    bands: [
      {
        lead: 0,
        top: marksHeight,
        height: bandHeight,
        zeroY: marksHeight + bandHeight * 0.62,
        gainMmPerMv,
        pixelsPerMv: gainMmPerMv * pixelsPerMm,
      },
    ],
    textScale: letters,
    marksHeight,
    footHeight: 0,
  };
}
