/**
 * The way of every shift, in Chromium and in Firefox by its own engine: the page opens, traces draw, an alert comes and is
 * acknowledged, and review shows the minutes around it.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { needsProgram } from '../../support/needs.ts';
import { playPulses } from '../../support/pulses.ts';
import { alertEvent, Stage, timeOf, vitalsEvent } from '../../support/stage.ts';
import { BROWSERS, Person } from '../../support/tab.ts';
import { until } from '../../support/until.ts';

for (const { program, open } of BROWSERS) {
  test(`from the first trace to the review of an alert, in ${program}`, needsProgram(program), async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'main-path-'));
    t.after(() => rm(folder, { recursive: true }));
    const asked: unknown[] = [];
    const stage = new Stage({
      routes: reviewRoutes(folder),
      requests: gatewayOf((verb, body) => {
        asked.push([verb, body]);
        return {};
      }),
    });
    const url = await stage.start();
    t.after(() => stage.stop());
    const playing = playPulses(stage);
    t.after(() => playing.stop());
    const tab = await open(url);
    t.after(() => tab.close());
    const person = new Person(tab);
    const holds = (expression: string) => person.sees(expression);
    const text = (selector: string) => `document.querySelector('${selector}')?.textContent`;

    await holds(`${text('.connection')} === 'Connected'`);
    stage.sink.vitals(vitalsEvent({ hr_bpm: 60.4 }));
    await holds(`${text('.rate')} === '60'`);
    // Ink on most of the paper: the trace is drawn.
    await holds(`(() => {
      const canvas = document.querySelector('.strip canvas.trace');
      const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let inked = 0;
      for (let x = 100; x < 900; x++) {
        for (let y = 44; y < height - 20; y++) {
          if (data[4 * (y * width + x) + 3] < 100) continue;
          inked++;
          break;
        }
      }
      return inked > 700;
    })()`);

    const at = timeOf(8 * 360);
    const alert = alertEvent({ id: 'run-1', priority: 'high', start_t_ms: at, t_ms: at });
    stage.sink.alert(alert);
    await holds(`${text('.alert-bar strong')} === ${JSON.stringify(alert.text)}`);
    assert.equal(await tab.evaluate(`document.querySelector('.alert-bar').dataset.priority`), 'high');
    await tab.click('.alert-actions button');
    await until(() => asked.length > 0, 'the request');
    assert.deepEqual(asked, [['acknowledge', { id: 'run-1' }]]);
    stage.sink.alert({ ...alert, phase: 'update', acknowledged: true });
    await holds(`document.querySelector('.alert-bar').dataset.priority === 'none'`);

    await tab.click('.alert-list a');
    await holds(`rhythmd.review.strip.view.from > 0 && ${text('.review-time')} !== ''`);
    const { from, to } = (await tab.evaluate('rhythmd.review.strip.view')) as { from: number; to: number };
    const middleMs = at - 60_000 + ((from + to) / 2 / 360) * 1000;
    assert.ok(Math.abs(middleMs - at) < 50, `review stands ${middleMs - at} ms beside the alert`);
    assert.deepEqual(tab.complaints, []);
  });
}
