/** The ward page in a real browser, with a real mosquitto between it and sinks of the daemon. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { TestAuthority } from '../../support/certificates.ts';
import { needsProgram } from '../../support/needs.ts';
import { until } from '../../support/until.ts';
import { WardBed } from '../../support/ward-beds.ts';
import {
  shows,
  startBeds,
  startBroker,
  textOf,
  tile,
  wardBrowser,
  wardOf,
} from '../../support/ward-browser.ts';

const needs = needsProgram('chromium', 'mosquitto', 'openssl');
const open = wardBrowser(Boolean(needs.skip));

const priorityOf = (page: Page, device: string) =>
  page.evaluate(
    `document.querySelector(${JSON.stringify(tile(device))})?.dataset.priority`,
  ) as Promise<string>;

/** How many pixels of ink each trace has. */
const INK = `[...document.querySelectorAll('.tile canvas.trace')].map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 100) ink++;
  return ink;
})`;

test(
  'sixteen beds on a wall: numbers and traces of each; an alarm rises within a second and to the front; a dead bed within six',
  needs,
  async (t) => {
    const { mosquitto, ws } = await startBroker(t);
    const beds = await startBeds(t, mosquitto.url, 16);
    const { page, complaints } = await open(t, [ws], wardOf(16));
    for (const [i, { device }] of beds.entries())
      await shows(page, `${tile(device)} .tile-rate`, new RegExp(`^${60 + 3 * i}$`));
    await until(
      async () => ((await page.evaluate(INK)) as number[]).every((ink) => ink > 300),
      'ink on every trace',
      40_000,
    );
    const overflow = (await page.evaluate(`(() => {
    const main = document.querySelector('main');
    const cut = [...document.querySelectorAll('.tile')].filter((tile) => {
      const box = tile.getBoundingClientRect();
      const paper = tile.querySelector('.tile-paper').getBoundingClientRect();
      return box.bottom > innerHeight || box.right > innerWidth || paper.height < 60 || paper.bottom > box.bottom + 1;
    });
    return { scrolls: main.scrollHeight > main.clientHeight + 1, cut: cut.length };
  })()`)) as { scrolls: boolean; cut: number };
    assert.deepEqual(overflow, { scrolls: false, cut: 0 });
    const vt = {
      id: 'vt',
      kind: 'ventricular_tachycardia',
      priority: 'high',
      text: 'ventricular tachycardia: 7 beats at 164 bpm',
    } as const;
    beds[10]!.alert(vt);
    await until(async () => (await priorityOf(page, 'b11')) === 'high', 'the alarm', 1000);
    await shows(page, '.alert-bar', /Bed 11.*Ventricular tachycardia: 7 beats/);
    await until(
      async () => (await page.evaluate(`document.querySelector('${tile('b11')}').style.order`)) === '0',
      'sorted up',
    );
    await page
      .locator(`${tile('b11')} .tile-actions button`)
      .first()
      .click();
    await shows(page, `${tile('b11')} .tile-alarm`, /\(seen\)/);
    assert.deepEqual(beds[10]!.asked, [{ verb: 'acknowledge', by: 'K. Lind' }]);
    beds[3]!.fallSilent();
    await shows(page, `${tile('b4')} .tile-alarm`, /Not heard for/, 6000);
    assert.equal(await textOf(page, `${tile('b4')} .tile-rate`), '–');
    await page.locator('nav a', { hasText: 'Fleet' }).click();
    await shows(page, 'tr[data-base="ecg/b3"] td[data-differs]', /^0\.1\.0$/);
    await page.goto(`${page.url().split('#')[0]}#bed/ecg%2Fb11`);
    await shows(page, '.bed-view .alert-list', /Ventricular tachycardia/);
    // Looking for ink reads canvases back, which the browser remarks on: that is the test's doing, not the page's.
    assert.deepEqual(
      complaints.filter((text) => !text.includes('willReadFrequently')),
      [],
    );
  },
);

test(
  'a broker that dies: nothing old is shown as new, the next one is taken, and a single one is found again',
  needs,
  async (t) => {
    const first = await startBroker(t);
    const second = await startBroker(t);
    await startBeds(t, first.mosquitto.url, 1);
    const there = new WardBed(second.mosquitto.url, 'b2', 80);
    t.after(() => there.stop());
    await there.start();
    const { page } = await open(t, [first.ws, second.ws], wardOf(2));
    await shows(page, `${tile('b1')} .tile-rate`, /^60$/);
    await shows(page, '.connection', new RegExp(`${new URL(first.ws).host} \\(1 of 2\\)`));
    await first.mosquitto.kill();
    await shows(page, `${tile('b1')} .tile-rate`, /^–$/, 5000);
    await shows(page, '.connection', new RegExp(`${new URL(second.ws).host} \\(2 of 2\\)`), 5000);
    await shows(page, `${tile('b2')} .tile-rate`, /^80$/);
    await second.mosquitto.kill();
    await shows(page, '.alert-bar', /Not connected, nothing is known/);
    await first.mosquitto.start();
    await shows(page, `${tile('b1')} .tile-rate`, /^60$/);
  },
);

test('a certificate that the browser does not believe is one clear sentence', needs, async (t) => {
  const authority = new TestAuthority();
  t.after(() => authority.remove());
  const { cert, key } = authority.sign('broker', -1);
  const { ws } = await startBroker(t, { lines: [`certfile ${cert}`, `keyfile ${key}`], scheme: 'wss' });
  const { page } = await open(t, [ws], wardOf(1));
  await shows(
    page,
    '.alert-bar',
    /does not answer: nothing listens there, or its certificate is expired or not known to this browser/,
  );
});
