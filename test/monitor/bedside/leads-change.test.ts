/** Leads that come, go and are called otherwise while the page is open, and names as people give them: long, right to left, with marks that turn text. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Bedside } from '../../support/bedside.ts';
import { needsProgram } from '../../support/needs.ts';
import { infoEvent } from '../../support/stage.ts';
import { until } from '../../support/until.ts';

const needs = needsProgram('chromium');
const LONG = 'W'.repeat(200);
const ARABIC = 'قطب الصدر ٢';
/** Turns what follows it, and a pair of surrogates. */
const TURNED = '\u202eV5 \u{1FAC0}';
const bedside = new Bedside(needs, { stage: () => ({ leads: ['I', 'II', 'V1'] }) });
let page: Page;
let complaints: readonly string[] = [];
let at = 0;

before(async () => {
  if (needs.skip) return;
  ({ page, complaints } = await bedside.open());
});

/** The board says which leads it has from now on, and sends four seconds of them. */
async function has(leads: readonly string[]): Promise<void> {
  bedside.stage.sink.info(infoEvent({ leads }));
  for (let block = 0; block < 16; block++, at += 90) {
    bedside.stage.wave(
      at,
      leads.map((_, lead) => Float32Array.from({ length: 90 }, (__, i) => (i < 20 ? 0.3 + 0.1 * lead : 0))),
    );
  }
  // Says what was gathered.
  bedside.stage.sink.info(infoEvent({ leads }));
  const told = `JSON.stringify([rhythmd.live.strip.layout.bands.length, rhythmd.signal.leads.map(({ name }) => name)])`;
  let last: unknown = null;
  await until(
    async () => {
      last = await page.evaluate(told);
      return last === JSON.stringify([leads.length, leads]);
    },
    () => `${leads.length} leads on the paper: ${last}`,
    3000,
  );
}

const isWider = () =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth > 0') as Promise<boolean>;

for (const motion of ['sweep', 'scroll']) {
  test(`three leads, one, sixteen, and three again, running and frozen: ${motion}`, needs, async () => {
    await page.evaluate(`rhythmd.settings.change({ motion: '${motion}' })`);
    await has(['I', 'II', 'V1']);
    await has(['II']);
    await has(Array.from({ length: 16 }, (_, i) => `E${i + 1}`));
    await page.keyboard.press('f');
    await has(['I', 'II', 'V1']);
    await has(['II']);
    await page.keyboard.press('f');
    await has(['I', 'II', 'V1']);
    assert.deepEqual(complaints, []);
  });
}

test('a lead that is gone and back is drawn again, and one that was hidden stays hidden', needs, async () => {
  await page.evaluate(
    `rhythmd.settings.change({ leads: { order: ['V1'], hidden: ['II'], gainsMmPerMv: {} } })`,
  );
  bedside.stage.sink.info(infoEvent({ leads: ['I', 'V1'] }));
  bedside.stage.sink.info(infoEvent({ leads: ['I', 'II', 'V1'] }));
  const shown = `rhythmd.live.strip.layout.bands.map(({ lead }) => lead).join(' ')`;
  await until(async () => (await page.evaluate(shown)) === '2 0', 'V1 above I');
  // The only lead that is there is never hidden.
  bedside.stage.sink.info(infoEvent({ leads: ['II'] }));
  await until(async () => (await page.evaluate(shown)) === '0', 'II');
  await page.evaluate(`rhythmd.settings.change({ leads: { order: [], hidden: [], gainsMmPerMv: {} } })`);
});

test(
  'names of two hundred letters, right to left, and such as turn the text stay where they are',
  needs,
  async () => {
    await has([LONG, ARABIC, TURNED]);
    bedside.stage.sink.recent.deviceLabel = LONG;
    bedside.stage.sink.info({
      ...infoEvent({ leads: [LONG, ARABIC, TURNED] }),
      patient: { label: ARABIC, since_ms: 0, paced: 'auto', taught: null },
    });
    await page.reload();
    await page.getByText(ARABIC).first().waitFor();
    for (const [width, height] of [
      [375, 740],
      [1280, 800],
    ] as const) {
      await page.setViewportSize({ width, height });
      for (const view of ['live', 'review', 'device', 'bench']) {
        await page.goto(`${bedside.url}#${view}`);
        await until(async () => !(await isWider()), `${view} as wide as ${width} pixels`);
      }
    }
    await page.goto(`${bedside.url}#live`);
    await page.getByRole('button', { name: 'Leads' }).click();
    const dialog = page.getByRole('dialog', { name: 'Leads' });
    await dialog.getByText(ARABIC).first().waitFor();
    const { wide, box } = (await page.evaluate(`(() => {
      const dialog = document.querySelector('dialog[open]');
      return {
        wide: dialog.scrollWidth - dialog.clientWidth,
        box: dialog.getBoundingClientRect().right - innerWidth,
      };
    })()`)) as { wide: number; box: number };
    assert.ok(wide <= 0 && box <= 0, `${wide} and ${box} pixels too wide`);
    await page.keyboard.press('Escape');
  },
);

test(
  'a name with marks that turn the text turns no other: neither the patient nor an alarm',
  needs,
  async () => {
    bedside.stage.sink.recent.deviceLabel = TURNED;
    bedside.stage.sink.info({
      ...infoEvent({ leads: ['I'] }),
      patient: { label: 'amber', since_ms: 0, paced: 'auto', taught: null },
    });
    await page.reload();
    await page.locator('.bed', { hasText: 'amber' }).waitFor();
    // Where the first and the last letter stand.
    const [first, last] = (await page.evaluate(`(() => {
    const text = [...document.querySelectorAll('.bed bdi')].at(-1).firstChild;
    return [0, 4].map((at) => {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return range.getBoundingClientRect().left;
    });
  })()`)) as [number, number];
    assert.ok(first < last, `"amber" from ${first} to ${last}`);
    // The stage has no recordings that a review could ask for.
    assert.deepEqual(
      complaints.filter((complaint) => !complaint.includes('404')),
      [],
    );
  },
);
