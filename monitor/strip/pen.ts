/** A way of moving: sweep or scroll. Called once a frame with where the pen is. */
import type { Ink } from './ink.ts';
import type { StripBeat } from './strip-signal.ts';

export interface Pen {
  /** Forgets what is on the paper: the next frame draws all of it. */
  restart(ink: Ink): void;
  /** @param head the pen's sample. @param late beats that became known since the last frame. */
  frame(head: number, late: readonly StripBeat[]): void;
  /** The sample drawn at `x`; null where there is none. */
  sampleAt(x: number): number | null;
  /** The oldest sample on the paper. */
  readonly oldest: number;
}
