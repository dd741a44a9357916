/** A shift in Firefox by its own engine: header, alarms and their sound, limits that are off, leads, words, bench, device, teaching, review, paper. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Bedside, RECORDED_MS } from '../../support/bedside.ts';
import { fakeAnswers } from '../../support/fake-answers.ts';
import type { Firefox } from '../../support/firefox.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { needsProgram } from '../../support/needs.ts';
import { alertEvent, healthEvent, infoEvent, latchedFlutter, Stage, timeOf } from '../../support/stage.ts';
import { found, openFirefox, Person } from '../../support/tab.ts';
import { until } from '../../support/until.ts';

const needs = needsProgram('firefox-esr', 'pdftotext');
const LEADS = ['I', 'II', 'V1'];
const at = timeOf(8 * 360);
/** As if this computer had one: what Firefox lets play after a person's own click runs, and nothing else does. */
const LOUDSPEAKER = `void Object.defineProperty(AudioContext.prototype, 'state', {
  get: () => (navigator.userActivation.hasBeenActive ? 'running' : 'suspended'),
})`;
const asked: { verb: string; body: unknown }[] = [];
/** Set by a test: what the bench answers with. */
let bench: (verb: string) => unknown = fakeAnswers;

const bedside = new Bedside(needs, {
  recordedS: 240,
  stage: () => ({
    leads: LEADS,
    requests: gatewayOf((verb, body) => {
      asked.push({ verb, body });
      return verb.startsWith('bench') ? bench(verb) : fakeAnswers(verb);
    }),
  }),
  say: (stage) => {
    stage.sink.recent.deviceLabel = 'Bed 7';
    stage.sink.info({
      ...infoEvent({ leads: LEADS }),
      alerts_disabled: ['couplet'],
      patient: { label: 'amber', since_ms: 0, paced: 'auto', taught: null },
    });
    const flat = new Float32Array(3600);
    stage.wave(0, [flat, flat, flat]);
  },
});
let firefox: Firefox;
let person: Person;

before(async () => {
  if (needs.skip) return;
  await bedside.begun;
  firefox = await openFirefox(bedside.url);
  person = new Person(firefox);
});
after(() => firefox?.close());

test(
  'the header: whose bed, the clock with its zone, whether it is recorded, what is off',
  needs,
  async () => {
    await person.reads('.bed', /^Bed 7 · amber$/);
    await person.reads('.clock', /^\d\d:\d\d:\d\d \S+/);
    await person.reads('.recording', /^Recording$/);
    bedside.stage.sink.health(healthEvent({ recorder: { state: 'disk full', bytes_per_day: null } }));
    await person.reads('.recording', /^Not recording: disk full$/);
    await person.reads('.alert-bar', /Alarms off: Ventricular couplet/);
  },
);

test('before the daemon has spoken silence is not called good news', needs, async (t) => {
  const starting = new Stage({ isStarting: true });
  t.after(() => starting.stop());
  await firefox.goto(await starting.start());
  await person.reads('.alert-bar', /The daemon is starting: alerts are not known yet/);
  starting.sink.info(infoEvent({}));
  await person.reads('.alert-bar', /No active alerts/);
  await firefox.goto(bedside.url);
});

test(
  'a high alarm that is over stays until it is acknowledged; the worst first; the focus stays',
  needs,
  async () => {
    const flutter = latchedFlutter(at);
    bedside.stage.sink.alert(flutter);
    for (const [i, id] of ['couplet', 'pair'].entries()) {
      const t_ms = at + 60_000 * (i + 1);
      bedside.stage.sink.alert(
        alertEvent({ id, priority: 'low', start_t_ms: t_ms, t_ms, text: `text of ${id}` }),
      );
    }
    await person.reads('.alert-bar strong', /^Ventricular flutter, 23 s$/);
    await person.reads('.alert-bar', /over, not acknowledged/);
    await person.presses('and 2 more');
    await person.sees(`document.activeElement === ${found('.alert-list')}`);
    const shown = `[...document.querySelectorAll('.alert-list li')].map((li) => li.dataset.alert).join(' ')`;
    await person.sees(`${shown} === 'flutter pair couplet'`);
    await person.fills('select[aria-label="Priorities shown"]', 'High');
    await person.sees(`${shown} === 'flutter'`);
    await firefox.evaluate(`${found('.alert-actions button')}.focus()`);
    bedside.stage.sink.alert({ ...flutter, text: 'ventricular flutter, another text' });
    await person.reads('.alert-bar strong', /another text/);
    assert.equal(await firefox.evaluate('document.activeElement.textContent'), 'Acknowledge');
    asked.length = 0;
    await firefox.press('Enter');
    await until(() => asked.length > 0, 'the request');
    assert.deepEqual(asked, [{ verb: 'acknowledge', body: { id: 'flutter' } }]);
    for (const id of ['flutter', 'couplet', 'pair'])
      bedside.stage.sink.alert(alertEvent({ id, priority: 'low', phase: 'end' }));
    await person.reads('.alert-bar', /No active alerts/);
  },
);

test(
  'sound: off, on, a tone to try, silenced with the time left, and a click is asked for after a reload',
  needs,
  async () => {
    // Where there is no loudspeaker a page that may play is told so, and does not ask for another click.
    await person.reads('.sound', /^Sound off$/);
    await firefox.click('.sound');
    await person.reads('.sound', /^Sound (on|fails: no speaker\?)$/);
    await firefox.evaluate(LOUDSPEAKER);
    await person.reads('.sound', /^Sound on$/);
    await person.presses('Screen');
    await person.fills('input[aria-label="Volume of alerts"]', '0.25');
    await firefox.evaluate(`void (() => {
    window.pulses = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) { window.pulses++; return start.call(this, at); };
  })()`);
    await person.presses('Test sound');
    // High: ten pulses of three harmonics.
    await person.sees('window.pulses === 30');
    await firefox.press('Escape');
    const standing = alertEvent({ id: 'quiet', silenced: true, silenced_until_ms: Date.now() + 90_000 });
    bedside.stage.sink.alert(standing);
    await person.reads('.sound', /^Silenced 1:[0-3]\d$/);
    bedside.stage.sink.alert({ ...standing, phase: 'end' });
    // In a tab of its own, as a browser that was opened again: nobody has clicked there.
    await firefox.newTab();
    await firefox.goto(bedside.url);
    await firefox.evaluate(LOUDSPEAKER);
    await person.reads('.sound', /^Sound blocked: click$/);
    assert.equal(await firefox.evaluate('rhythmd.settings.current.volume'), 0.25);
    await firefox.click('.sound');
    await person.reads('.sound', /^Sound on$/);
    await firefox.click('.sound');
    await person.reads('.sound', /^Sound off$/);
  },
);

test('leads are hidden and ordered, each with its gain', needs, async () => {
  await person.presses('Leads');
  const dialog = 'dialog[aria-label="Leads"]';
  await person.sees(`${found(dialog)}.open`);
  const shown = `rhythmd.live.strip.layout.bands.map(({ lead, gainMmPerMv }) => [lead, gainMmPerMv]).join(' ')`;
  await firefox.evaluate(
    `[...${found(dialog)}.querySelectorAll('label')].find(({ textContent }) => textContent.trim() === 'II').querySelector('input').click()`,
  );
  await person.sees(`${shown} === '0,10 2,10'`);
  await person.presses('Move V1 up', dialog);
  await person.presses('Move V1 up', dialog);
  await person.sees(`${shown} === '2,10 0,10'`);
  await person.fills(`${dialog} [aria-label="Gain of V1"]`, '20');
  await person.sees(`${shown} === '2,20 0,10'`);
  await person.presses('As the board has them', dialog);
  await person.sees(`${shown} === '0,10 1,10 2,10'`);
  await firefox.press('Escape');
});

test('a word means one thing in every view, and help is found by its key', needs, async () => {
  await person.reads('body', /Ventricular \(V, F\)/);
  await person.reads('body', /Supraventricular \(S\)/);
  for (const view of ['live', 'review', 'device', 'bench']) {
    await firefox.goto(`${bedside.url}#${view}`);
    await person.sees(`document.querySelector('main').className === '${view}'`);
    const words = (await firefox.evaluate('document.body.textContent')) as string;
    assert.doesNotMatch(
      words,
      /None since this page opened|Stopped\.|\bWalk\b|As the browser says|electrode/i,
      view,
    );
  }
  await firefox.goto(`${bedside.url}#live`);
  await firefox.press('?');
  await person.reads('dialog[open]', /march the calipers along the strip/);
  await firefox.press('Escape');
  await person.sees('document.querySelector("dialog[open]") === null');
});

test(
  'the bench says at once what is asked, beside the reference; and a sentence where nothing is to be played',
  needs,
  async () => {
    let answer: () => void = () => {};
    bench = (verb) =>
      verb === 'bench.seek'
        ? new Promise((resolve) => {
            answer = () => resolve(fakeAnswers(verb));
          })
        : fakeAnswers(verb);
    await firefox.goto(`${bedside.url}#bench`);
    await person.finds('.faults button');
    await person.finds('.bench-view .strip canvas.trace');
    const beside = `(() => {
    const [trace, table] = ['.bench-view .strip', '.reference'].map((part) => document.querySelector(part).getBoundingClientRect());
    return trace.width > 300 && table.left >= trace.right - 1 && table.top < trace.bottom;
  })()`;
    await person.sees(beside);
    await person.fills('[name="position"]', '600');
    assert.equal(await firefox.evaluate(`${found('.bench-said')}.textContent`), 'Asked for 10:00 …');
    answer();
    await person.reads('.bench-said', /^Playing: 10:00$/);
    bench = () => ({ ...(fakeAnswers('bench') as object), records: [], record: null });
    await firefox.goto(`${bedside.url}#live`);
    await person.finds('.live-view .strip');
    await firefox.goto(`${bedside.url}#bench`);
    await person.reads('.bench-view', /No record is there to be played\. .*records -- fetch/);
    bench = fakeAnswers;
  },
);

test('the device is examined, with the fix; a patient is taught beat by beat', needs, async () => {
  await firefox.goto(`${bedside.url}#device`);
  await person.presses('Examine now');
  await person.reads('.findings', /the clock is not set\. Start NTP\./);
  await firefox.goto(`${bedside.url}#live`);
  await firefox.evaluate(`${found('.patient button')}.click()`);
  await person.finds('dialog.teach .question');
  asked.length = 0;
  await person.presses('Normal', 'dialog.teach');
  await person.presses('Teach', 'dialog.teach');
  await until(() => asked.some(({ verb }) => verb === 'teach'), 'the request');
  await firefox.press('Escape');
});

test(
  'review: the trend by the hour and the day, the strip, beats that look alike, and what is printed',
  needs,
  async () => {
    await firefox.goto(`${bedside.url}#review?t=${RECORDED_MS + 60_000}`);
    await person.finds('.template-card');
    await person.reads('.class-counts', /Ventricular/);
    for (const zoom of ['1 h', '6 h', '24 h', 'All']) {
      await person.presses(zoom, '.zooms');
      await person.sees(`${found('.zooms [aria-pressed="true"]')}.textContent === '${zoom}'`);
    }
    await person.presses('1 hour');
    await person.reads('.review-columns', /Full disclosure, .*/);
    await person.reads('.review-time', /15.*22:0\d:\d\d/);
    const paper = join(bedside.folder, 'page.pdf');
    writeFileSync(paper, await firefox.print());
    const words = execFileSync('pdftotext', ['-layout', paper, '-'], { encoding: 'utf8' });
    // What is bold is drawn, not written.
    assert.match(words, /Alarms off: Ventricular couplet/);
    assert.match(words, /of 3 groups of beats looked at/);
    assert.deepEqual(
      firefox.complaints.filter((text) => !/404|willReadFrequently/.test(text)),
      [],
    );
  },
);
