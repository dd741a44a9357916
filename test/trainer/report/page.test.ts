/** The page in a real browser: complete by itself, and readable wherever it is read. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { toHtml } from '@rhythmd/trainer/report/html.ts';
import { reportDocument } from '@rhythmd/trainer/report/report.ts';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { madeUpResults } from '../../support/made-up-results.ts';
import { needsProgram } from '../../support/needs.ts';

const needs = needsProgram('chromium');
const folder = mkdtempSync(join(tmpdir(), 'rhythmd-report-'));
const path = join(folder, 'report.html');
const url = pathToFileURL(path).href;
let browser: Browser | null = null;

before(async () => {
  writeFileSync(path, toHtml(reportDocument(madeUpResults(), null)));
  if (needs.skip === undefined) browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('loads without a complaint and asks for nothing but itself', needs, async () => {
  const context = await browser!.newContext();
  const page = await context.newPage();
  const requested: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  await page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })");
  assert.deepEqual(
    requested.filter((one) => !one.startsWith('data:')),
    [url],
  );
  assert.deepEqual(complaints, []);
  assert.ok((await page.locator('svg.plot').count()) > 10);
  await context.close();
});

for (const { name, width, colorScheme } of [
  { name: 'a phone', width: 360, colorScheme: 'dark' },
  { name: 'a desk', width: 1440, colorScheme: 'light' },
] as const) {
  test(
    `on ${name}: only tables and plots scroll sideways, and text stands out from its paper`,
    needs,
    async () => {
      const { page, complaints } = await openPage(browser!, url, { width, colorScheme });
      const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      assert.ok((overflow as number) <= 0, `${overflow} pixels too wide`);
      const contrasts = (await page.evaluate(CONTRASTS)) as Record<string, number>;
      for (const [what, contrast] of Object.entries(contrasts)) {
        assert.ok(contrast >= 4.5, `${what}: contrast ${contrast.toFixed(1)}`);
      }
      assert.deepEqual(complaints, []);
      await page.context().close();
    },
  );
}

test('printed on white, with every fold open', needs, async () => {
  const { page } = await openPage(browser!, url, { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.equal(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(253, 253, 251)');
  assert.equal(await page.locator('nav').isVisible(), false);
  assert.ok(await page.locator('#confusion details td').first().isVisible());
  await page.context().close();
});

/** WCAG 2's contrast of the first of each, against the page. */
const CONTRASTS = `(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const of = (selector, property) => {
    const ink = light(getComputedStyle(document.querySelector(selector))[property]);
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  };
  return {
    text: of('p', 'color'), quiet: of('.quiet', 'color'), link: of('a', 'color'), met: of('.met', 'color'),
    missed: of('.missed', 'color'), tick: of('svg.plot text', 'fill'), heading: of('thead th', 'color'),
    ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => ['colour ' + i, of('.mark.c' + i, 'stroke')])),
  };
})()`;
