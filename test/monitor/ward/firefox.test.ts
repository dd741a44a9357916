/** The ward page in Firefox by its own engine, on a real mosquitto: tiles and traces, an alarm, who is asked, fleet, a bed, both themes, axe-core. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriousFindings } from '../../support/axe.ts';
import { needsProgram } from '../../support/needs.ts';
import { found, openFirefox, Person } from '../../support/tab.ts';
import { until } from '../../support/until.ts';
import { serveWard, startBeds, startBroker, tile, wardOf } from '../../support/ward-browser.ts';

const needs = needsProgram('firefox-esr', 'mosquitto');
const BEDS = 4;
const INKED = `[...document.querySelectorAll('.tile canvas.trace')].filter((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 100) ink++;
  return ink > 300;
}).length === ${BEDS}`;

for (const colorScheme of ['light', 'dark'] as const) {
  test(`four beds, an alarm, fleet and one bed: ${colorScheme}`, needs, async (t) => {
    const { mosquitto, ws } = await startBroker(t);
    const beds = await startBeds(t, mosquitto.url, BEDS);
    const url = await serveWard(t, [ws], wardOf(BEDS));
    const firefox = await openFirefox(url, { width: 1920, height: 1080, colorScheme });
    t.after(() => firefox.close());
    const person = new Person(firefox);
    for (const [i, { device }] of beds.entries())
      await person.reads(`${tile(device)} .tile-rate`, new RegExp(`^${60 + 3 * i}$`));
    await person.sees(INKED);
    beds[2]!.alert({
      id: 'vt',
      kind: 'ventricular_tachycardia',
      priority: 'high',
      text: 'ventricular tachycardia: 7 beats at 164 bpm',
    });
    await person.reads('.alert-bar', /Bed 3.*Ventricular tachycardia: 7 beats/);
    await person.sees(`${found(tile('b3'))}.style.order === '0'`);
    const findings = [...(await seriousFindings(firefox))];
    // Who acknowledges says who they are, once.
    await firefox.click(`${tile('b3')} .tile-actions button`);
    await person.sees(`${found('dialog')}.open`);
    findings.push(...(await seriousFindings(firefox, 'dialog[open]')));
    await person.fills('dialog input', 'K. Lind');
    await firefox.press('Enter');
    await person.sees('document.querySelector("dialog[open]") === null');
    await firefox.click(`${tile('b3')} .tile-actions button`);
    await until(() => beds[2]!.asked.length > 0, 'the request');
    assert.deepEqual(beds[2]!.asked, [{ verb: 'acknowledge', by: 'K. Lind' }]);
    await person.reads(`${tile('b3')} .tile-alarm`, /\(seen\)/);
    beds[3]!.fallSilent();
    await person.reads(`${tile('b4')} .tile-alarm`, /Not heard for/);
    await person.reads(`${tile('b4')} .tile-rate`, /^–$/);
    await firefox.click('nav a[href="#fleet"]');
    await person.reads('tr[data-base="ecg/b3"]', /0\.1\.0/);
    findings.push(...(await seriousFindings(firefox)));
    await firefox.goto(`${url}#bed/ecg%2Fb3`);
    await person.reads('.bed-view', /Ventricular tachycardia/);
    findings.push(...(await seriousFindings(firefox)));
    await firefox.goto(`${url}#`);
    await firefox.resize(375, 740);
    await person.sees('document.documentElement.scrollWidth <= innerWidth');
    findings.push(...(await seriousFindings(firefox)));
    assert.deepEqual(findings, []);
    assert.deepEqual(
      firefox.complaints.filter((text) => !text.includes('willReadFrequently')),
      [],
    );
  });
}
