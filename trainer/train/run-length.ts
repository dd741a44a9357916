/** Steps of one run of the session: enough to make its overhead small, few enough to stop soon after Ctrl-C. */
const MOST_STEPS = 40;
const RUN_SECONDS = 8;

/** Before it is known how long a step takes. */
export const FIRST_STEPS = 4;

export function stepsInRun(secondsPerStep: number): number {
  return Math.max(1, Math.min(MOST_STEPS, Math.floor(RUN_SECONDS / secondsPerStep)));
}
