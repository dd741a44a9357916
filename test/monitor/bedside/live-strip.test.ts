/** What is drawn of the signal, in a real browser, on a stage where every sample is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { openPage } from '../../support/browser.ts';
import { INKED_COLUMNS, type InkedColumns, playLateBlocks } from '../../support/late-blocks.ts';
import { freeze, holds, LivePage } from '../../support/live-page.ts';
import { needsProgram } from '../../support/needs.ts';
import { pulseAt } from '../../support/pulses.ts';
import { leadEvent, Stage } from '../../support/stage.ts';
import { INK, STRIP_PICTURE } from '../../support/strip-picture.ts';
import { until } from '../../support/until.ts';

const needs = needsProgram('chromium');
const live = LivePage.forTests(!needs.skip);
/** 96 CSS pixels an inch, 10 mm a millivolt. */
const PIXELS_PER_MV = (96 / 25.4) * 10;

test('1 mV is 10 mm high within a pixel, and stands where its samples are', needs, async () => {
  const { page, complaints } = await live.withPulses();
  await freeze(page);
  const seen = (await page.evaluate(`(() => {
    const ink = ${INK};
    const { strip } = rhythmd.live;
    const columns = [];
    for (let x = Math.ceil(strip.layout.left) + 4; x < strip.layout.width - 4; x += 1) {
      columns.push({ sample: strip.sampleAt(x + 0.5), y: ink(x) });
    }
    return columns;
  })()`)) as { sample: number; y: number | null }[];
  const edge = (sample: number) =>
    [-8, 8].some((by) => pulseAt(Math.round(sample + by)) !== pulseAt(Math.round(sample)));
  const flat = seen.filter(({ sample, y }) => y !== null && sample > 4 && !edge(sample));
  assert.ok(flat.length > 500, `${flat.length} columns`);
  const low = median(flat.filter(({ sample }) => pulseAt(Math.round(sample)) === 0).map(({ y }) => y!));
  const high = median(flat.filter(({ sample }) => pulseAt(Math.round(sample)) === 1).map(({ y }) => y!));
  assert.ok(Math.abs(low - high - PIXELS_PER_MV) <= 1, `${(low - high).toFixed(2)} pixels high`);
  for (const { sample, y } of flat) {
    const expected = pulseAt(Math.round(sample)) === 1 ? high : low;
    assert.ok(Math.abs(y! - expected) <= 1, `sample ${sample.toFixed(1)}: ${y} instead of ${expected}`);
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the strip moves, and sweep and scroll both draw what was sent', needs, async () => {
  const { page } = await live.withPulses();
  for (const motion of ['sweep', 'scroll']) {
    await page.evaluate(`rhythmd.settings.change({ motion: '${motion}' })`);
    await page.evaluate(`window.first = ${STRIP_PICTURE}`);
    await holds(
      page,
      `(({ data }, before) => data.length !== before.length || data.some((value, i) => value !== before[i]))(${STRIP_PICTURE}, first.data)`,
    );
    const inked = (await page.evaluate(`(() => {
      const ink = ${INK};
      let count = 0;
      for (let x = 100; x < 900; x++) if (ink(x) !== null) count++;
      return count;
    })()`)) as number;
    assert.ok(inked > 700, `${motion}: ${inked} of 800 columns`);
  }
  await page.context().close();
});

for (const motion of ['sweep', 'scroll'] as const) {
  test(
    `a second lead whose blocks come late and unevenly has no gaps on the paper: ${motion}`,
    needs,
    async (t) => {
      const silent = new Stage({ leads: ['MLII', 'V1'], routes: reviewRoutes(live.folder) });
      const { page } = await openPage(live.browser, await silent.start());
      try {
        await page.evaluate(playLateBlocks(motion));
        const inked = () => page.evaluate(INKED_COLUMNS) as Promise<InkedColumns>;
        // A busy machine receives long before it draws.
        await until(async () => (await inked()).both > 200, 'both leads on the paper');
        const { both, one } = await inked();
        if (((await page.evaluate('window.latestMs')) as number) > 2000)
          return t.skip('SKIPPED: this machine is too busy to deliver a block within two seconds');
        // The pen's own place and the edge of the erase bar.
        assert.ok(one <= 4, `${one} columns have one lead only, ${both} both`);
      } finally {
        await page.context().close();
        await silent.stop();
      }
    },
  );
}

test('a gap and a lead that fell off are drawn as what they are', needs, async () => {
  const { page } = await live.withPulses();
  const before = live.playing!.position();
  live.playing!.stop();
  live.stage.wave(before + 720, [new Float32Array(1080)], 720);
  live.stage.sink.quality({ lead: 0, sample: before + 1000, quality: 'off' });
  live.stage.sink.lead(
    leadEvent({ connected: false, quality: 'off', reason: 'Electrode RA has no contact' }),
  );
  await page.getByText('Electrode RA has no contact').waitFor();
  await holds(page, `rhythmd.signal.end === ${before + 1800}`);
  await freeze(page);
  const values = (await page.evaluate(
    `[${before + 300}, ${before + 719}, ${before + 720}].map((i) => String(rhythmd.signal.leads[0].raw.at(i)))`,
  )) as string[];
  assert.deepEqual(values, ['NaN', 'NaN', '0'], 'nothing is interpolated');
  assert.deepEqual(await page.evaluate('rhythmd.signal.holes.items.map(({ cause }) => cause)'), [
    'lost by the source',
  ]);
  await page.context().close();
});

test('calipers read a known interval and height, by pointer and by keys', needs, async () => {
  const { page } = await live.withPulses();
  await freeze(page);
  await page.getByRole('button', { name: 'Calipers' }).click();
  const box = (await page.locator('.strip').boundingBox())!;
  const place = (await page.evaluate(`(() => {
    const { strip } = rhythmd.live;
    const edge = (n) => Math.ceil(strip.view.from / 360 + n) * 360;
    const zero = strip.layout.bands[0].zeroY;
    return { a: strip.xOf(edge(1)), b: strip.xOf(edge(2)), zero, top: zero - strip.layout.pixelsPerMv };
  })()`)) as { a: number; b: number; zero: number; top: number };
  await page.mouse.move(box.x + place.a, box.y + place.zero);
  await page.mouse.down();
  await page.mouse.move(box.x + place.a + 30, box.y + place.zero - 10);
  await page.mouse.move(box.x + place.b, box.y + place.top);
  await page.mouse.up();
  const words = (await page.locator('.toolbar output').first().textContent()) ?? '';
  const [, ms, bpm, mv] = /^(\d+) ms +(\d+) bpm +(.+) mV$/.exec(words) ?? [];
  assert.ok(Math.abs(Number(ms) - 1000) <= 11, words);
  assert.ok(Math.abs(Number(bpm) - 60) <= 1, words);
  assert.ok(Math.abs(Number(mv) - 1) <= 0.03, words);
  await page.locator('.strip').focus();
  for (let i = 0; i < 36; i++) await page.keyboard.press('ArrowRight');
  const moved = (await page.locator('.toolbar output').first().textContent()) ?? '';
  assert.ok(Math.abs(Number(/^(\d+) ms/.exec(moved)?.[1]) - Number(ms) - 100) <= 1, moved);
  await page.context().close();
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
