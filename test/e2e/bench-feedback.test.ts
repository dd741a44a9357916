/** At the bench of a daemon that plays: seek, speed and fault are each followed by a word within 200 ms, and by the samples asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BenchMove, benchFeedback } from '../support/bench-feedback.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { needsProgram, needsRecord } from '../support/needs.ts';
import { PATIENCE } from '../support/patience.ts';
import { until } from '../support/until.ts';

const needs = { ...needsProgram('chromium'), ...needsRecord('208') };
const A_WORD_WITHIN_MS = 200;

test('seek, speed and fault are answered at once', needs, async (t) => {
  const daemon = await DaemonProcess.start({
    RHYTHMD_SOURCE_URL: 'sim:208?speed=2',
    RHYTHMD_MODEL_PATH: '',
    RHYTHMD_MODEL_RHYTHM_PATH: '',
  });
  t.after(() => daemon.stop());
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const { page, complaints } = await openPage(browser, `${await daemon.pageUrl()}#bench`);
  await page.locator('.faults button').first().waitFor();
  await until(() => page.evaluate('rhythmd.signal.end > 1800') as Promise<boolean>, 'five seconds of signal');
  const moves: readonly BenchMove[] = [{ seek: 600 }, { speed: 1 }, { fault: 'lead off' }];
  for (const move of moves) {
    const { askedMs, answeredMs, samplesMs } = await benchFeedback(page, move);
    const which = JSON.stringify(move);
    assert.ok(askedMs <= A_WORD_WITHIN_MS * PATIENCE, `${which}: "Asked for" after ${askedMs} ms`);
    assert.ok(answeredMs <= A_WORD_WITHIN_MS * PATIENCE, `${which}: answered after ${answeredMs} ms`);
    assert.notEqual(samplesMs, null, `${which}: no samples`);
  }
  // Where it was told to go, to the second.
  const position = page.locator('.position output');
  await until(async () => /^10:/.test((await position.textContent()) ?? ''), 'ten minutes into the record');
  await page
    .getByText(/Lead|contact|off/i)
    .first()
    .waitFor();
  assert.deepEqual(complaints, []);
});
