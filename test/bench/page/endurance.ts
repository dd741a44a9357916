/** Hours of stream through one page at high speed: its memory after collection, by stream hour. */
import type { Browser } from 'playwright-core';
import { openPage } from '../../support/browser.ts';
import { playRecord } from '../../support/play-record.ts';
import { Stage } from '../../support/stage.ts';
import { until } from '../../support/until.ts';

const RATE_HZ = 360;

export interface Endurance {
  readonly hours: number;
  readonly speed: number;
  readonly heapMb: readonly { readonly hour: number; readonly mb: number }[];
  /** Line fit after the first hour, when every ring is full. */
  readonly slopeMbPerHour: number;
  readonly complaints: readonly string[];
  readonly samplesSkipped: number;
}

export async function measureEndurance(
  browser: Browser,
  hours: number,
  speed: number,
  progress: (line: string) => void,
): Promise<Endurance> {
  const stage = new Stage({ leads: ['MLII', 'V1'], description: 'record 208, again and again' });
  const url = await stage.start();
  const { page, complaints } = await openPage(browser, url);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.enable');
  const playing = playRecord(stage, '208', { speed, loop: true });
  const heapMb: { hour: number; mb: number }[] = [];
  try {
    for (let half = 1; half <= 2 * hours; half++) {
      const target = half * 1800 * RATE_HZ;
      await until(
        async () => ((await page.evaluate('rhythmd.signal.end')) as number) >= target,
        `${half / 2} h`,
        600_000,
      );
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const mb = (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 1e6;
      heapMb.push({ hour: half / 2, mb });
      progress(`${half / 2} h of stream: ${mb.toFixed(2)} MB`);
    }
    const samplesSkipped = stage.sink.counters().web_samples_skipped ?? 0;
    return {
      hours,
      speed,
      heapMb,
      slopeMbPerHour: slope(heapMb.filter(({ hour }) => hour >= 1)),
      complaints,
      samplesSkipped,
    };
  } finally {
    playing.stop();
    await page.context().close();
    await stage.stop();
  }
}

function slope(points: readonly { hour: number; mb: number }[]): number {
  const n = points.length;
  const meanX = points.reduce((sum, { hour }) => sum + hour, 0) / n;
  const meanY = points.reduce((sum, { mb }) => sum + mb, 0) / n;
  const over = points.reduce((sum, { hour, mb }) => sum + (hour - meanX) * (mb - meanY), 0);
  return over / points.reduce((sum, { hour }) => sum + (hour - meanX) ** 2, 0);
}
