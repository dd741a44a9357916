/** What somebody at the bench waits: the real daemon plays record 208, and is told to go elsewhere, faster, and to break. */
import type { Browser } from 'playwright-core';
import { type BenchMove, benchFeedback } from '../../support/bench-feedback.ts';
import { openPage } from '../../support/browser.ts';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { until } from '../../support/until.ts';
import { quantile } from '../detector/measure.ts';

const TIMES = 10;
/** Between two moves. */
const PAUSE_MS = 1500;

export interface FeedbackTimes {
  readonly what: string;
  readonly askedMedianMs: number;
  readonly answeredMedianMs: number;
  readonly answeredWorstMs: number;
  readonly samplesMedianMs: number;
}

const MOVES: readonly { readonly what: string; readonly move: (i: number) => BenchMove }[] = [
  { what: 'seek', move: (i) => ({ seek: 120 * (i + 1) }) },
  { what: 'speed', move: (i) => ({ speed: i % 2 === 0 ? 2 : 1 }) },
  { what: 'fault', move: () => ({ fault: 'lead off' }) },
];

export async function measureBenchFeedback(browser: Browser): Promise<FeedbackTimes[]> {
  const daemon = await DaemonProcess.start({ RHYTHMD_SOURCE_URL: 'sim:208?speed=1' });
  try {
    const { page } = await openPage(browser, `${await daemon.pageUrl()}#bench`);
    await page.locator('.faults button').first().waitFor();
    await until(
      () => page.evaluate('rhythmd.signal.end > 3600') as Promise<boolean>,
      'ten seconds of signal',
    );
    const rows: FeedbackTimes[] = [];
    for (const { what, move } of MOVES) {
      const seen = [];
      for (let i = 0; i < TIMES; i++) {
        seen.push(await benchFeedback(page, move(i)));
        await page.waitForTimeout(PAUSE_MS);
      }
      const answered = seen.map(({ answeredMs }) => answeredMs);
      rows.push({
        what,
        askedMedianMs: quantile(
          seen.map(({ askedMs }) => askedMs),
          0.5,
        ),
        answeredMedianMs: quantile(answered, 0.5),
        answeredWorstMs: Math.max(...answered),
        samplesMedianMs: quantile(
          seen.map(({ samplesMs }) => samplesMs ?? Number.POSITIVE_INFINITY),
          0.5,
        ),
      });
    }
    await page.context().close();
    return rows;
  } finally {
    await daemon.stop();
  }
}
