/**
 * What the scorer sees of a candidate in one lead. Every number is a ratio to what is usual on this lead or in this
 * rhythm, so that gain and sample rate do not matter. Roots and logarithms bring the tails in.
 */
import { BAND_MASK, STEP_RATE_HZ } from './bands.ts';
import type { QrsLead } from './lead.ts';
import type { QrsTiming } from './timing.ts';

/** Steps around the candidate (8.3 ms each) at which the envelopes are read. */
const QRS_STEPS = Int32Array.from([
  -20, -16, -13, -10, -8, -6, -4, -2, 0, 2, 4, 6, 8, 10, 13, 16, 20, 24, 28, 32,
]);
const FINE_STEPS = Int32Array.from([-16, -10, -6, -3, 0, 3, 6, 10, 16, 23, 30]);
const BROAD_STEPS = Int32Array.from([-22, -15, -10, -5, 0, 5, 10, 15, 20, 25]);
/** Steps after a candidate that must be known before it is scored: the last above and its band's delay. */
export const LOOK_AHEAD_STEPS = 37;
/** Followers are looked for this far: their own neighbourhood must be known too. */
const FOLLOWER_REACH = 24;
/** Stands for the distance to a follower when there is none. */
const NO_FOLLOWER = 40;
/** Followers lower than this share of the level are not looked at. */
export const LOWEST_SHARE = 0.12;
/** Early beats are marked up to this interval (400 ms). */
const EARLY_STEPS = 0.4 * STEP_RATE_HZ;
const SMALL = 0.02;

export const FEATURE_COUNT = QRS_STEPS.length + FINE_STEPS.length + BROAD_STEPS.length + 32;

/** What is not of one lead: the candidates after this one, and what was thought of those before. */
export interface CandidateContext {
  /** Ring of candidate steps, the one judged at `head`. */
  readonly steps: Int32Array;
  readonly mask: number;
  head: number;
  tail: number;
  /** Score of the last beat, and the best score refused since (null: none). */
  lastScore: number;
  refusedScore: number | null;
}

/** Writes the features of the candidate at step `n` of `lead` into `into`. */
export function writeFeatures(
  lead: QrsLead,
  timing: QrsTiming,
  context: CandidateContext,
  n: number,
  into: Float32Array,
): void {
  const { fine, qrs, broad, shape } = lead.bands;
  const { level, perLevel } = lead;
  let at = 0;
  for (let k = 0; k < QRS_STEPS.length; k++)
    into[at++] = root(qrs[(n + QRS_STEPS[k]!) & BAND_MASK]! * perLevel);
  for (let k = 0; k < FINE_STEPS.length; k++)
    into[at++] = root(fine[(n + FINE_STEPS[k]!) & BAND_MASK]! * perLevel);
  for (let k = 0; k < BROAD_STEPS.length; k++)
    into[at++] = root(broad[(n + BROAD_STEPS[k]!) & BAND_MASK]! * perLevel);

  const height = Math.max(0, qrs[n & BAND_MASK]!);
  const perHeight = 1 / (height + 1e-9);
  const interval = timing.interval;
  const since = Math.min(n - timing.last, 400);
  const inIntervals = since / interval;
  into[at++] = Math.log(height * perLevel + SMALL);
  // A lead may have been silent at the last beat of the others.
  into[at++] = Math.log(Math.min(50, height / Math.max(lead.lastBeat, SMALL * level)) + SMALL);
  into[at++] = Math.log(Math.min(50, height / Math.max(lead.low, SMALL * level)) + SMALL);
  into[at++] = Math.min(3, inIntervals);
  into[at++] = Math.log(inIntervals);
  into[at++] = since / STEP_RATE_HZ;
  into[at++] = Math.max(0, 1 - since / EARLY_STEPS);
  into[at++] = interval / STEP_RATE_HZ;
  into[at++] = Math.log(timing.previous / interval);
  into[at++] = Math.min(4, since / timing.previous);
  into[at++] = Math.min(4, since / timing.beforePrevious);
  into[at++] = Math.min(1, timing.irregularity);
  into[at++] = Math.min(3, lead.noise * perLevel);
  into[at++] = Math.min(3, lead.ambient * perLevel);
  into[at++] = Math.min(3, lead.refused * perLevel);
  into[at++] = lead.refused > 0 ? Math.min(3, (n - lead.refusedStep) / 60) : 3;
  into[at++] = Math.min(3, lead.refused * perHeight);

  let next = 0;
  let nextDistance = NO_FOLLOWER;
  let largest = 0;
  let largestDistance = NO_FOLLOWER;
  const centre = context.steps[context.head & context.mask]!;
  for (let k = context.head + 1; k < context.tail; k++) {
    const distance = context.steps[k & context.mask]! - centre;
    if (distance > FOLLOWER_REACH) break;
    const follower = qrs[(n + distance) & BAND_MASK]!;
    if (follower < LOWEST_SHARE * level) continue;
    if (next === 0) {
      next = follower;
      nextDistance = distance;
    }
    if (follower > largest) {
      largest = follower;
      largestDistance = distance;
    }
  }
  into[at++] = Math.min(3, next * perHeight);
  into[at++] = nextDistance / 40;
  into[at++] = Math.min(3, largest * perHeight);
  into[at++] = largestDistance / 40;
  into[at++] = Math.min(3, largest * perLevel);

  const { templates } = lead;
  templates.match(shape, n);
  const known = templates.correlation !== null;
  into[at++] = known ? templates.correlation! : 0.5;
  into[at++] = known ? templates.mainCorrelation : 0.5;
  into[at++] = known ? Math.log(templates.size + 0.05) : 0;
  into[at++] = known ? Math.min(3, templates.residual) : 0;
  into[at++] = known ? templates.use : 0.5;
  into[at++] = Math.log(Math.max(0, fine[n & BAND_MASK]!) * perHeight + SMALL);
  into[at++] = Math.log(Math.max(0, broad[n & BAND_MASK]!) * perHeight + SMALL);
  into[at++] = Math.max(-4, Math.min(4, context.lastScore / 3));
  into[at++] = timing.beats < 8 ? 1 : 0;
  into[at++] = context.refusedScore === null ? -4 : Math.max(-4, context.refusedScore / 3);
}

/** Square root of a share of the level, up to 8 levels; a running sum may come out a hair below zero. */
function root(share: number): number {
  return share > 0 ? Math.sqrt(Math.min(share, 8)) : 0;
}
