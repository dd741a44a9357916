/** The page in a real browser, on a stage where every sample is known: its words, its keys, and a connection that is cut. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../../support/browser.ts';
import { freeze, holds, LivePage } from '../../support/live-page.ts';
import { needsProgram } from '../../support/needs.ts';
import { playPulses } from '../../support/pulses.ts';
import { leadEvent, vitalsEvent } from '../../support/stage.ts';

const needs = needsProgram('chromium');
const live = LivePage.forTests(!needs.skip);

test('beats carry their class in letter and words, unknown numbers are --', needs, async () => {
  const { page } = await live.withPulses();
  assert.equal(await page.locator('.rate').textContent(), '--');
  live.stage.sink.vitals(
    vitalsEvent({ hr_bpm: 60.4, beats_per_min: { N: 45, V: 15, F: 0, '/': 0, f: 0, other: 0 } }),
  );
  await holds(page, `document.querySelector('.rate').textContent === '60'`);
  assert.equal(await page.locator('.classes tr[data-class="V"] td').textContent(), '15');
  await freeze(page);
  const box = (await page.locator('.strip').boundingBox())!;
  // On a slow machine the strip has gone on meanwhile: the ventricular beat that is on the paper now.
  const x = (await page.evaluate(`(() => {
    const { from, to } = rhythmd.live.strip.view;
    const beat = rhythmd.signal.beats.items.find(
      ({ label, sample }) => label === 'V' && sample > from + 180 && sample < to - 180,
    );
    return rhythmd.live.strip.xOf(beat.sample);
  })()`)) as number;
  await page.mouse.move(box.x + x, box.y + 20);
  await page.getByText('V  Ventricular').waitFor();
  await page.getByText('probability 0.95').waitFor();
  live.stage.sink.vitals(vitalsEvent());
  await holds(page, `document.querySelector('.rate').textContent === '--'`);
  await page.context().close();
});

test(
  'a word means one thing: rows say which classes they count, and what said nothing is gone',
  needs,
  async () => {
    const { page } = await live.withPulses();
    await page.getByText('Ventricular (V, F)').waitFor();
    await page.getByText('Supraventricular (S)').waitFor();
    for (const view of ['live', 'review', 'device', 'bench']) {
      await page.goto(`${live.url}#${view}`);
      await holds(page, `document.querySelector('main').className === '${view}'`);
      const words = (await page.evaluate(`document.body.textContent`)) as string;
      assert.doesNotMatch(
        words,
        /None since this page opened|Stopped\.|\bWalk\b|As the live.browser says/,
        view,
      );
    }
    await page.context().close();
  },
);

test(
  'what is on the skin is an electrode, what is drawn a lead, and help is not called after keys',
  needs,
  async () => {
    const { page } = await live.withPulses();
    live.stage.sink.lead(
      leadEvent({ connected: false, quality: 'off', reason: 'Electrode RA has no contact' }),
    );
    await page.getByText('Electrode RA has no contact').waitFor();
    for (const view of ['live', 'review', 'device', 'bench']) {
      await page.goto(`${live.url}#${view}`);
      await holds(page, `document.querySelector('main').className === '${view}'`);
      // Of what the page says itself; the reason is the daemon's, and is about the skin.
      const own = (await page.evaluate(`(() => {
      const said = document.documentElement.cloneNode(true);
      for (const element of [...said.querySelectorAll('*')]) {
        if (element.childElementCount === 0 && element.textContent === 'Electrode RA has no contact') element.remove();
      }
      return said.textContent;
    })()`)) as string;
      assert.doesNotMatch(own, /electrode/i, view);
      const controls = (await page.evaluate(
        `[...document.querySelectorAll('button, nav a, label > span')].map(({ textContent }) => textContent.trim())`,
      )) as string[];
      assert.ok(controls.includes('Help'), view);
      assert.deepEqual(
        controls.filter((words) => /^(Keys|Walk|Stop(ped)?\.?|March)$/.test(words)),
        [],
        view,
      );
    }
    await page.goto(`${live.url}#live`);
    await page.getByRole('button', { name: 'Leads' }).click();
    const leads = page.getByRole('dialog', { name: 'Leads' });
    assert.ok(await leads.getByText('MLII').first().isVisible());
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys and letters' });
    assert.ok(await help.getByText('leads: which, in which order, how high').isVisible());
    assert.ok(await help.getByText('march the calipers along the strip').isVisible());
    live.stage.sink.lead(leadEvent());
    await page.context().close();
  },
);

test(
  'the connection is cut: it is said, numbers are forgotten, and it comes back by itself',
  needs,
  async () => {
    const { page } = await live.withPulses();
    live.stage.sink.vitals(vitalsEvent({ hr_bpm: 60 }));
    await holds(page, `document.querySelector('.rate').textContent === '60'`);
    live.playing!.stop();
    await live.stage.stop();
    await page.getByText(/Connection lost/).waitFor();
    await page.getByText('Not connected: alerts are not known').waitFor();
    assert.equal(await page.locator('.rate').textContent(), '--');
    await live.start();
    live.playing = playPulses(live.stage, 3);
    await page.getByText('Connected', { exact: true }).waitFor();
    await holds(page, 'rhythmd.signal.end > 3 * 360 && rhythmd.signal.start < 360');
    await page.context().close();
  },
);

test('keys alone reach everything, and every control has a name', needs, async () => {
  const { page } = await live.withPulses();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys and letters' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  for (const [key, view] of [
    ['2', 'Review'],
    ['3', 'Device'],
    ['4', 'Bench'],
    ['1', 'Live'],
  ] as const) {
    await page.keyboard.press(key);
    await holds(page, `document.querySelector('nav a[aria-current]').textContent === '${view}'`);
    const nameless =
      (await page.evaluate(`[...document.querySelectorAll('button, a, select, input, canvas, [tabindex="0"]')]
      .filter((element) => element.checkVisibility() && element.ariaHidden !== 'true')
      .filter((element) => !(element.ariaLabel || element.textContent.trim() || element.labels?.length))
      .map((element) => element.outerHTML.slice(0, 80))`)) as string[];
    assert.deepEqual(nameless, [], view);
  }
  await page.keyboard.press('+');
  assert.equal(await page.evaluate('rhythmd.settings.current.gainMmPerMv'), 20);
  await page.keyboard.press(' ');
  await holds(page, 'rhythmd.live.strip.frozen');
  await page.context().close();
});

test('on a phone nothing is wider than the screen', needs, async () => {
  live.playing = playPulses(live.stage);
  const { page } = await openPage(live.browser, live.url, { width: 375, height: 740, touch: true });
  for (const view of ['live', 'review', 'device', 'bench']) {
    await page.goto(`${live.url}#${view}`);
    await holds(page, `document.querySelector('main').className === '${view}'`);
    const wider = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
    assert.ok(wider <= 0, `${view} is ${wider} pixels too wide`);
  }
  await page.context().close();
});
