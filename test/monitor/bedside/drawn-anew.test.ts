/**
 * What the pen draws piece by piece is what it draws at once: lines, hatched stretches with their words, letters, shapes and
 * intervals, on whatever canvas they fall; and what the browser shows is where the page believes it to be.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { needsProgram } from '../../support/needs.ts';
import { leadEvent, Stage } from '../../support/stage.ts';
import { STRIP_PICTURE } from '../../support/strip-picture.ts';
import { until } from '../../support/until.ts';

const needs = needsProgram('chromium');
const RATE_HZ = 360;
const BLOCK = 36;
const SECONDS = 14;
/** Twice as fast as life. */
const TICK_MS = 50;
/** Verdicts come with the next beat. */
const VERDICT_DELAY = RATE_HZ;
/** Lost: first sample and samples. One is too short for its words. */
const LOST: readonly (readonly [number, number])[] = [
  [3 * RATE_HZ, BLOCK * 2],
  [5 * RATE_HZ, BLOCK * 25],
];

let browser: Browser;

before(async () => {
  if (!needs.skip) browser = await launchBrowser();
});
after(async () => {
  if (!needs.skip) await browser.close();
});

function isLost(sample: number): boolean {
  return LOST.some(([first, count]) => sample >= first && sample < first + count);
}

/** Fourteen seconds in seven: a small QRS a second, two stretches lost, a lead that is off twice, a pause. */
async function play(stage: Stage): Promise<void> {
  let lost = 0;
  let verdicts = 0;
  const beats = [1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13].map((second) => second * RATE_HZ + 100);
  for (let first = 0; first < SECONDS * RATE_HZ; first += BLOCK) {
    if (first === 10 * RATE_HZ || first === 12 * RATE_HZ) {
      stage.sink.quality({ lead: 0, sample: first, quality: 'off' });
    }
    if (first === 10 * RATE_HZ + 2 * BLOCK || first === 13 * RATE_HZ) {
      stage.sink.quality({ lead: 0, sample: first, quality: 'good' });
    }
    if (isLost(first)) lost += BLOCK;
    else {
      const samples = () =>
        Float32Array.from({ length: BLOCK }, (_, i) =>
          ((first + i) % RATE_HZ) - 100 < 12 && (first + i) % RATE_HZ >= 100
            ? 1
            : 0.1 * Math.sin((first + i) / 30),
        );
      stage.wave(first, [samples(), samples()], lost);
      lost = 0;
    }
    for (; (beats[verdicts] ?? Number.POSITIVE_INFINITY) + VERDICT_DELAY < first; verdicts++) {
      const rrMs =
        ((beats[verdicts]! - (beats[verdicts - 1] ?? beats[verdicts]! - RATE_HZ)) / RATE_HZ) * 1000;
      stage.beat(beats[verdicts]!, verdicts % 3 === 2 ? 'V' : 'N', rrMs);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}

/**
 * Two pictures of the same moment in squares of a few pixels, which hold about as much ink in both: where thin lines cross, how
 * they are smoothed depends on how much is drawn at once.
 */
const SQUARE = 6;
const MOST_APART = 40;
const COMPARE = (kept: string) => `(() => {
  const [a, b] = [${kept}, ${STRIP_PICTURE}];
  const size = Math.round(${SQUARE} * devicePixelRatio);
  let inked = 0, other = [];
  for (let y = 0; y + size <= a.height; y += size) {
    for (let x = 0; x + size <= a.width; x += size) {
      let [inA, inB] = [0, 0];
      for (let i = 0; i < size * size; i++) {
        const at = 4 * ((y + Math.floor(i / size)) * a.width + x + (i % size)) + 3;
        inA += a.data[at];
        inB += b.data[at];
      }
      if (inA > 0) inked++;
      if (Math.abs(inA - inB) > ${MOST_APART} * size * size) other.push([x, y]);
    }
  }
  return { inked, other };
})()`;

const holds = (page: Page, expression: string): Promise<void> =>
  until(() => page.evaluate(expression) as Promise<boolean>, expression);

const PAPERS = [
  { motion: 'scroll', scale: 1, speedMmPerS: 50 },
  { motion: 'scroll', scale: 2, speedMmPerS: 25 },
  { motion: 'scroll', scale: 1.25, speedMmPerS: 50 },
  { motion: 'sweep', scale: 1, speedMmPerS: 50 },
] as const;

/** Where the pen stands, once nothing more comes: it runs up to the last sample. */
async function penStands(page: Page): Promise<void> {
  await holds(page, `rhythmd.signal.end === ${SECONDS * RATE_HZ}`);
  let last = Number.NaN;
  await until(async () => {
    const before = last;
    last = (await page.evaluate(
      'rhythmd.live.strip.sampleAt(rhythmd.live.strip.layout.width - 1)',
    )) as number;
    await page.waitForTimeout(200);
    return last === before;
  }, 'the pen to stand');
}

test('in pieces or at once, by sweep and by scroll, on any screen', needs, async (t) => {
  const stage = new Stage({ leads: ['MLII', 'V1'] });
  t.after(() => stage.stop());
  const url = await stage.start();
  const opened = await Promise.all(
    PAPERS.map(async ({ scale, ...settings }) => {
      const one = await openPage(browser, url, { width: 1100, height: 700, scale });
      await one.page.evaluate(`rhythmd.settings.change(${JSON.stringify({ band: 'off', ...settings })})`);
      return one;
    }),
  );
  stage.sink.lead(leadEvent());
  await play(stage);
  for (const [i, { page, complaints }] of opened.entries()) {
    await page.bringToFront();
    await penStands(page);
    await page.evaluate(`window.pieces = ${STRIP_PICTURE}`);
    await page.evaluate(`new Promise((done) => {
      rhythmd.live.strip.invalidate();
      requestAnimationFrame(() => requestAnimationFrame(done));
    })`);
    const { inked, other } = (await page.evaluate(COMPARE('window.pieces'))) as {
      inked: number;
      other: [number, number][];
    };
    const which = JSON.stringify(PAPERS[i]);
    assert.ok(inked > 500, `${which}: ${inked} squares with ink`);
    assert.deepEqual(other, [], `${which}: where the two differ`);
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
});
