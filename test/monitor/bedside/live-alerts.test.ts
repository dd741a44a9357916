/** Alerts on the page, in a real browser: what a person sees, hears and does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holds, LivePage } from '../../support/live-page.ts';
import { needsProgram } from '../../support/needs.ts';
import { alertEvent, latchedFlutter, timeOf } from '../../support/stage.ts';
import { until } from '../../support/until.ts';

const needs = needsProgram('chromium');
const live = LivePage.forTests(!needs.skip);
const RATE_HZ = 360;

test(
  'an alert appears, is acknowledged, ends, and opens in review with the minutes around it',
  needs,
  async () => {
    const { page, complaints } = await live.withPulses();
    const start = timeOf(8 * RATE_HZ);
    const alert = alertEvent({
      id: 'run-1',
      priority: 'high',
      start_t_ms: start,
      t_ms: start,
      start_sample: 8 * RATE_HZ,
    });
    live.stage.sink.alert(alert);
    const bar = page.getByRole('region', { name: 'Active alerts' });
    await bar.getByText(alert.text).waitFor();
    assert.equal(await bar.getAttribute('data-priority'), 'high');
    assert.ok(await bar.getByRole('img', { name: 'High priority' }).isVisible());
    live.asked.length = 0;
    const acknowledge = bar.getByRole('button', { name: 'Acknowledge' });
    await acknowledge.focus();
    live.stage.sink.alert({ ...alert, phase: 'update', text: 'Another text' });
    await bar.getByText('Another text').waitFor();
    assert.ok(await page.evaluate(`document.activeElement.textContent === 'Acknowledge'`), 'the focus stays');
    await page.keyboard.press('a');
    await until(() => live.asked.length > 0, 'the request');
    assert.deepEqual(live.asked, [{ verb: 'acknowledge', body: { id: 'run-1' } }]);
    live.stage.sink.alert({ ...alert, phase: 'update', acknowledged: true });
    await bar.getByText('acknowledged').waitFor();
    assert.equal(await bar.getAttribute('data-priority'), 'none');
    live.stage.sink.alert({ ...alert, phase: 'end', acknowledged: true, t_ms: start + 4000 });
    await bar.getByText('No active alerts').waitFor();
    await page.getByText('ended after 4 s').waitFor();
    await page.locator('.alert-list a').first().click();
    await holds(
      page,
      `rhythmd.review.strip.view.from > 0 && document.querySelector('.review-time').textContent !== ''`,
    );
    const { from, to } = (await page.evaluate('rhythmd.review.strip.view')) as { from: number; to: number };
    const middleMs = start - 60_000 + ((from + to) / 2 / RATE_HZ) * 1000;
    assert.ok(Math.abs(middleMs - start) < 50, `review stands ${middleMs - start} ms beside the alert`);
    await page.getByText(/Full disclosure, .* a line a minute/).waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  },
);

test(
  'of many alerts the worst comes first, whatever came later; the rest opens, and may be narrowed',
  needs,
  async () => {
    const { page } = await live.withPulses();
    const at = timeOf(8 * RATE_HZ);
    const tell = (id: string, priority: 'high' | 'low', phase: 'start' | 'end', laterMs: number) =>
      live.stage.sink.alert(
        alertEvent({
          id,
          priority,
          phase,
          start_t_ms: at + laterMs,
          t_ms: at + laterMs,
          text: `text of ${id}`,
        }),
      );
    tell('flutter', 'high', 'start', 0);
    tell('flutter', 'high', 'end', 0);
    tell('couplet', 'low', 'start', 60_000);
    tell('pair', 'low', 'start', 61_000);
    const bar = page.getByRole('region', { name: 'Active alerts' });
    await bar.getByRole('button', { name: 'and 1 more' }).click();
    const shown = () =>
      page.evaluate(`[...document.querySelectorAll('.alert-list li')].map((li) => li.dataset.alert)`);
    await holds(page, `document.activeElement === document.querySelector('.alert-list')`);
    assert.deepEqual(await shown(), ['pair', 'couplet', 'flutter']);
    await page.getByLabel('Priorities shown').selectOption('High');
    assert.deepEqual(await shown(), ['flutter']);
    await page.context().close();
  },
);

test('a high alarm that is over stays in the banner until somebody has acknowledged it', needs, async () => {
  const { page } = await live.withPulses();
  const at = timeOf(8 * RATE_HZ);
  const flutter = latchedFlutter(at);
  live.stage.sink.alert(flutter);
  const couplet = { id: 'couplet', kind: 'couplet', priority: 'low', text: 'two in a row' } as const;
  live.stage.sink.alert(alertEvent({ ...couplet, start_t_ms: at + 180_000, t_ms: at + 180_000 }));
  const bar = page.getByRole('region', { name: 'Active alerts' });
  await bar.getByRole('button', { name: 'and 1 more' }).waitFor();
  assert.equal(await bar.locator('strong').textContent(), 'Ventricular flutter, 23 s');
  assert.ok(await bar.getByText('over, not acknowledged').isVisible());
  assert.equal(await bar.getAttribute('data-priority'), 'high');
  live.asked.length = 0;
  await bar.getByRole('button', { name: 'Acknowledge' }).click();
  await until(() => live.asked.length > 0, 'the request');
  assert.deepEqual(live.asked, [{ verb: 'acknowledge', body: { id: 'flutter' } }]);
  live.stage.sink.alert({ ...flutter, phase: 'end', latched: false, acknowledged: true });
  await bar.getByText('Two in a row').waitFor();
  await page.context().close();
});

test('whether alerts can be heard is in sight, and the clock with its zone', needs, async () => {
  const { page } = await live.withPulses();
  const sound = page.locator('.sound');
  assert.equal(await sound.textContent(), 'Sound off');
  await sound.click();
  await holds(page, `document.querySelector('.sound').textContent === 'Sound on'`);
  const start = timeOf(8 * RATE_HZ);
  live.stage.sink.alert(
    alertEvent({ id: 'quiet', start_t_ms: start, silenced: true, silenced_until_ms: Date.now() + 90_000 }),
  );
  await holds(page, `/^Silenced 1:[0-3]\\d$/.test(document.querySelector('.sound').textContent)`);
  assert.match((await page.locator('.clock').textContent()) ?? '', /^\d\d:\d\d:\d\d UTC/);
  await page.context().close();
});
