/**
 * Sweep: the paper stands, the pen moves, an erase bar runs ahead of it. Each frame draws only what is new, so a
 * frame costs the same whatever the size of the screen.
 */
import { drawLateBeat, drawPiece, type Ink, markLag } from './ink.ts';
import { samplesAcross } from './layout.ts';
import type { Pen } from './pen.ts';
import type { StripBeat } from './strip-signal.ts';

const ERASE_BAR_MM = 8;

export class SweepPen implements Pen {
  #ink: Ink | null = null;
  /** Sample at the left edge of the sweep being drawn; sweeps are `#length` samples long. */
  #start = 0;
  #length = 1;
  #drawnTo: number | null = null;

  restart(ink: Ink): void {
    const length = Math.max(1, Math.floor(samplesAcross(ink.layout)));
    // A redraw that keeps the scale keeps every sample at its place.
    if (length !== this.#length) this.#start = 0;
    this.#length = length;
    this.#ink = ink;
    this.#drawnTo = null;
  }

  get oldest(): number {
    return (this.#drawnTo ?? 0) - this.#length + this.#eraseSamples();
  }

  frame(head: number, late: readonly StripBeat[]): void {
    const ink = this.#ink;
    if (!ink) return;
    const end = Math.floor(head);
    if (this.#drawnTo === null || end < this.#drawnTo || end - this.#drawnTo > this.#length) {
      this.#drawAll(ink, end);
      return;
    }
    const before = this.#drawnTo;
    while (this.#drawnTo < end) {
      const to = Math.min(end, this.#start + this.#length);
      this.#erase(ink, this.#drawnTo, to);
      drawPiece(ink, this.#drawnTo, to, this.#x(ink, this.#drawnTo), this.#start);
      this.#drawnTo = to;
      if (to === this.#start + this.#length) this.#start = to;
    }
    for (const beat of late) {
      if (beat.sample >= before - markLag(ink.layout) || beat.sample < this.oldest) continue;
      drawLateBeat(ink, beat, this.#x(ink, beat.sample));
    }
  }

  sampleAt(x: number): number | null {
    const ink = this.#ink;
    if (!ink || this.#drawnTo === null) return null;
    const sample = this.#start + (x - ink.layout.left) / ink.layout.pixelsPerSample;
    if (x < ink.layout.left) return null;
    if (sample <= this.#drawnTo) return sample;
    return sample - this.#length >= this.oldest ? sample - this.#length : null;
  }

  #drawAll(ink: Ink, end: number): void {
    const { context, layout } = ink;
    context.clearRect(0, 0, layout.width, layout.height);
    this.#start = Math.floor(end / this.#length) * this.#length;
    this.#drawnTo = end;
    const previous = this.#start - this.#length;
    const oldest = Math.max(previous, this.oldest);
    if (oldest < this.#start) {
      const x = this.#x(ink, oldest);
      drawPiece(ink, oldest, this.#start, x, previous);
      // What its marks say of the time before is over.
      context.clearRect(0, 0, x, layout.height);
    }
    if (end > this.#start) drawPiece(ink, this.#start, end, layout.left, this.#start);
    this.#erase(ink, end, end);
  }

  /** From the pen's old place to the far end of the erase bar, around the edge where it wraps. */
  #erase(ink: Ink, from: number, to: number): void {
    const { context, layout } = ink;
    const x = this.#x(ink, from);
    const right = layout.left + (to - this.#start) * layout.pixelsPerSample + this.#erasePx(ink);
    // One pixel short of the pen: the line's soft edge stays.
    const left = Math.ceil(x) + 1;
    context.clearRect(left, 0, Math.min(right, layout.width) - left, layout.height);
    if (right > layout.width) context.clearRect(0, 0, layout.left + right - layout.width, layout.height);
  }

  #x(ink: Ink, sample: number): number {
    const inSweep = sample >= this.#start ? sample - this.#start : sample - this.#start + this.#length;
    return ink.layout.left + inSweep * ink.layout.pixelsPerSample;
  }

  #erasePx(ink: Ink): number {
    return ERASE_BAR_MM * ink.layout.pixelsPerMm;
  }

  #eraseSamples(): number {
    return this.#ink ? this.#erasePx(this.#ink) / this.#ink.layout.pixelsPerSample : 0;
  }
}
