/** Every view and dialog, in both themes, on a phone and on a large screen: axe-core finds nothing serious. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import type { Browser, Page } from 'playwright-core';
import { seriousFindings } from '../../support/axe.ts';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { fakeAnswers } from '../../support/fake-answers.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { needsProgram } from '../../support/needs.ts';
import { playPulses } from '../../support/pulses.ts';
import { alertEvent, healthEvent, Stage, timeOf, vitalsEvent } from '../../support/stage.ts';
import { until } from '../../support/until.ts';

const needs = needsProgram('chromium');
const SCREENS = [
  { name: 'phone', width: 375, height: 740 },
  { name: 'large screen', width: 2560, height: 1440 },
] as const;
const DIALOGS = ['This screen', 'Keys and letters', 'New patient', 'Alarm limits', 'Export'] as const;

const VITALS = vitalsEvent({ hr_bpm: 60, beats_per_min: { N: 45, V: 15 } });

let browser: Browser;
let stage: Stage;
let heartbeat: NodeJS.Timeout;
let folder = '';
let url = '';

before(async () => {
  if (needs.skip) return;
  folder = await mkdtemp(join(tmpdir(), 'accessible-'));
  browser = await launchBrowser();
  stage = new Stage({ routes: reviewRoutes(folder), requests: gatewayOf(fakeAnswers) });
  url = await stage.start();
  playPulses(stage).stop();
  // A page that hears nothing believes its connection dead.
  heartbeat = setInterval(() => stage.sink.vitals(VITALS), 1000);
  stage.sink.health(healthEvent());
  const at = timeOf(8 * 360);
  stage.sink.alert(alertEvent({ id: 'run', priority: 'high', start_t_ms: at, t_ms: at }));
  stage.sink.alert(alertEvent({ id: 'pair', priority: 'low', start_t_ms: at, t_ms: at }));
  stage.sink.alert(alertEvent({ id: 'old', phase: 'end', start_t_ms: at, t_ms: at + 5000 }));
});
after(async () => {
  if (needs.skip) return;
  clearInterval(heartbeat);
  await browser.close();
  await stage.stop();
  await rm(folder, { recursive: true });
});

for (const { name, width, height } of SCREENS) {
  test(`nothing serious on a ${name}, light and dark`, needs, async () => {
    const { page } = await openPage(browser, url, { width, height });
    const found: string[] = [];
    const look = async (where: string, part = 'html') => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const findings = await seriousFindings(page, part);
        found.push(...findings.map((finding) => `${where}, ${colorScheme}: ${finding}`));
      }
    };
    for (const [view, shown] of [
      ['live', '.alert-list li'],
      ['review', '.class-counts li'],
      ['device', '.facts dd'],
      ['bench', '.faults button'],
    ] as const) {
      await page.goto(`${url}#${view}`);
      await page.locator(shown).first().waitFor();
      await look(view);
    }
    // A dialog is the same on a large screen, only larger.
    if (name === 'phone') await lookAtDialogs(page, look);
    assert.deepEqual(found, []);
    await page.context().close();
  });
}

async function teach(page: Page): Promise<void> {
  await page.evaluate(`document.querySelector('.patient button').click()`);
  await until(
    () => page.evaluate(`document.querySelector('dialog.teach').open`) as Promise<boolean>,
    'the questions',
  );
}

async function lookAtDialogs(
  page: Page,
  look: (where: string, part?: string) => Promise<void>,
): Promise<void> {
  await page.goto(`${url}#live`);
  await page.getByRole('button', { name: 'Leads' }).click();
  await look('Leads', 'dialog[aria-label="Leads"]');
  await page.keyboard.press('Escape');
  for (const dialog of DIALOGS) {
    await page.evaluate(`document.querySelector('dialog[aria-label="${dialog}"]').showModal()`);
    await look(dialog, `dialog[aria-label="${dialog}"]`);
    await page.keyboard.press('Escape');
  }
  await teach(page);
  await look('Teach', 'dialog.teach');
  await page.goto(`${url}sign-in`);
  await look('sign in');
}
