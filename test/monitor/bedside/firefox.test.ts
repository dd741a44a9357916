/**
 * The page in Firefox by its own engine, beyond the way of every shift (main-path.test.ts): a correction made and undone, an
 * export and a report saved, limits refused and set.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { limitHandlers } from '@rhythmd/daemon/alert/alert-requests.ts';
import { LimitBook } from '@rhythmd/daemon/alert/limit-book.ts';
import { readReviewed } from '@rhythmd/daemon/corrections/reviewed.ts';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { ReviewShelf } from '@rhythmd/daemon/web/review/review-shelf.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { fakeAnswers } from '../../support/fake-answers.ts';
import { Firefox } from '../../support/firefox.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { needsProgram } from '../../support/needs.ts';
import { playPulses } from '../../support/pulses.ts';
import { alertEvent, healthEvent, infoEvent, Stage, timeOf, vitalsEvent } from '../../support/stage.ts';
import { until } from '../../support/until.ts';
import { writeRecording } from '../../support/written-recording.ts';

const needs = needsProgram('firefox-esr');
const START_MS = Date.UTC(2026, 0, 15, 22, 0);
const SHOWN_MS = START_MS + 60_000;
const ENTER = '\uE007';

let firefox: Firefox;
let stage: Stage;
let url = '';
const folder = mkdtempSync(join(tmpdir(), 'firefox-page-'));
const recording = join(folder, '20260115_220000');
const book = new LimitBook({ configured: rhythmSettings(), nowMs: Date.now, source: null, file: null });
const timers: { stop(): void }[] = [];

before(async () => {
  if (needs.skip) return;
  await writeRecording(folder, START_MS, 240);
  const shelf = new ReviewShelf(folder, { label: 'bed 4' });
  const requests = gatewayOf(fakeAnswers);
  requests.register(shelf.corrections.handlers);
  const info = () => ({ ...infoEvent({}), alert_limits: book.facts() });
  requests.register(limitHandlers(book, () => stage.sink.info(info())));
  stage = new Stage({ requests, routes: reviewRoutes(folder, 'a test', shelf) });
  url = await stage.start();
  stage.sink.info(info());
  stage.sink.health(healthEvent());
  timers.push(playPulses(stage));
  const heartbeat = setInterval(() => stage.sink.vitals(vitalsEvent({ hr_bpm: 60 })), 1000);
  timers.push({ stop: () => clearInterval(heartbeat) });
  const at = timeOf(8 * 360);
  stage.sink.alert(alertEvent({ id: 'run', priority: 'high', start_t_ms: at, t_ms: at }));
  stage.sink.alert(alertEvent({ id: 'old', phase: 'end', start_t_ms: at, t_ms: at + 5000 }));
  firefox = await Firefox.launch();
  await firefox.goto(url);
});
after(async () => {
  for (const timer of timers) timer.stop();
  if (!needs.skip) {
    await firefox.close();
    await stage.stop();
  }
  rmSync(folder, { recursive: true });
});

const holds = (expression: string) =>
  // What it asks for may not be there yet.
  until(() => (firefox.evaluate(expression) as Promise<boolean>).catch(() => false), expression);
const there = (selector: string) => `document.querySelector(${JSON.stringify(selector)}) !== null`;
const says = (selector: string, pattern: RegExp) =>
  holds(`${pattern}.test(document.querySelector(${JSON.stringify(selector)})?.textContent ?? '')`);
/** The first control with these words, visible, is clicked as a person does. */
async function press(words: string, within = 'body'): Promise<void> {
  const mark = `document.querySelectorAll('[data-pressed]').forEach((old) => old.removeAttribute('data-pressed'))`;
  await holds(`(() => {
    ${mark};
    const found = [...document.querySelectorAll(${JSON.stringify(within)} + ' :is(button, a)')].find(
      (control) => control.textContent.trim() === ${JSON.stringify(words)} && control.checkVisibility(),
    );
    found?.setAttribute('data-pressed', '');
    return found !== undefined;
  })()`);
  await firefox.click('[data-pressed]');
}

test('a correction is made, counted, and undone', needs, async () => {
  await firefox.evaluate(`(location.hash = 'review?t=${SHOWN_MS}')`);
  await holds(there('.template-card'));
  await firefox.evaluate(`document.querySelector('.strip').focus()`);
  await firefox.press('t');
  await holds(there('.template-card[aria-pressed="true"]'));
  const key =
    (await firefox.evaluate(
      `document.querySelector('.template-card[aria-pressed="true"] .caption').dataset.class`,
    )) === 'V'
      ? 'f'
      : 'v';
  await firefox.press(key);
  await says('.correct', /called [VF] now/);
  assert.ok(readReviewed(recording).changed.size > 0);
  await firefox.press('u');
  await says('.correct', /Taken back\./);
  assert.equal(readReviewed(recording).changed.size, 0);
});

const saved = (name: RegExp) =>
  readdirSync(firefox.downloads).find((file) => name.test(file) && !file.endsWith('.part'));

test('an export and a report are saved', needs, async () => {
  await press('Export');
  await press('CSV of beats', 'dialog[aria-label="Export"]');
  await until(() => saved(/^ecg-2026-01-15T22.*\.csv$/) !== undefined, 'the export');
  const text = () => readFileSync(join(firefox.downloads, saved(/^ecg-.*\.csv$/)!), 'utf8');
  await until(() => text().startsWith('sample,time_s,time_utc,code'), 'its lines');
  await firefox.evaluate(`document.querySelector('dialog[aria-label="Export"]').close()`);
  await press('Report');
  await press('Make the report', 'dialog.report');
  await says('dialog.report .said', /The report is ready/);
  await press('Save the PDF', 'dialog.report');
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
  await press('Limits 50–120');
  const dialog = `document.querySelector('dialog[aria-label="Alarm limits"]')`;
  await holds(`${dialog}.open`);
  const fill = (value: string) =>
    firefox.evaluate(`(() => {
      const input = [...${dialog}.querySelectorAll('label')].find(({ textContent }) => /Tachycardia above/.test(textContent)).control
        ?? ${dialog}.querySelector('input');
      input.value = '${value}';
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.focus();
    })()`);
  await fill('300');
  await firefox.press(ENTER);
  await says('dialog[aria-label="Alarm limits"]', /limits\.tachycardia_bpm/);
  await fill('140');
  await firefox.press(ENTER);
  await holds(`!${dialog}.open`);
  await says('.live-view', /Limits 50–140, set/);
  assert.equal(book.settings.tachycardiaBpm, 140);
});
