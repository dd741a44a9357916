/** What strangers call a bed, a patient, a lead and a correction is text on the page, and makes nothing wider than a phone. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { appendToJournal } from '@rhythmd/daemon/corrections/journal.ts';
import { Bedside, RECORDED_MS } from '../../support/bedside.ts';
import { needsProgram } from '../../support/needs.ts';
import { playPulses } from '../../support/pulses.ts';
import { alertEvent, infoEvent } from '../../support/stage.ts';

const needs = needsProgram('chromium');
const MARKUP = '<img src=x onerror="window.hacked=1">';
const LONG = 'W'.repeat(40);
const LEADS = [MARKUP, LONG];

const bedside = new Bedside(needs, {
  stage: () => ({ leads: LEADS }),
  recordedS: 120,
  prepare: (folder) => {
    const correction = { t_ms: RECORDED_MS, action: 'reject', rhythm: null, label: null } as const;
    const journal = join(folder, '20260115_220000');
    appendToJournal(journal, { ...correction, id: 'a', beats: [360], by: MARKUP, note: MARKUP });
    appendToJournal(journal, { ...correction, id: 'b', beats: [720], by: LONG, note: 'W'.repeat(200) });
  },
  say: (stage) => {
    stage.sink.recent.deviceLabel = MARKUP;
    stage.sink.info({
      ...infoEvent({ leads: LEADS, description: `${MARKUP} ${'x'.repeat(300)}` }),
      patient: { label: LONG, since_ms: RECORDED_MS, paced: 'auto', taught: null },
    });
    stage.sink.alert(alertEvent({ id: 'a', priority: 'high', text: `${MARKUP} ${'W'.repeat(120)}` }));
    playPulses(stage).stop();
  },
});

for (const [screen, width, height] of [
  ['phone', 375, 740],
  ['desk', 1280, 800],
] as const) {
  test(`on a ${screen} markup is text, and nothing is wider than the screen`, needs, async () => {
    const { page, complaints } = await bedside.open('', { width, height });
    await page.getByText(MARKUP).first().waitFor();
    for (const [view, shown] of [
      ['live', '.alert-list li'],
      [`review?t=${RECORDED_MS + 60_000}`, '.corrections li'],
      ['device', '.facts dd'],
      ['bench', '.faults button'],
    ] as const) {
      await page.goto(`${bedside.url}#${view}`);
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
    await page.goto(`${bedside.url}#live`);
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
