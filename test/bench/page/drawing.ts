/**
 * How long the page takes to draw a frame: 1920x1080, two leads at 360 Hz, in real time, Chromium without a GPU.
 * A canvas only notes what is drawn and rasterises later; reading a pixel of each canvas back after each frame makes it
 * rasterise at once, and asking where the last one is makes the page's layout follow, so that the figure holds all of the
 * page's work. What putting the layers together costs in the browser's other threads and processes is in the processor time
 * of the whole browser, which is counted beside, with nothing read back.
 */
import type { Browser, Page } from 'playwright-core';
import { openPage } from '../../support/browser.ts';
import { playRecord } from '../../support/play-record.ts';
import { Stage } from '../../support/stage.ts';
import { quantile } from '../detector/measure.ts';
import { cpuSecondsBelow } from './processor-time.ts';

const MEASURED_MS = 15_000;

/** Replaces the browser's frame callback by one that measures: our code, then our code with layout and pixels. */
const MEASURE_FRAMES = `
  window.frames_ = { script: [], raster: [], count: 0, readsBack: true };
  const next = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => next((now) => {
    const started = performance.now();
    callback(now);
    const done = performance.now();
    frames_.count++;
    if (!frames_.readsBack) return;
    for (const canvas of document.querySelectorAll('.strip canvas.trace')) {
      if (canvas.width === 0) continue;
      canvas.getContext('2d').getImageData(0, 0, 1, 1);
      canvas.getBoundingClientRect();
    }
    frames_.script.push(done - started);
    frames_.raster.push(performance.now() - started);
  });`;

export interface DrawingTimes {
  readonly motion: 'sweep' | 'scroll';
  /** Our own code. */
  readonly scriptMedianMs: number;
  /** With rasterising. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Everything drawn anew, as after a resize; with rasterising. */
  readonly wholeMs: number;
  readonly framesPerSecond: number;
  /** Of all the browser's processes together, with nothing read back: compositing is in it. */
  readonly browserCpuPercent: number;
  readonly browserCpuMsPerFrame: number;
}

export async function measureDrawing(browser: Browser, motion: 'sweep' | 'scroll'): Promise<DrawingTimes> {
  const stage = new Stage({ leads: ['MLII', 'V1'], description: 'record 208' });
  const url = await stage.start();
  const playing = playRecord(stage, '208');
  try {
    const { page } = await openPage(browser, url, { width: 1920, height: 1080, initScript: MEASURE_FRAMES });
    await page.evaluate(`rhythmd.settings.change({ motion: '${motion}' })`);
    await page.waitForTimeout(8000);
    await page.evaluate('frames_.script.length = frames_.raster.length = 0');
    await page.waitForTimeout(MEASURED_MS);
    const { script, raster } = (await page.evaluate('frames_')) as { script: number[]; raster: number[] };
    const browserCost = await measureBrowser(page);
    const wholes: number[] = [];
    for (let i = 0; i < 9; i++) {
      await page.evaluate(
        'frames_.readsBack = true; frames_.raster.length = 0; rhythmd.live.strip.invalidate()',
      );
      await page.waitForTimeout(300);
      wholes.push(Math.max(...((await page.evaluate('frames_.raster')) as number[])));
    }
    await page.context().close();
    return {
      motion,
      scriptMedianMs: quantile(script, 0.5),
      medianMs: quantile(raster, 0.5),
      p99Ms: quantile(raster, 0.99),
      wholeMs: quantile(wholes, 0.5),
      framesPerSecond: raster.length / (MEASURED_MS / 1000),
      ...browserCost,
    };
  } finally {
    playing.stop();
    await stage.stop();
  }
}

async function measureBrowser(
  page: Page,
): Promise<Pick<DrawingTimes, 'browserCpuPercent' | 'browserCpuMsPerFrame'>> {
  await page.evaluate('frames_.readsBack = false; frames_.count = 0');
  const startedMs = performance.now();
  const before = cpuSecondsBelow(process.pid);
  await page.waitForTimeout(MEASURED_MS);
  const spentMs = 1000 * (cpuSecondsBelow(process.pid) - before);
  const frames = (await page.evaluate('frames_.count')) as number;
  return {
    browserCpuPercent: (100 * spentMs) / (performance.now() - startedMs),
    browserCpuMsPerFrame: spentMs / Math.max(1, frames),
  };
}
