/** Beats against the reference: each used once, within 150 ms, in the order of time. */

/** 150 ms at 360 Hz. */
const WINDOW = 54;

export interface Agreement {
  readonly found: number;
  readonly missed: number;
  readonly extra: number;
  /** Percent. */
  readonly sensitivity: number;
  readonly predictivity: number;
}

/** Positions in pipeline samples, ascending. */
export function matchBeats(reference: readonly number[], beats: readonly number[]): Agreement {
  let at = 0;
  let found = 0;
  for (const position of reference) {
    while (at < beats.length && beats[at]! < position - WINDOW) at++;
    if (at < beats.length && beats[at]! <= position + WINDOW) {
      found++;
      at++;
    }
  }
  return {
    found,
    missed: reference.length - found,
    extra: beats.length - found,
    sensitivity: (100 * found) / reference.length,
    predictivity: beats.length === 0 ? 0 : (100 * found) / beats.length,
  };
}
