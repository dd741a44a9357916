/** Reports that the page asks for: a pause is what the configuration calls one. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ReviewShelf } from '@rhythmd/daemon/web/review/review-shelf.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { until } from '../../../support/until.ts';
import { writeRecording } from '../../../support/written-recording.ts';

const START_MS = Date.UTC(2026, 0, 15, 9, 0);
const SPAN = [START_MS, START_MS + 120_000] as const;
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-jobs-'));
  // A beat each second: two missing are a distance of three.
  await writeRecording(folder, START_MS, 120, [], (second) => second % 30 !== 10 && second % 30 !== 11);
});
after(() => rm(folder, { recursive: true }));

async function report(shelf: ReviewShelf): Promise<string> {
  const told = () => JSON.parse(String(shelf.reports.ask(...SPAN).body)) as { state: string };
  await until(() => told().state === 'done', 'the report');
  return String(shelf.reports.file(...SPAN, 'html').body);
}

test('pauses are counted by the configured limit, which is said', async () => {
  const usual = await report(new ReviewShelf(folder));
  const short = await report(new ReviewShelf(folder, { settings: rhythmSettings({ pauseSeconds: 2.8 }) }));
  const long = await report(
    new ReviewShelf(folder, { settings: rhythmSettings({ pauseSeconds: 4, asystoleSeconds: 5 }) }),
  );
  assert.match(usual, /Pauses<\/th><td>4 of 3 s and more/);
  assert.match(short, /Pauses<\/th><td>4 of 2\.8 s and more/);
  assert.match(long, /Pauses<\/th><td>none of 4 s and more/);
});
