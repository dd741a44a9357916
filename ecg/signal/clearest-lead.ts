/**
 * Which lead shows its beats most clearly. A QRS is steep and rare: of an ECG the steepest hundredth of all steps is many
 * times the middle one, of noise about four times, of hum hardly more than once. Of leads that are nearly alike the first
 * is taken, as the upper one of a record.
 */

/** Steps are taken over this time: a QRS rises in some 20 ms, hum turns around in 10. */
const STEP_S = 0.02;
/** The share of steps that are steeper: a QRS at 60 beats a minute has a tenth of them. */
const STEEPEST = 0.98;
/** A lead without a step of this height has no beat that could be read. */
const LEAST_STEP_MV = 0.08;
/** Nor has one whose steps are higher than any heart's: an open input. */
const MOST_STEP_MV = 20;
/** Keeps a flat line with one click from being the clearest of all. */
const FLOOR_MV = 0.01;
/** What is not this much clearer is no reason for another lead than the first. */
const MUCH_CLEARER = 1.5;

/** @param leads millivolts, NaN where lost; some seconds of all of them. @returns 0 where none is clear */
export function clearestLead(leads: readonly Float32Array[], rateHz: number): number {
  const clarities = leads.map((lead) => clarity(lead, rateHz));
  const best = Math.max(0, ...clarities);
  const index = clarities.findIndex((value) => value > 0 && value * MUCH_CLEARER >= best);
  return Math.max(0, index);
}

function clarity(lead: Float32Array, rateHz: number): number {
  const distance = Math.max(1, Math.round(STEP_S * rateHz));
  const steps: number[] = [];
  for (let i = distance; i < lead.length; i++) {
    const step = Math.abs(lead[i]! - lead[i - distance]!);
    if (!Number.isNaN(step)) steps.push(step);
  }
  if (steps.length < rateHz) return 0;
  steps.sort((a, b) => a - b);
  const steep = steps[Math.floor(STEEPEST * (steps.length - 1))]!;
  const middle = steps[steps.length >> 1]!;
  if (steep < LEAST_STEP_MV || steep > MOST_STEP_MV) return 0;
  return steep / (middle + FLOOR_MV);
}
