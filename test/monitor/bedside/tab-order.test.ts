/** By the Tab key alone, as somebody without a mouse goes through the page: in reading order, everything once, nothing behind a dialog. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Bedside } from '../../support/bedside.ts';
import { needsProgram } from '../../support/needs.ts';
import { alertEvent } from '../../support/stage.ts';

const needs = needsProgram('chromium');
/** More than any view has. */
const MOST_STOPS = 120;

const bedside = new Bedside(needs, { recordedS: 120 });
let page: Page;

before(async () => {
  if (needs.skip) return;
  ({ page } = await bedside.open());
  bedside.stage.sink.alert(alertEvent({ id: 'run', priority: 'high' }));
  await page.locator('.alert-actions button').first().waitFor();
});

interface Stop {
  readonly name: string;
  readonly key: string;
  readonly isRinged: boolean;
}

const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  window.stops ??= new Map();
  if (!window.stops.has(element)) window.stops.set(element, String(window.stops.size));
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  return {
    name: (element.ariaLabel || element.textContent.trim() || element.labels?.[0]?.textContent || '').replace(/\\s+/g, ' ').slice(0, 40),
    key: window.stops.get(element),
    isRinged: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none',
  };
})()`;

/** From the top until the page is left or comes round. */
async function tabThrough(key = 'Tab'): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (let i = 0; i < MOST_STOPS; i++) {
    await page.keyboard.press(key);
    const stop = (await page.evaluate(FOCUSED)) as Stop | null;
    if (stop === null || stop.key === stops[0]?.key) return stops;
    stops.push(stop);
  }
  throw new Error(`the Tab key never leaves: ${stops.map(({ name }) => name).join(' | ')}`);
}

/** What can be reached by Tab and is there to be seen; of a group of radio buttons one. */
const REACHABLE = `(() => {
  const found = [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
    .filter((element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => element.type !== 'radio' || element.checked);
  return found.length;
})()`;

for (const view of ['live', 'review', 'device', 'bench']) {
  test(`${view}: every control once, with a ring, and back again`, needs, async () => {
    await page.goto(`${bedside.url}#${view}`);
    await page.reload();
    await page.locator('.alert-actions button').first().waitFor();
    if (view === 'review') await page.locator('.template-card').first().waitFor();
    if (view === 'bench') await page.locator('.faults button').first().waitFor();
    const stops = await tabThrough();
    const names = stops.map(({ name }) => name);
    assert.equal(new Set(stops.map(({ key }) => key)).size, stops.length, names.join(' | '));
    assert.equal(stops.length, await page.evaluate(REACHABLE), names.join(' | '));
    assert.deepEqual(
      stops.filter(({ isRinged }) => !isRinged).map(({ name }) => name),
      [],
      'where the focus cannot be seen',
    );
    // First past the frame, then where to go, then what rings, then what it is about.
    const order = [
      'Skip to the monitor',
      'Live',
      'Review',
      'Sound off',
      'Screen',
      'Help',
      'Acknowledge',
      'Silence 2 min',
    ];
    const places = order.map((name) => names.indexOf(name));
    assert.ok(
      places.every((place, i) => place >= 0 && place > (places[i - 1] ?? -1)),
      names.join(' | '),
    );
    assert.ok(places.at(-1)! < 14, `alarms come after ${places.at(-1)} stops: ${names.join(' | ')}`);
    await page.evaluate('document.activeElement.blur()');
  });
}

test(
  'the link past the frame goes to the view, and a dialog keeps the focus and gives it back',
  needs,
  async () => {
    await page.goto(`${bedside.url}#live`);
    await page.reload();
    await page.locator('.alert-actions button').first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate('document.activeElement.id'), 'view');
    const limits = page.getByRole('button', { name: /^Limits/ });
    await limits.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Alarm limits' }).waitFor();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      // Between the last and the first control the browser's own frame has it.
      const place = await page.evaluate(
        `document.activeElement === document.body || document.activeElement.closest('dialog[open]') !== null`,
      );
      assert.ok(place, 'behind the dialog');
    }
    await page.keyboard.press('Escape');
    assert.match(String(await page.evaluate('document.activeElement.textContent')), /^Limits/);
  },
);
