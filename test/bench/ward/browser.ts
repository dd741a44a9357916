/** What the real ward page costs in a browser: sixteen beds whose traces run, a real mosquitto between. */
import { setTimeout as sleep } from 'node:timers/promises';
import { wardPage } from '@rhythmd/daemon/ward/ward-page.ts';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { freePort, Mosquitto } from '../../support/mosquitto.ts';
import { until } from '../../support/until.ts';
import { isServed, WardBed } from '../../support/ward-beds.ts';

const BEDS = 16;
/** Traces begin when the page has asked for them. */
const WARM_UP_MS = 10_000;

export interface BrowserCost {
  readonly seconds: number;
  /** Of one core, by the page's main thread (CDP's TaskDuration). */
  readonly cpuPercent: number;
  readonly heapMbAtStart: number;
  readonly heapMbAtEnd: number;
  readonly traces: number;
}

export async function measureBrowser(seconds: number): Promise<BrowserCost> {
  const port = await freePort();
  const mosquitto = new Mosquitto({
    configuration: [`listener ${port} 127.0.0.1`, 'protocol websockets'],
  });
  await mosquitto.start();
  const beds = Array.from(
    { length: BEDS },
    (_, index) => new WardBed(mosquitto.url, `b${index + 1}`, 60 + 3 * index),
  );
  const places = beds.map(({ device }) => ({ base: `ecg/${device}`, device, label: device, page: null }));
  const server = wardPage({
    web: { host: '127.0.0.1', port: 0, token: '' },
    brokers: [`ws://127.0.0.1:${port}`],
    beds: { title: 'Ward', history: null, beds: places },
    bedsTopic: null,
    onError: (text) => console.error(text),
  });
  const browser = await launchBrowser();
  try {
    for (const bed of beds) await bed.start();
    const { url } = await server.start();
    await until(() => isServed(url), 'the page');
    const { page } = await openPage(browser, url, { width: 1920, height: 1080 });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const look = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
      return { taskS: of('TaskDuration'), heapMb: of('JSHeapUsedSize') / 1e6, atMs: performance.now() };
    };
    await sleep(WARM_UP_MS);
    const start = await look();
    await sleep(seconds * 1000);
    const end = await look();
    const traces = (await page.evaluate(
      `[...document.querySelectorAll('.tile canvas.trace')].filter((canvas) =>
        canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value, at) => at % 4 === 3 && value > 100)).length`,
    )) as number;
    return {
      seconds,
      cpuPercent: (100 * (end.taskS - start.taskS)) / ((end.atMs - start.atMs) / 1000),
      heapMbAtStart: start.heapMb,
      heapMbAtEnd: end.heapMb,
      traces,
    };
  } finally {
    await browser.close();
    await Promise.all(beds.map((bed) => bed.stop()));
    await server.stop();
    await mosquitto.remove();
  }
}
