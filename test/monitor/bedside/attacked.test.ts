/** What somebody does to a page who wants to see it fail: floods, clocks, two people, Caps Lock, paper, a daemon that is gone. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { limitHandlers } from '@rhythmd/daemon/alert/alert-requests.ts';
import { LimitBook } from '@rhythmd/daemon/alert/limit-book.ts';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { fakeAnswers } from '../../support/fake-answers.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { needsProgram } from '../../support/needs.ts';
import { PATIENCE } from '../../support/patience.ts';
import { alertEvent, healthEvent, infoEvent, Stage, vitalsEvent } from '../../support/stage.ts';
import { until } from '../../support/until.ts';
import { writeRecording } from '../../support/written-recording.ts';

const needs = needsProgram('chromium');
/** A page that stands still for longer looks dead. */
const LONGEST_STALL_MS = 2000;
const START_MS = Date.UTC(2026, 0, 15, 22, 0);
/** A clock that somebody sets while the page is open. */
const SETTABLE_CLOCK = `
  window.stepMs = 0;
  const now = Date.now;
  Date.now = () => now() + window.stepMs;`;

let browser: Browser;
let stage: Stage;
let heartbeat: NodeJS.Timeout;
let url = '';
const folder = mkdtempSync(join(tmpdir(), 'attacked-'));
const book = new LimitBook({ configured: rhythmSettings(), nowMs: Date.now, source: null, file: null });
const info = () => ({ ...infoEvent({}), alert_limits: book.facts() });

before(async () => {
  if (needs.skip) return;
  await writeRecording(folder, START_MS, 120);
  const requests = gatewayOf(fakeAnswers);
  requests.register(limitHandlers(book, () => stage.sink.info(info())));
  stage = new Stage({ requests, routes: reviewRoutes(folder) });
  url = await stage.start();
  stage.sink.info(info());
  stage.sink.health(healthEvent());
  stage.wave(0, [new Float32Array(3600)]);
  heartbeat = setInterval(() => stage.sink.vitals(vitalsEvent({ hr_bpm: 60 })), 1000);
  browser = await launchBrowser();
});
after(async () => {
  clearInterval(heartbeat);
  if (!needs.skip) {
    await browser.close();
    await stage.stop();
  }
  rmSync(folder, { recursive: true });
});

const holds = (page: Page, expression: string): Promise<void> =>
  until(() => page.evaluate(expression) as Promise<boolean>, expression);

test(
  'ten thousand alerts: the page never stands still for long, keeps the newest, and what has the focus keeps it',
  needs,
  async () => {
    const { page, complaints } = await openPage(browser, url);
    stage.sink.alert(alertEvent({ id: 'stands', priority: 'high' }));
    await page.locator('[data-alert="stands"] a').focus();
    const focused = `document.activeElement?.closest('li')?.dataset.alert`;
    stage.sink.alert(alertEvent({ id: 'stands', priority: 'high', phase: 'update', text: 'Another text' }));
    await page.locator('[data-alert="stands"]').getByText('Another text').waitFor();
    assert.equal(await page.evaluate(focused), 'stands', 'after its own text changed');
    await page.evaluate(`(() => {
    window.longestMs = 0;
    let last = performance.now();
    setInterval(() => {
      window.longestMs = Math.max(window.longestMs, performance.now() - last);
      last = performance.now();
    }, 10);
  })()`);
    for (let i = 0; i < 10_000; i++) {
      stage.sink.alert(
        alertEvent({
          id: `a${i}`,
          priority: 'low',
          phase: 'end',
          start_t_ms: START_MS + i,
          t_ms: START_MS + i,
        }),
      );
      // As a socket takes them.
      if (i % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await page.locator('[data-alert="a9999"]').waitFor();
    assert.equal(await page.evaluate(focused), 'stands', 'after ten thousand others');
    const longestMs = (await page.evaluate('window.longestMs')) as number;
    assert.ok(longestMs < LONGEST_STALL_MS * PATIENCE, `${longestMs} ms without a turn for anybody else`);
    assert.ok((await page.locator('.alert-list li').count()) <= 50);
    assert.deepEqual(complaints, []);
    stage.sink.alert(alertEvent({ id: 'stands', priority: 'high', phase: 'end' }));
    await page.getByText('No active alerts').waitFor();
    await page.context().close();
  },
);

test(
  'two people and one dialog: who has not touched a limit does not take back what another set',
  needs,
  async () => {
    const { page: mine } = await openPage(browser, url);
    const { page: other } = await openPage(browser, url);
    const dialog = (page: Page) => page.getByRole('dialog', { name: 'Alarm limits' });
    await mine.getByRole('button', { name: 'Limits 50–120' }).click();
    await dialog(mine).getByLabel('Pause').first().fill('2');
    await other.getByRole('button', { name: 'Limits 50–120' }).click();
    await dialog(other).getByLabel('Tachycardia above').fill('140');
    await dialog(other).getByRole('button', { name: 'Set limits' }).click();
    await until(
      async () => (await dialog(mine).getByLabel('Tachycardia above').inputValue()) === '140',
      'what holds now',
    );
    await dialog(mine).getByRole('button', { name: 'Set limits' }).click();
    await dialog(mine).waitFor({ state: 'hidden' });
    assert.deepEqual([book.settings.tachycardiaBpm, book.settings.pauseSeconds], [140, 2]);
    await mine.context().close();
    await other.context().close();
  },
);

test('a clock that steps back an hour changes no countdown', needs, async () => {
  const own = new Stage({ routes: reviewRoutes(folder) });
  const { page } = await openPage(browser, await own.start(), { initScript: SETTABLE_CLOCK });
  own.sink.alert(alertEvent({ id: 'quiet', silenced: true, silenced_until_ms: Date.now() + 90_000 }));
  const bar = page.getByRole('region', { name: 'Active alerts' });
  const left = /silenced 1:[0-3]\d/;
  await bar.getByText(left).waitFor();
  await page.evaluate('window.stepMs = -3600_000');
  await page.waitForTimeout(1500);
  assert.match((await bar.textContent()) ?? '', left);
  await own.stop();
  await page.getByText(/Connection lost, again in \d s/).waitFor();
  await page.evaluate('window.stepMs = -7200_000');
  await page.waitForTimeout(1500);
  assert.match(
    (await page.locator('.states').textContent()) ?? '',
    /again in \d s|Connection lost(?!,)|Connecting/,
  );
  await page.context().close();
});

test('letters are keys with Caps Lock on, too', needs, async () => {
  const { page } = await openPage(browser, url);
  await holds(page, 'rhythmd.signal.end > 0');
  const press = (key: string) =>
    page.evaluate(
      `document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', modifierCapsLock: true, bubbles: true, cancelable: true }))`,
    );
  await press('F');
  await holds(page, 'rhythmd.live.strip.frozen');
  await press('L');
  await page.getByRole('dialog', { name: 'Leads' }).waitFor();
  await page.context().close();
});

test(
  'on paper the page is light and there, whatever theme the screen has; a printed strip is alone',
  needs,
  async () => {
    const { page } = await openPage(browser, `${url}#review?t=${START_MS + 60_000}`, { colorScheme: 'dark' });
    await page.locator('.template-card').first().waitFor();
    for (const theme of ['auto', 'dark']) {
      await page.evaluate(`rhythmd.settings.change({ theme: '${theme}' })`);
      await page.emulateMedia({ media: 'print' });
      const shown = (await page.evaluate(
        `[document.querySelector('#app').checkVisibility(), getComputedStyle(document.body).color]`,
      )) as [boolean, string];
      const [r = 255] = (/\d+/.exec(shown[1]) ?? []).map(Number);
      assert.ok(shown[0] && r < 90, `${theme}: ${shown.join(' ')}`);
      await page.emulateMedia({ media: 'screen' });
    }
    await page.evaluate(`(() => {
    window.print = () => { window.printed = true; };
  })()`);
    await page.getByRole('button', { name: 'Print', exact: true }).click();
    await holds(page, 'window.printed === true');
    await page.emulateMedia({ media: 'print' });
    assert.deepEqual(
      await page.evaluate(
        `[document.querySelector('#app').checkVisibility(), document.querySelector('.print-sheet').checkVisibility()]`,
      ),
      [false, true],
    );
    await page.context().close();
  },
);

test('review without a daemon says so in words, and goes on when it is back', needs, async () => {
  const own = new Stage({ routes: reviewRoutes(folder) });
  const address = await own.start();
  const { page } = await openPage(browser, `${address}#review?t=${START_MS + 60_000}`);
  await page.locator('.template-card').first().waitFor();
  await own.stop();
  await page.getByRole('button', { name: '+ 10 s' }).click();
  await page.getByText('The daemon cannot be reached: this is what it said before').waitFor();
  const again = new Stage({ web: { port: Number(new URL(address).port) }, routes: reviewRoutes(folder) });
  await again.start();
  await page.getByRole('button', { name: '− 10 s' }).click();
  await until(
    async () => (await page.locator('.review-view > .complaint').textContent()) === '',
    'the words to go',
  );
  await page.context().close();
  await again.stop();
});

test(
  'a correction while the daemon is gone says so, and throws nothing; the note is kept',
  needs,
  async () => {
    const own = new Stage({ routes: reviewRoutes(folder), requests: gatewayOf(fakeAnswers) });
    const { page, complaints } = await openPage(
      browser,
      `${await own.start()}#review?t=${START_MS + 60_000}`,
    );
    await page.locator('.template-card').first().click();
    await page.getByLabel('Note').fill('wide, early');
    await own.stop();
    await page.getByText(/Connection lost/).waitFor();
    await page.getByRole('button', { name: 'Ventricular', exact: true }).click();
    await page.locator('.correct .said', { hasText: 'not connected' }).waitFor();
    await page.locator('.review-view > .complaint', { hasText: 'cannot be reached' }).waitFor();
    assert.equal(await page.getByLabel('Note').inputValue(), 'wide, early');
    assert.deepEqual(
      complaints.filter((text) => !/WebSocket|Failed to load/.test(text)),
      [],
    );
    await page.context().close();
  },
);

test(
  'review opens at the newest recording, however far off the clock of this computer is',
  needs,
  async (t) => {
    const own = mkdtempSync(join(tmpdir(), 'attacked-clock-'));
    t.after(() => rmSync(own, { recursive: true }));
    const startMs = Math.floor(Date.now() / 1000) * 1000 - 120_000;
    await writeRecording(own, startMs, 110);
    const silent = new Stage({ routes: reviewRoutes(own) });
    t.after(() => silent.stop());
    const address = await silent.start();
    for (const days of [-1, 1]) {
      const initScript = `{ const now = Date.now; Date.now = () => now() + ${days * 24 * 3600_000}; }`;
      const { page } = await openPage(browser, `${address}#review`, { initScript });
      await page.locator('.template-card').first().waitFor();
      const shownMs = (await page.evaluate(`(() => {
      const { from, to } = rhythmd.review.strip.view;
      return (from + to) / 2 / 360 * 1000;
    })()`)) as number;
      assert.ok(shownMs > 0, `${days} days: nothing is shown`);
      await page.context().close();
    }
  },
);
