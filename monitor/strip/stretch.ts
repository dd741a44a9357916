/** A stretch of signal on the paper: samples [from, to), the first of them at `x`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  /** The sample at the left edge of the paper, or of this part of it: words about older stretches start there. */
  readonly edge: number;
}
