/** Frozen, or out of a recording: oldest left, newest right, drawn once, moved by hand. */
import { drawPiece, type Ink } from './ink.ts';
import { samplesAcross } from './layout.ts';

export class StillPen {
  #ink: Ink | null = null;
  /** Sample at the left edge. */
  from = 0;

  draw(ink: Ink, from: number): void {
    const { context, layout } = ink;
    this.#ink = ink;
    this.from = from;
    const to = from + samplesAcross(layout);
    context.clearRect(0, 0, layout.width, layout.height);
    drawPiece(ink, from, to + 40, layout.left, from);
    context.clearRect(0, 0, layout.left, layout.height);
  }

  sampleAt(x: number): number | null {
    if (!this.#ink || x < this.#ink.layout.left) return null;
    return this.from + (x - this.#ink.layout.left) / this.#ink.layout.pixelsPerSample;
  }

  xOf(sample: number): number {
    const ink = this.#ink;
    return ink ? ink.layout.left + (sample - this.from) * ink.layout.pixelsPerSample : 0;
  }
}
