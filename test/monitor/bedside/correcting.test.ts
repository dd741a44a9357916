/** Correcting as a technician does it: by keys, template after template; by mouse; beside somebody else; and the report after it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readReviewed } from '@rhythmd/daemon/corrections/reviewed.ts';
import { RequestGateway } from '@rhythmd/daemon/requests/gateway.ts';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { ReviewShelf } from '@rhythmd/daemon/web/review/review-shelf.ts';
import type { Browser, Page } from 'playwright-core';
import { writeRecordings } from '../../screens/recordings.ts';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { needsProgram, needsRecord } from '../../support/needs.ts';
import { Stage } from '../../support/stage.ts';
import { until } from '../../support/until.ts';

const needs = { ...needsProgram('chromium'), ...needsRecord('208') };
const START_MS = Date.UTC(2026, 0, 15, 2);
/** Runs, couplets, and both kinds of ectopic beats. */
const SHOWN_MS = START_MS + 640_000;

let browser: Browser;
let stage: Stage;
let url = '';
const folder = mkdtempSync(join(tmpdir(), 'rhythmd-correcting-'));
const recording = join(folder, '20260115_020000');

before(async () => {
  if (needs.skip) return;
  writeRecordings(folder, START_MS, ['208']);
  const shelf = new ReviewShelf(folder, { label: 'bed 4' });
  const requests = new RequestGateway();
  requests.register(shelf.corrections.handlers);
  stage = new Stage({ requests, routes: reviewRoutes(folder, 'a test', shelf) });
  url = await stage.start();
  browser = await launchBrowser();
});
after(async () => {
  if (!needs.skip) {
    await browser.close();
    await stage.stop();
  }
  rmSync(folder, { recursive: true });
});

async function review(): Promise<{ page: Page; complaints: string[] }> {
  const opened = await openPage(browser, `${url}#review?t=${SHOWN_MS}`);
  await opened.page.locator('.template-card').first().waitFor();
  await opened.page.locator('.connection', { hasText: 'Connected' }).waitFor();
  return opened;
}

const count = async (page: Page, label: string) => {
  const text = await page.locator(`.class-counts li[data-class="${label}"] .count`).textContent();
  return Number((text ?? '').replaceAll(',', ''));
};
const panel = (page: Page) => page.getByRole('region', { name: 'Correct' });
const progress = (page: Page) => page.locator('.correct .progress').textContent();

test(
  'by keys: t chooses the first group, c confirms, v renames, and the next is chosen; u takes it back',
  needs,
  async () => {
    const { page, complaints } = await review();
    const groups = await page.locator('.template-card').count();
    assert.ok(groups >= 3, `${groups} groups`);
    assert.equal(await progress(page), `0 of ${groups} groups of beats looked at`);
    const before = await count(page, 'V');
    await page.keyboard.press('t');
    await page.locator('.template-card[aria-pressed="true"]').waitFor();
    await page.keyboard.press('c');
    await page.getByText(/beats? (is|are) confirmed/).waitFor();
    assert.match((await progress(page)) ?? '', /^1 of /);
    // The next that nobody has looked at has the focus already.
    await page.locator('.template-card[aria-pressed="true"][data-seen="false"]').waitFor();
    const label = await page
      .locator('.template-card[aria-pressed="true"] .caption')
      .getAttribute('data-class');
    const key = label === 'V' ? 'f' : 'v';
    await page.keyboard.press(key);
    await page.getByText(/called [VF] now/).waitFor();
    await until(async () => (await count(page, 'V')) !== before, 'another number of V');
    assert.ok(readReviewed(recording).changed.size > 0);
    await page.keyboard.press('u');
    await page.getByText('Taken back.').waitFor();
    await until(
      async () => (await count(page, 'V')) === before,
      () => `${before} V again`,
    );
    assert.equal(readReviewed(recording).changed.size, 0);
    assert.deepEqual(complaints, []);
    await page.context().close();
  },
);

test(
  'by mouse: one beat, with a note and a name; the strip, the list and the file show it',
  needs,
  async () => {
    const { page } = await review();
    await panel(page).getByRole('button', { name: 'Beat in the middle', exact: true }).click();
    await page.getByText(/^One beat at /).waitFor();
    await panel(page).getByLabel('Your name').fill('B. Vee');
    await panel(page).getByLabel('Note').fill('artefact of movement');
    const changed = readReviewed(recording).changed.size;
    await panel(page).getByRole('button', { name: 'No beat', exact: true }).click();
    await page.getByText('1 beat is rejected.').waitFor();
    await page.locator('.corrections li', { hasText: 'B. Vee: artefact of movement' }).waitFor();
    assert.equal(readReviewed(recording).changed.size, changed + 1);
    assert.match(
      readFileSync(`${recording}.rev.jsonl`, 'utf8'),
      /"by":"B\. Vee".*"note":"artefact of movement"/,
    );
    await panel(page).getByRole('button', { name: 'Undo', exact: true }).click();
    await page.locator('.corrections li', { hasText: 'taken back' }).first().waitFor();
    await page.context().close();
  },
);

test('two people: who has not seen what the other did is told so, and shown it', needs, async () => {
  const [mine, other] = [await review(), await review()];
  await other.page.locator('.template-card').first().click();
  await panel(other.page).getByRole('button', { name: 'Confirm', exact: true }).click();
  await other.page.getByText(/confirmed\./).waitFor();
  await mine.page.locator('.template-card').nth(1).click();
  await panel(mine.page).getByRole('button', { name: 'Fusion', exact: true }).click();
  await mine.page.getByText(/somebody else has corrected/).waitFor();
  assert.equal(readReviewed(recording).changed.size, 0);
  await mine.page.locator('.template-card[data-seen="true"]').first().waitFor();
  await other.page.keyboard.press('u');
  await other.page.getByText('Taken back.').waitFor();
  await mine.page.context().close();
  await other.page.context().close();
});

test('letters do nothing to beats while something else has the focus: s silences', needs, async () => {
  const { page } = await review();
  await page.locator('.template-card').first().click();
  await page.getByRole('button', { name: '+ 10 s' }).focus();
  const before = readFileSync(`${recording}.rev.jsonl`, 'utf8');
  await page.keyboard.press('s');
  await page.keyboard.press('x');
  await page.waitForTimeout(300);
  assert.equal(readFileSync(`${recording}.rev.jsonl`, 'utf8'), before);
  await page.context().close();
});

test('the report button: progress, then PDF and page, of the corrected labels', needs, async () => {
  const { page } = await review();
  await page.getByRole('button', { name: 'Report', exact: true }).click();
  await page.getByRole('button', { name: 'Make the report' }).click();
  await page.getByText('The report is ready.').waitFor();
  for (const [name, start] of [
    ['Save the PDF', '%PDF-1.4'],
    ['Save the page', '<!doctype html>'],
  ] as const) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name }).click(),
    ]);
    const content = readFileSync(await download.path(), 'latin1');
    assert.ok(content.startsWith(start), name);
    if (start.startsWith('<')) assert.match(content, /bed 4/);
  }
  await page.context().close();
});

test('a report of a time in which nothing was recorded says so', needs, async () => {
  const asked = `${url}api/review/report?from_ms=1000&to_ms=2000`;
  let told: { state?: string; message?: string } = {};
  await until(async () => {
    told = (await (await fetch(asked)).json()) as typeof told;
    return told.state === 'failed';
  }, 'it to fail');
  assert.match(told.message ?? '', /nothing was recorded/);
});
