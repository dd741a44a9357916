/** Scroll is as good as sweep: it freezes where it stands, goes on, and is drawn anew at another gain, speed, size or on a phone. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Bedside } from '../../support/bedside.ts';
import { needsProgram } from '../../support/needs.ts';
import { type PlayingPulses, playPulses } from '../../support/pulses.ts';
import { STRIP_PICTURE } from '../../support/strip-picture.ts';
import { until } from '../../support/until.ts';

const needs = needsProgram('chromium');
const bedside = new Bedside(needs);
let playing: PlayingPulses;
let page: Page;
let complaints: readonly string[] = [];

before(async () => {
  if (needs.skip) return;
  await bedside.begun;
  playing = playPulses(bedside.stage, 40);
  ({ page, complaints } = await bedside.open());
  await page.evaluate(`rhythmd.settings.change({ band: 'off', motion: 'scroll', showPulse: false })`);
});
after(() => playing?.stop());

const holds = (expression: string): Promise<void> =>
  until(() => page.evaluate(expression) as Promise<boolean>, expression);

interface Drawn {
  /** Columns of the paper without a line. */
  readonly blank: number;
  readonly columns: number;
  /** From the lowest to the highest middle of a line, CSS pixels. */
  readonly heightPx: number;
  /** From one rising edge to the next, CSS pixels; the median. */
  readonly beatPx: number | null;
  /** What the page believes of an edge that is drawn: how far it is from a whole second. */
  readonly offS: number | null;
}

/** What the paper shows, by its pixels alone. A beat rises at each whole second. */
const DRAWN = `(() => {
  const { data, width, height } = ${STRIP_PICTURE};
  const ratio = devicePixelRatio;
  const { strip } = rhythmd.live;
  const y = (x) => {
    let sum = 0, weight = 0;
    for (let row = Math.round(44 * ratio); row < height - 20 * ratio; row++) {
      const alpha = data[4 * (row * width + x) + 3];
      if (alpha < 100) continue;
      sum += row * alpha;
      weight += alpha;
    }
    return weight === 0 ? null : sum / weight / ratio;
  };
  const from = Math.ceil(strip.layout.left * ratio) + 4;
  const line = [];
  for (let x = from; x < width - 4; x++) line.push(y(x));
  const inked = line.filter((at) => at !== null);
  const [top, bottom] = [Math.min(...inked), Math.max(...inked)];
  const middle = (top + bottom) / 2;
  const edges = [];
  for (let i = 1; i < line.length; i++) {
    if (line[i - 1] !== null && line[i] !== null && line[i - 1] > middle && line[i] <= middle) edges.push(i + from);
  }
  const steps = edges.slice(1).map((x, i) => (x - edges[i]) / ratio).sort((a, b) => a - b);
  const sample = edges.length === 0 ? null : strip.sampleAt(edges[edges.length >> 1] / ratio);
  return {
    blank: line.length - inked.length,
    columns: line.length,
    heightPx: bottom - top,
    beatPx: steps[steps.length >> 1] ?? null,
    offS: sample === null ? null : Math.abs(sample / 360 - Math.round(sample / 360)),
  };
})()`;

/** The paper is whole, and at the scale that the page says; looked at until it is, for a frame may be under way. */
async function isWhole(what: string): Promise<void> {
  let drawn: Drawn | null = null;
  await until(
    async () => {
      drawn = (await page.evaluate(DRAWN)) as Drawn;
      const { gain, speed, mm } = (await page.evaluate(
        `({ gain: rhythmd.live.strip.layout.bands[0].gainMmPerMv, speed: rhythmd.settings.current.speedMmPerS, mm: rhythmd.settings.current.pixelsPerMm })`,
      )) as { gain: number; speed: number; mm: number };
      return (
        drawn.blank <= 2 &&
        Math.abs(drawn.heightPx - gain * mm) <= 1.5 &&
        drawn.beatPx !== null &&
        Math.abs(drawn.beatPx - speed * mm) <= 1.5 &&
        drawn.offS! < 0.03
      );
    },
    () => `${what}: ${JSON.stringify(drawn)}`,
  );
}

test('frozen it stands, holds what was there, can be moved, and goes on whole', needs, async () => {
  await isWhole('running');
  await page.keyboard.press('f');
  await holds('rhythmd.live.strip.frozen');
  await isWhole('frozen');
  const at = async () => (await page.evaluate('rhythmd.live.strip.view.from')) as number;
  const before = await at();
  await page.evaluate(`window.kept = ${STRIP_PICTURE}`);
  await page.waitForTimeout(600);
  assert.equal(await at(), before);
  assert.ok(
    await page.evaluate(`${STRIP_PICTURE}.data.every((value, i) => value === kept.data[i])`),
    'it moved',
  );
  await page.keyboard.press('ArrowLeft');
  await until(async () => (await at()) < before, 'an earlier stretch');
  await isWhole('moved');
  await page.keyboard.press(' ');
  await holds('!rhythmd.live.strip.frozen');
  await isWhole('going on');
  await page.evaluate(`window.kept = ${STRIP_PICTURE}`);
  await holds(`${STRIP_PICTURE}.data.some((value, i) => value !== kept.data[i])`);
});

const choose = (setting: string) => page.locator(`[data-setting="${setting}"] select`);

test('every gain and speed, while it runs and while it is frozen', needs, async () => {
  for (const [gainMmPerMv, speedMmPerS] of [
    [5, 12.5],
    [20, 50],
    [10, 25],
  ] as const) {
    await choose('gainMmPerMv').selectOption(String(gainMmPerMv));
    await choose('speedMmPerS').selectOption(String(speedMmPerS));
    await isWhole(`${gainMmPerMv} mm/mV, ${speedMmPerS} mm/s`);
  }
  await page.keyboard.press('f');
  await holds('rhythmd.live.strip.frozen');
  await choose('gainMmPerMv').selectOption('20');
  await isWhole('gain of a frozen strip');
  await choose('gainMmPerMv').selectOption('10');
  await page.keyboard.press('f');
  await isWhole('after it');
});

test('a storm of sizes ends in a whole paper, on a phone, too', needs, async () => {
  for (let i = 0; i < 12; i++)
    await page.setViewportSize({ width: 500 + 97 * (i % 7), height: 500 + 31 * (i % 5) });
  await page.setViewportSize({ width: 1440, height: 900 });
  await isWhole('after the storm');
  await page.setViewportSize({ width: 375, height: 740 });
  await isWhole('a phone');
  await page.keyboard.press('f');
  await holds('rhythmd.live.strip.frozen');
  await page.setViewportSize({ width: 740, height: 375 });
  await isWhole('a phone that was frozen and turned');
  await page.setViewportSize({ width: 375, height: 740 });
  await isWhole('and turned back');
  await page.keyboard.press('f');
  await isWhole('and going on');
  assert.ok(((await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number) <= 0);
  await page.setViewportSize({ width: 1440, height: 900 });
  await isWhole('at last');
  assert.deepEqual(
    complaints.filter((text) => !text.includes('willReadFrequently')),
    [],
  );
});
