/** `npm run bench -- page [HOURS]`: what the monitor costs to draw, to serve and to leave open. */
import { launchBrowser } from '../support/browser.ts';
import { pageWeight } from '../support/page-weight.ts';
import { measureDrawing } from './page/drawing.ts';
import { measureEndurance } from './page/endurance.ts';
import { measureServing } from './page/serving.ts';
import type { BenchTopic } from './topic.ts';

const DEFAULT_HOURS = 8;
const SPEED = 200;

export const topic: BenchTopic = {
  summary: 'drawing a frame at 1920x1080, serving twenty pages, and hours of stream in one page',
  async run(args, progress) {
    const hours = Number(args[0] ?? DEFAULT_HOURS);
    const weight = await pageWeight();
    progress(`the page: ${(weight.bytes / 1000).toFixed(1)} kB, compressed`);
    const serving = await measureServing([0, 1, 20]);
    for (const { clients, cpuPercent } of serving)
      progress(`${clients} clients: ${cpuPercent.toFixed(1)} % of a core`);
    const browser = await launchBrowser();
    try {
      const drawing = [await measureDrawing(browser, 'sweep'), await measureDrawing(browser, 'scroll')];
      for (const { motion, medianMs } of drawing) progress(`${motion}: ${medianMs.toFixed(2)} ms a frame`);
      const endurance = await measureEndurance(browser, hours, SPEED, progress);
      return {
        json: { weight, drawing, serving, endurance },
        tables: [
          {
            title: 'The page, compressed',
            columns: ['file', 'bytes'],
            rows: [...Object.entries(weight.byFile), ['all', weight.bytes]],
            note: 'Target: under 200 kB with everything.',
          },
          {
            title: 'Drawing a frame, two leads, 1920x1080, Chromium without a GPU',
            columns: [
              'motion',
              'our code, median ms',
              'with rasterising, median ms',
              '99 % ms',
              'everything anew ms',
              'frames/s',
            ],
            rows: drawing.map((row) => [
              row.motion,
              row.scriptMedianMs.toFixed(2),
              row.medianMs.toFixed(2),
              row.p99Ms.toFixed(2),
              row.wholeMs.toFixed(1),
              row.framesPerSecond.toFixed(0),
            ]),
            note: 'Compositing, which the browser does elsewhere, is not in it. Target: median under 4 ms.',
          },
          {
            title: 'The whole daemon (record 208 at 360 Hz, two leads, classifier on), 30 s each',
            columns: ['pages', '% of one core', 'kB/s each', 'samples/s each'],
            rows: serving.map((row) => [
              row.clients,
              row.cpuPercent.toFixed(1),
              (row.bytesPerSecondEach / 1000).toFixed(1),
              row.samplesEach.toFixed(0),
            ]),
            note: 'Target: under 15 % of one core with 20 pages.',
          },
          {
            title: `One page, ${endurance.hours} hours of stream at ${endurance.speed}x`,
            columns: ['stream hour', 'JavaScript heap after collection, MB'],
            rows: endurance.heapMb.map(({ hour, mb }) => [hour, mb.toFixed(2)]),
            note: `Slope after the first hour: ${endurance.slopeMbPerHour.toFixed(3)} MB an hour; console complaints: ${endurance.complaints.length}; samples skipped: ${endurance.samplesSkipped}.`,
          },
        ],
      };
    } finally {
      await browser.close();
    }
  },
};
