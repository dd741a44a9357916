/**
 * The page in Firefox by its own engine, beyond the way of every shift (main-path.test.ts): a correction made and undone, an
 * export and a report saved, limits refused and set.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { limitHandlers } from '@rhythmd/daemon/alert/alert-requests.ts';
import { LimitBook } from '@rhythmd/daemon/alert/limit-book.ts';
import { readReviewed } from '@rhythmd/daemon/corrections/reviewed.ts';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { ReviewShelf } from '@rhythmd/daemon/web/review/review-shelf.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { Bedside, RECORDED_MS } from '../../support/bedside.ts';
import { fakeAnswers } from '../../support/fake-answers.ts';
import type { Firefox } from '../../support/firefox.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { needsProgram } from '../../support/needs.ts';
import { infoEvent } from '../../support/stage.ts';
import { openFirefox, Person } from '../../support/tab.ts';
import { until } from '../../support/until.ts';

const needs = needsProgram('firefox-esr');
const book = new LimitBook({ configured: rhythmSettings(), nowMs: Date.now, source: null, file: null });
const info = () => ({ ...infoEvent({}), alert_limits: book.facts() });
const bedside = new Bedside(needs, {
  recordedS: 240,
  stage: (folder) => {
    const shelf = new ReviewShelf(folder, { label: 'bed 4' });
    const requests = gatewayOf(fakeAnswers);
    requests.register(shelf.corrections.handlers);
    requests.register(limitHandlers(book, () => bedside.stage.sink.info(info())));
    return { requests, routes: reviewRoutes(folder, 'a test', shelf) };
  },
  say: (stage) => stage.sink.info(info()),
});
let firefox: Firefox;
let person: Person;
const recording = () => join(bedside.folder, '20260115_220000');

before(async () => {
  if (needs.skip) return;
  await bedside.begun;
  firefox = await openFirefox(bedside.url);
  person = new Person(firefox);
});
after(() => firefox?.close());

test('a correction is made, counted, and undone', needs, async () => {
  await firefox.evaluate(`(location.hash = 'review?t=${RECORDED_MS + 60_000}')`);
  await person.finds('.template-card');
  await firefox.evaluate(`document.querySelector('.strip').focus()`);
  await firefox.press('t');
  await person.finds('.template-card[aria-pressed="true"]');
  const key =
    (await firefox.evaluate(
      `document.querySelector('.template-card[aria-pressed="true"] .caption').dataset.class`,
    )) === 'V'
      ? 'f'
      : 'v';
  await firefox.press(key);
  await person.reads('.correct', /called [VF] now/);
  assert.ok(readReviewed(recording()).changed.size > 0);
  await firefox.press('u');
  await person.reads('.correct', /Taken back\./);
  assert.equal(readReviewed(recording()).changed.size, 0);
});

const saved = (name: RegExp) =>
  readdirSync(firefox.downloads).find((file) => name.test(file) && !file.endsWith('.part'));

test('an export and a report are saved', needs, async () => {
  await person.presses('Export');
  await person.presses('CSV of beats', 'dialog[aria-label="Export"]');
  await until(() => saved(/^ecg-2026-01-15T22.*\.csv$/) !== undefined, 'the export');
  const text = () => readFileSync(join(firefox.downloads, saved(/^ecg-.*\.csv$/)!), 'utf8');
  await until(() => text().startsWith('sample,time_s,time_utc,code'), 'its lines');
  await firefox.evaluate(`document.querySelector('dialog[aria-label="Export"]').close()`);
  await person.presses('Report');
  await person.presses('Make the report', 'dialog.report');
  await person.reads('dialog.report .said', /The report is ready/);
  await person.presses('Save the PDF', 'dialog.report');
  await until(
    () => {
      const file = saved(/\.pdf$/);
      return (
        file !== undefined && readFileSync(join(firefox.downloads, file), 'latin1').startsWith('%PDF-1.4')
      );
    },
    () => `a PDF among ${readdirSync(firefox.downloads).join(' ')}`,
  );
  await firefox.evaluate(`document.querySelector('dialog.report').close()`);
});

test('limits are refused with the reason, and set with a name', needs, async () => {
  await firefox.evaluate(`(location.hash = 'live')`);
  await person.presses('Limits 50–120');
  const dialog = `document.querySelector('dialog[aria-label="Alarm limits"]')`;
  await person.sees(`${dialog}.open`);
  const fill = (value: string) =>
    firefox.evaluate(`(() => {
      const input = [...${dialog}.querySelectorAll('label')].find(({ textContent }) => /Tachycardia above/.test(textContent)).control
        ?? ${dialog}.querySelector('input');
      input.value = '${value}';
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.focus();
    })()`);
  await fill('300');
  await firefox.press('Enter');
  await person.reads('dialog[aria-label="Alarm limits"]', /limits\.tachycardia_bpm/);
  await fill('140');
  await firefox.press('Enter');
  await person.sees(`!${dialog}.open`);
  await person.reads('.live-view', /Limits 50–140, set/);
  assert.equal(book.settings.tachycardiaBpm, 140);
});
