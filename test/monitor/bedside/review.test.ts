/** Review of a night as a person sees it: how much the trend shows, what it says in words, and files for other programs. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { SHUTDOWN_BITS } from '@rhythmd/ecg/ec57/timeline.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import {
  type Extent,
  TREND_ZOOMS,
  trendStretch,
  zoomFor,
} from '@rhythmd/monitor/bedside/review/trend-zoom.ts';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { needsProgram } from '../../support/needs.ts';
import { Stage } from '../../support/stage.ts';
import { until } from '../../support/until.ts';
import { RECORDED_HZ, writeRecording } from '../../support/written-recording.ts';

const needs = needsProgram('chromium');
const HOUR_MS = 3600_000;
const START_MS = Date.UTC(2026, 0, 15, 22, 0);

let browser: Browser;
let stage: Stage;
let page: Page;
let complaints: string[];
let folder = '';

before(async () => {
  if (needs.skip) return;
  folder = await mkdtemp(join(tmpdir(), 'review-page-'));
  const at = (seconds: number) => seconds * RECORDED_HZ;
  const rhythm = (seconds: number, aux: string) => ({
    sample: at(seconds),
    code: AnnotationCode.rhythm,
    subtype: 0,
    aux,
  });
  const quality = (seconds: number, subtype: number) => ({
    sample: at(seconds),
    code: AnnotationCode.signalQuality,
    subtype,
    aux: subtype === 0 ? 'good' : 'MLII off',
  });
  // Ten minutes, of which a quarter is fibrillation, and a tenth cannot be read; seven hours later five minutes more.
  await writeRecording(folder, START_MS, 600, [
    rhythm(100, '(AFIB'),
    rhythm(250, '(N'),
    quality(300, SHUTDOWN_BITS),
    quality(360, 0),
  ]);
  await writeRecording(folder, START_MS + 7 * HOUR_MS, 300);
  stage = new Stage({ routes: reviewRoutes(folder, 'a test') });
  browser = await launchBrowser();
  ({ page, complaints } = await openPage(browser, `${await stage.start()}#review`));
});
after(async () => {
  if (needs.skip) return;
  await browser.close();
  await stage.stop();
  await rm(folder, { recursive: true });
});

const caption = () => page.locator('.trend figcaption').textContent();

test('in the first hour the trend is an hour, later as much as was recorded; any moment asked for is inside', () => {
  const extent = (hours: number): Extent => ({ oldestMs: START_MS, newestMs: START_MS + hours * HOUR_MS });
  assert.deepEqual(
    [0.1, 0.9, 5, 7, 23, 90].map((hours) => zoomFor(extent(hours)).words),
    ['1 h', '1 h', '6 h', '24 h', '24 h', '24 h'],
  );
  for (const zoom of TREND_ZOOMS) {
    for (const hours of [0.1, 5, 30]) {
      for (const timeMs of [START_MS, START_MS + hours * HOUR_MS - 1, START_MS + (hours * HOUR_MS) / 2]) {
        const { fromMs, toMs, stepS } = trendStretch(zoom, extent(hours), timeMs);
        assert.ok(timeMs >= fromMs && timeMs < toMs, `${zoom.words} of ${hours} h`);
        assert.ok((toMs - fromMs) / 1000 / stepS <= 2100);
        if (zoom.hours !== null) assert.equal(toMs - fromMs, zoom.hours * HOUR_MS);
      }
    }
  }
});

test(
  'the trend says rates, V, S, fibrillation and readable signal, and is looked at closer',
  needs,
  async () => {
    await page.getByRole('button', { name: '24 h', pressed: true }).waitFor();
    const whole = /^Heart rate, 24 h: 60 to 60 bpm · V 88 · S 0 · suspected AF 16\.7 % · readable 93\.3 %$/;
    await until(
      async () => whole.test((await caption()) ?? ''),
      () => 'the whole night in words',
    );
    await page.getByRole('button', { name: '1 h', exact: true }).click();
    await until(async () => /^Heart rate, 1 h: .* V 29 /.test((await caption()) ?? ''), 'the last hour');
    await page.evaluate(`location.hash = '#review?t=${START_MS + 200_000}'`);
    const first = /^Heart rate, 1 h: .* V 59 · S 0 · suspected AF 25\.0 % · readable 90\.0 %$/;
    await until(async () => first.test((await caption()) ?? ''), 'the first hour');
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await until(async () => /^Heart rate, 7\.1 h: .* V 8\d /.test((await caption()) ?? ''), 'all of it');
  },
);

test('the stretch that is shown is saved for other programs', needs, async () => {
  const shown = () => page.getByText('Full disclosure, ', { exact: false }).first().innerText();
  const before = await shown();
  await page.evaluate(`location.hash = '#review?t=${START_MS + 300_000}'`);
  // The view before has such words, too; what is drawn anew closes a dialog.
  await until(
    async () => (await shown()) !== before,
    () => `another stretch than ${before}`,
  );
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  const begins: Readonly<Record<string, string>> = {
    'EDF+': '0       ',
    'WFDB, zipped': 'PK',
    'CSV of beats': 'sample,time_s,time_utc,code',
    'DICOM ECG': '\0',
    'CSV of the signal': 'sample,time_s,time_utc,MLII_mV',
    'FHIR Observation': '{"resourceType":"Observation"',
    'Strip, PDF': '%PDF',
  };
  for (const [name, start] of Object.entries(begins)) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('link', { name, exact: true }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^ecg-2026-01-15T22\d{4}\./, name);
    const content = await readFile(await download.path());
    assert.ok(content.toString('latin1').startsWith(start), `${name}: ${content.subarray(0, 40)}`);
  }
  const bad = `${stage.url}api/review/export?from_ms=0&to_ms=1000&format=__proto__`;
  assert.equal((await fetch(bad)).status, 400);
  assert.deepEqual(complaints, []);
});
