/** A strip in somebody's hand says whose it is, when, at which scale and through which filter, and what was alarmed. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { ReviewShelf } from '@rhythmd/daemon/web/review/review-shelf.ts';
import { SHUTDOWN_BITS } from '@rhythmd/ecg/ec57/timeline.ts';
import { CLASS_INKS } from '@rhythmd/ecg/paper/class-ink.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { needsProgram } from '../../support/needs.ts';
import { alertEvent, infoEvent, Stage } from '../../support/stage.ts';
import { until } from '../../support/until.ts';
import { RECORDED_HZ, writeRecording } from '../../support/written-recording.ts';

const needs = needsProgram('chromium');
const START_MS = Date.UTC(2026, 6, 15, 22, 0);
const SHOWN_MS = START_MS + 30_000;

let browser: Browser;
let stage: Stage;
let page: Page;
let complaints: string[];
let folder = '';

before(async () => {
  if (needs.skip) return;
  folder = await mkdtemp(join(tmpdir(), 'printed-'));
  const mark = (seconds: number, code: number, aux: string, subtype = 0) => ({
    sample: Math.round(seconds * RECORDED_HZ),
    code,
    subtype,
    aux,
  });
  // One after the other, nearer than their words are long.
  await writeRecording(folder, START_MS, 60, [
    mark(2, AnnotationCode.rhythm, '(AFIB'),
    mark(29, AnnotationCode.rhythm, '(B'),
    mark(29.4, AnnotationCode.rhythm, '(VT'),
    mark(30.1, AnnotationCode.rhythm, '(N'),
    mark(31, AnnotationCode.signalQuality, 'MLII noisy', SHUTDOWN_BITS),
    mark(31.5, AnnotationCode.signalQuality, 'good'),
  ]);
  const alert = alertEvent({
    id: 'recorded',
    kind: 'ventricular_tachycardia',
    priority: 'high',
    start_t_ms: SHOWN_MS - 1000,
    t_ms: SHOWN_MS - 1000,
  });
  await writeFile(join(folder, 'alerts_20260715.jsonl'), `${JSON.stringify({ topic: 'alert', ...alert })}\n`);
  const shelf = new ReviewShelf(folder, { label: 'Bed 7 <b>' });
  stage = new Stage({ routes: reviewRoutes(folder, 'a test', shelf) });
  stage.sink.recent.deviceLabel = 'Bed 7 <b>';
  const url = await stage.start();
  stage.sink.info({
    ...infoEvent({ description: 'a board at /dev/ttyUSB0' }),
    device: 'gw-0042',
    patient: { label: 'amber', since_ms: START_MS - 1, paced: 'auto', taught: null },
  });
  browser = await launchBrowser();
  ({ page, complaints } = await openPage(browser, `${url}#review?t=${SHOWN_MS}`));
  await page.locator('.class-counts li').first().waitFor();
  // What the printer's dialog would get.
  await page.evaluate(
    `window.print = () => { window.printed = document.querySelector('.print-sheet').innerHTML; }`,
  );
});
after(async () => {
  if (needs.skip) return;
  await browser.close();
  await stage.stop();
  await rm(folder, { recursive: true });
});

async function savedSvg(): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as SVG' }).click(),
  ]);
  return readFile(await download.path(), 'utf8');
}

const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);

test(
  'the sheet names bed, patient, device and source, date and time with the zone, rate, alert, filter and scale',
  needs,
  async () => {
    const texts = textsOf(await savedSvg());
    const [title, facts] = texts;
    assert.match(
      title!,
      /^Wed,? 15 Jul 2026 \d\d:00:2\d UTC\S* {3}Bed 7 &lt;b&gt; {3}amber {3}gw-0042 {3}a board at \/dev\/ttyUSB0$/,
    );
    assert.equal(facts, 'heart rate 60/min   alert: Ventricular tachycardia (high)');
    assert.equal(texts.at(-1), '25 mm/s  10 mm/mV   0.5–40 Hz   rhythmd, not a medical device');
    await page.evaluate(`rhythmd.settings.change({ band: 'off', mains: '50' })`);
    await page.evaluate(`location.hash = '#review?t=${SHOWN_MS + 1}'`);
    await until(
      async () =>
        textsOf(await savedSvg())
          .at(-1)!
          .includes('unfiltered, 50 Hz notch'),
      'the other filter',
    );
  },
);

test('a pulse of 1 mV stands before each lead, and beats have the colours of the page', needs, async () => {
  const svg = await savedSvg();
  // Up 10 mm, 5 mm along, 10 mm down, in tenths of a millimetre.
  assert.match(svg, /0-100 50 0 0 100/);
  assert.match(svg, new RegExp(`fill="${CLASS_INKS.V.ink}"[^>]*>V<`));
  const page208 = (await page.evaluate(
    `[...document.querySelectorAll('.class-counts li')].map((li) => li.dataset.class).join('')`,
  )) as string;
  assert.ok(page208.includes('V'));
});

test('rhythms stand in words below the leads, none over another, and none as a code', needs, async () => {
  const svg = await savedSvg();
  assert.doesNotMatch(svg, /AFIB|\(B|\(VT|\(N/);
  const boxes = (await page.evaluate(`(() => {
    const holder = document.body.appendChild(document.createElement('div'));
    holder.innerHTML = ${JSON.stringify(svg)};
    const texts = [...holder.querySelectorAll('text')].filter((text) => text.getAttribute('fill') === '#20408a');
    const boxes = texts.map((text) => ({ words: text.textContent, x: text.getBBox().x, right: text.getBBox().x + text.getBBox().width }));
    const width = holder.querySelector('svg').viewBox.baseVal.width;
    holder.remove();
    return { boxes, width };
  })()`)) as { boxes: { words: string; x: number; right: number }[]; width: number };
  const words = boxes.boxes.map((box) => box.words);
  assert.equal(words[0], 'atrial fibrillation', 'what held at the beginning');
  assert.ok(
    words.includes('ventricular bigeminy') && words.some((text) => text.startsWith('ventricular tachy')),
    words.join(' | '),
  );
  for (const [i, box] of boxes.boxes.entries()) {
    const next = boxes.boxes[i + 1];
    assert.ok(
      box.right <= (next?.x ?? boxes.width) + 1,
      `"${box.words}" ends at ${box.right}, then ${next?.x}`,
    );
  }
});

test('what is printed is the same sheet, alone on the paper', needs, async () => {
  await page.getByRole('button', { name: 'Print' }).click();
  await until(() => page.evaluate(`window.printed !== undefined`) as Promise<boolean>, 'the print');
  assert.deepEqual(textsOf((await page.evaluate('window.printed')) as string), textsOf(await savedSvg()));
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.locator('.print-sheet svg').isVisible());
  assert.ok(!(await page.locator('header.top').isVisible()));
  await page.emulateMedia({ media: null });
  await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
  assert.equal(await page.locator('.print-sheet').count(), 0);
  assert.deepEqual(complaints, []);
});
