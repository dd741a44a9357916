/**
 * `npm run bench -- page [HOURS] [weight|serving|drawing|bench|endurance...]`: what the monitor costs to draw, to serve and to leave
 * open. Times want a quiet machine; memory over hours does not, and is measured alone by its name.
 */
import { launchBrowser } from '../support/browser.ts';
import { pageWeight } from '../support/page-weight.ts';
import { type FeedbackTimes, measureBenchFeedback } from './page/bench-feedback.ts';
import { type DrawingTimes, measureDrawing } from './page/drawing.ts';
import { type Endurance, measureEndurance } from './page/endurance.ts';
import { measureServing, type ServingCost } from './page/serving.ts';
import type { BenchTopic, ResultTable } from './topic.ts';

const DEFAULT_HOURS = 8;
const SPEED = 200;
const PARTS = ['weight', 'serving', 'drawing', 'bench', 'endurance'] as const;
type Part = (typeof PARTS)[number];

export const topic: BenchTopic = {
  summary: 'drawing a frame at 1920x1080, serving twenty pages, and hours of stream in one page',
  async run(args, progress) {
    const named = PARTS.filter((part) => args.includes(part));
    const isAsked = (part: Part) => named.length === 0 || named.includes(part);
    const hours = Number(args.find((arg) => /^\d+(\.\d+)?$/.test(arg)) ?? DEFAULT_HOURS);
    const weight = isAsked('weight') ? await pageWeight() : null;
    if (weight !== null) progress(`the page: ${(weight.bytes / 1000).toFixed(1)} kB, compressed`);
    const serving = isAsked('serving') ? await measureServing([0, 1, 20]) : null;
    for (const { clients, cpuPercent } of serving ?? [])
      progress(`${clients} clients: ${cpuPercent.toFixed(1)} % of a core`);
    const browser = await launchBrowser();
    try {
      const drawing = isAsked('drawing')
        ? [await measureDrawing(browser, 'sweep'), await measureDrawing(browser, 'scroll')]
        : null;
      for (const { motion, medianMs } of drawing ?? [])
        progress(`${motion}: ${medianMs.toFixed(2)} ms a frame`);
      const bench = isAsked('bench') ? await measureBenchFeedback(browser) : null;
      for (const { what, answeredWorstMs } of bench ?? [])
        progress(`${what}: answered within ${answeredWorstMs.toFixed(0)} ms`);
      const endurance = isAsked('endurance') ? await measureEndurance(browser, hours, SPEED, progress) : null;
      const tables = [
        weight && weightTable(weight),
        drawing && drawingTable(drawing),
        serving && servingTable(serving),
        bench && benchTable(bench),
        endurance && enduranceTable(endurance),
      ].filter((table) => table !== null);
      return {
        ...(named.length === 0 ? {} : { file: `page-${named.join('-')}` }),
        json: Object.fromEntries(
          Object.entries({ weight, drawing, serving, bench, endurance }).filter(
            ([, measured]) => measured !== null,
          ),
        ),
        tables,
      };
    } finally {
      await browser.close();
    }
  },
};

function weightTable(weight: Awaited<ReturnType<typeof pageWeight>>): ResultTable {
  return {
    title: 'The page, compressed',
    columns: ['file', 'bytes'],
    rows: [...Object.entries(weight.byFile), ['all', weight.bytes]],
    note: 'Target: under 200 kB with everything.',
  };
}

function drawingTable(drawing: readonly DrawingTimes[]): ResultTable {
  return {
    title: 'Drawing a frame, two leads, 1920x1080, Chromium without a GPU',
    columns: [
      'motion',
      'our code, median ms',
      'with rasterising, median ms',
      '99 % ms',
      'everything anew ms',
      'frames/s',
      'whole browser, ms of processor a frame',
      '% of one core',
    ],
    rows: drawing.map((row) => [
      row.motion,
      row.scriptMedianMs.toFixed(2),
      row.medianMs.toFixed(2),
      row.p99Ms.toFixed(2),
      row.wholeMs.toFixed(1),
      row.framesPerSecond.toFixed(0),
      row.browserCpuMsPerFrame.toFixed(2),
      row.browserCpuPercent.toFixed(0),
    ]),
    note: "In the first columns: the page's own thread, with its layout and the pixels of every canvas. Putting the layers together, which the browser does in other threads and processes, is in the last two, counted with nothing read back. Target: median under 4 ms.",
  };
}

function servingTable(serving: readonly ServingCost[]): ResultTable {
  return {
    title: 'The whole daemon (record 208 at 360 Hz, two leads, classifier on), 30 s each',
    columns: ['pages', '% of one core', 'kB/s each', 'samples/s each'],
    rows: serving.map((row) => [
      row.clients,
      row.cpuPercent.toFixed(1),
      (row.bytesPerSecondEach / 1000).toFixed(1),
      row.samplesEach.toFixed(0),
    ]),
    note: 'Target: under 15 % of one core with 20 pages.',
  };
}

function benchTable(bench: readonly FeedbackTimes[]): ResultTable {
  return {
    title: 'The bench: from a control to a word on the screen, record 208 played by the simulated board',
    columns: [
      'what is asked',
      '"Asked for", median ms',
      'answered, median ms',
      'answered, worst ms',
      'first sample of it, median ms',
    ],
    rows: bench.map((row) => [
      row.what,
      row.askedMedianMs.toFixed(0),
      row.answeredMedianMs.toFixed(0),
      row.answeredWorstMs.toFixed(0),
      row.samplesMedianMs.toFixed(0),
    ]),
    note: 'Ten times each, until the frame is drawn. Target: a word within 200 ms.',
  };
}

function enduranceTable(endurance: Endurance): ResultTable {
  return {
    title: `One page, ${endurance.hours} hours of stream at ${endurance.speed}x`,
    columns: ['stream hour', 'JavaScript heap after collection, MB'],
    rows: endurance.heapMb.map(({ hour, mb }) => [hour, mb.toFixed(2)]),
    note: `Slope after the first hour: ${endurance.slopeMbPerHour.toFixed(3)} MB an hour; console complaints: ${endurance.complaints.length}; samples skipped: ${endurance.samplesSkipped}.`,
  };
}
