/** What strangers call a bed, a patient, a lead and a correction is text on the page, and makes nothing wider than a phone. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { appendToJournal } from '@rhythmd/daemon/corrections/journal.ts';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { fakeAnswers } from '../../support/fake-answers.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { needsProgram } from '../../support/needs.ts';
import { playPulses } from '../../support/pulses.ts';
import { alertEvent, healthEvent, infoEvent, Stage, vitalsEvent } from '../../support/stage.ts';
import { writeRecording } from '../../support/written-recording.ts';

const needs = needsProgram('chromium');
const MARKUP = '<img src=x onerror="window.hacked=1">';
const LONG = 'W'.repeat(40);
const START_MS = Date.UTC(2026, 0, 15, 22, 0);

let browser: Browser;
let stage: Stage;
let heartbeat: NodeJS.Timeout;
let folder = '';
let url = '';

before(async () => {
  if (needs.skip) return;
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  await writeRecording(folder, START_MS, 120);
  const correction = { t_ms: START_MS, action: 'reject', rhythm: null, label: null } as const;
  appendToJournal(join(folder, '20260115_220000'), {
    ...correction,
    id: 'a',
    beats: [360],
    by: MARKUP,
    note: MARKUP,
  });
  appendToJournal(join(folder, '20260115_220000'), {
    ...correction,
    id: 'b',
    beats: [720],
    by: LONG,
    note: 'W'.repeat(200),
  });
  const leads = [`${MARKUP}`, LONG];
  stage = new Stage({ leads, routes: reviewRoutes(folder), requests: gatewayOf(fakeAnswers) });
  stage.sink.recent.deviceLabel = MARKUP;
  url = await stage.start();
  stage.sink.info({
    ...infoEvent({ leads, description: `${MARKUP} ${'x'.repeat(300)}` }),
    patient: { label: LONG, since_ms: START_MS, paced: 'auto', taught: null },
  });
  stage.sink.health(healthEvent());
  stage.sink.alert(alertEvent({ id: 'a', priority: 'high', text: `${MARKUP} ${'W'.repeat(120)}` }));
  playPulses(stage).stop();
  heartbeat = setInterval(() => stage.sink.vitals(vitalsEvent({ hr_bpm: 60 })), 1000);
  browser = await launchBrowser();
});
after(async () => {
  if (needs.skip) return;
  clearInterval(heartbeat);
  await browser.close();
  await stage.stop();
  await rm(folder, { recursive: true });
});

for (const [screen, width, height] of [
  ['phone', 375, 740],
  ['desk', 1280, 800],
] as const) {
  test(`on a ${screen} markup is text, and nothing is wider than the screen`, needs, async () => {
    const { page, complaints } = await openPage(browser, url, { width, height });
    await page.getByText(MARKUP).first().waitFor();
    for (const [view, shown] of [
      ['live', '.alert-list li'],
      [`review?t=${START_MS + 60_000}`, '.corrections li'],
      ['device', '.facts dd'],
      ['bench', '.faults button'],
    ] as const) {
      await page.goto(`${url}#${view}`);
      await page.locator(shown).first().waitFor();
      const wider = (await page.evaluate(`(() => {
        const over = document.documentElement.scrollWidth - innerWidth;
        if (over <= 0) return '';
        const widest = [...document.querySelectorAll('body *')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) => element.tagName + '.' + element.className);
        return over + ' pixels: ' + widest.slice(0, 8).join(' ');
      })()`)) as string;
      assert.equal(wider, '', `${view} on a ${screen}`);
    }
    await page.goto(`${url}#live`);
    await page.getByRole('button', { name: 'Leads' }).click();
    await page.getByRole('dialog', { name: 'Leads' }).getByText(MARKUP).first().waitFor();
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.evaluate('window.hacked'), undefined);
    // The stage has no reference of what the bench plays.
    assert.deepEqual(
      complaints.filter((text) => !text.includes('404')),
      [],
    );
    await page.context().close();
  });
}
