/** How long somebody at the bench waits for a word: from the change of a control to the frame in which the page says something. */
import type { Page } from 'playwright-core';

export interface BenchFeedback {
  /** Until "Asked for …" is drawn. */
  readonly askedMs: number;
  /** Until what the daemon answered is drawn. */
  readonly answeredMs: number;
  /** Until the first sample of the replay that was asked for is here; null: none came in time. */
  readonly samplesMs: number | null;
}

/** What moves a replay: which control is changed, and to what; of a button its words. */
export type BenchMove = { readonly seek: number } | { readonly speed: number } | { readonly fault: string };

/** Samples after an answer are waited for this long. */
const SAMPLES_WITHIN_MS = 10_000;

/** On the bench's page, with a replay that plays. */
export function benchFeedback(page: Page, move: BenchMove): Promise<BenchFeedback> {
  return page.evaluate(`(async () => {
    const move = ${JSON.stringify(move)};
    const said = document.querySelector('.bench-said');
    const times = { askedMs: null, answeredMs: null, samplesMs: null };
    const holes = rhythmd.signal.holes.items.length;
    const begin = performance.now();
    const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const settled = new Promise((done) => {
      const look = async () => {
        const text = said.textContent;
        const key = text.startsWith('Asked for') ? 'askedMs' : text.startsWith('Playing') ? 'answeredMs' : null;
        if (key === null || times[key] !== null) return;
        times[key] = 0;
        await drawn();
        times[key] = performance.now() - begin;
        if (key === 'answeredMs') done();
      };
      new MutationObserver(look).observe(said, { childList: true, characterData: true, subtree: true });
    });
    if ('fault' in move) {
      [...document.querySelectorAll('.faults button')].find(({ textContent }) => textContent === move.fault).click();
    } else {
      const control = document.querySelector('seek' in move ? '[name="position"]' : '[name="speed"]');
      control.value = String(move.seek ?? move.speed);
      control.dispatchEvent(new Event('change'));
    }
    await settled;
    // Between two replays a second counts as lost: when that hole is known, what follows it is here.
    while (performance.now() - begin < ${SAMPLES_WITHIN_MS} && rhythmd.signal.holes.items.length === holes)
      await new Promise((done) => setTimeout(done, 5));
    if (rhythmd.signal.holes.items.length > holes) times.samplesMs = performance.now() - begin;
    return times;
  })()`) as Promise<BenchFeedback>;
}
