/** Alarms that are heard: turned on by a person, at a volume, as the browser lets them; and the patterns of IEC 60601-1-8. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from '../../support/browser.ts';
import { needsProgram } from '../../support/needs.ts';
import { alertEvent, Stage, vitalsEvent } from '../../support/stage.ts';
import { until } from '../../support/until.ts';

const needs = needsProgram('chromium');

/**
 * Every pulse that is played: its pitch and how loud it becomes. A pulse is a gain with three harmonics on it. And what the button says,
 * told without being asked: Playwright's own questions count as a person's gesture.
 */
const LISTEN = `
  window.pulses = [];
  let said = null;
  setInterval(() => {
    const words = document.querySelector('.sound')?.textContent ?? null;
    if (words !== said) console.info('sound: ' + (said = words));
  }, 50);
  const createGain = AudioContext.prototype.createGain;
  AudioContext.prototype.createGain = function () {
    const gain = createGain.call(this);
    const ramp = gain.gain.linearRampToValueAtTime.bind(gain.gain);
    let pulse = null;
    gain.gain.linearRampToValueAtTime = (value, at) => {
      if (pulse === null) {
        window.pulses.push((pulse = { volume: value, at, hz: [] }));
        console.info('pulse');
      }
      return ramp(value, at);
    };
    return gain;
  };
  const createOscillator = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    const oscillator = createOscillator.call(this);
    const start = oscillator.start.bind(oscillator);
    oscillator.start = (at) => {
      window.pulses.at(-1)?.hz.push(oscillator.frequency.value);
      return start(at);
    };
    return oscillator;
  };`;

interface Pulse {
  readonly volume: number;
  readonly at: number;
  readonly hz: readonly number[];
}

let browser: Browser;
let stage: Stage;
let page: Page;
let heartbeat: NodeJS.Timeout;

before(async () => {
  if (needs.skip) return;
  stage = new Stage();
  const url = await stage.start();
  heartbeat = setInterval(() => stage.sink.vitals(vitalsEvent({ hr_bpm: 60 })), 1000);
  // As browsers of people are: sound needs a click.
  browser = await launchBrowser('--autoplay-policy=document-user-activation-required');
  ({ page } = await openPage(browser, url, { initScript: LISTEN }));
});
after(async () => {
  if (needs.skip) return;
  clearInterval(heartbeat);
  await browser.close();
  await stage.stop();
});

const sound = () => page.locator('.sound');
const says = (words: string) =>
  until(
    async () => (await sound().textContent()) === words,
    () => `the button to say "${words}"`,
  );
const pulses = () => page.evaluate('window.pulses') as Promise<readonly Pulse[]>;
const forget = () => page.evaluate('window.pulses.length = 0');

test('a volume is set, a test tone is as loud, and it needs no sound turned on', needs, async () => {
  await says('Sound off');
  await page.getByRole('button', { name: 'Screen' }).click();
  const slider = page.getByRole('slider', { name: 'Volume of alerts' });
  await slider.focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  assert.equal(await slider.inputValue(), '0.25');
  await page.getByRole('button', { name: 'Test sound' }).click();
  const tone = await pulses();
  // High: two bursts of five.
  assert.equal(tone.length, 10);
  for (const { volume, hz } of tone) {
    assert.ok(Math.abs(volume - 0.1) < 1e-6, `${volume} loud`);
    assert.deepEqual(hz, [660, 1320, 1980]);
  }
  await page.keyboard.press('End');
  await slider.focus();
  await page.keyboard.press('End');
  await forget();
  await page.getByRole('button', { name: 'Test sound' }).click();
  assert.ok(Math.abs((await pulses())[0]!.volume - 0.4) < 1e-6);
  await page.keyboard.press('Escape');
  await says('Sound off');
});

test(
  'turned on it stays on for whoever opens the page again, where the browser asks for a click and the page says so',
  needs,
  async () => {
    await sound().click();
    await says('Sound on');
    const box = (await sound().boundingBox())!;
    const opened = await page.context().newPage();
    await page.close();
    page = opened;
    const told: string[] = [];
    let played = 0;
    page.on('console', (message) => {
      if (message.text() === 'pulse') played++;
      if (message.text().startsWith('sound: ')) told.push(message.text().slice(7));
    });
    const tells = (words: string) =>
      until(
        () => told.at(-1) === words,
        () => `the button to say "${words}"; it said ${told.join(', ')}`,
      );
    await page.addInitScript(LISTEN);
    await page.goto(stage.url);
    await tells('Sound blocked: click');
    // What cannot be heard must not look as if it was on.
    stage.sink.alert(alertEvent({ id: 'unheard', priority: 'high' }));
    await page.waitForTimeout(2500);
    assert.deepEqual(told, ['Sound off', 'Sound blocked: click'].slice(-told.length));
    assert.equal(played, 0, 'what waits for the click would sound all at once');
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await tells('Sound on');
    await until(() => played === 10, 'the alert to be heard');
    assert.equal(await page.evaluate('rhythmd.settings.current.volume'), 1, 'so does the volume');
    await says('Sound on');
    stage.sink.alert(alertEvent({ id: 'unheard', priority: 'high', phase: 'end' }));
    await sound().click();
    await says('Sound off');
    await page.reload();
    await says('Sound off');
  },
);

test('each priority has its pattern; acknowledged or silenced there is none', needs, async () => {
  await sound().click();
  await says('Sound on');
  for (const [priority, count, hz, lengthS] of [
    ['low', 2, 390, 0.4],
    ['medium', 3, 520, 0.7],
    ['high', 10, 660, 3.45],
  ] as const) {
    await forget();
    stage.sink.alert(alertEvent({ id: priority, priority }));
    await until(async () => (await pulses()).length > 0, `a ${priority} sound`);
    const heard = await pulses();
    assert.equal(heard.length, count, priority);
    assert.equal(heard[0]!.hz[0], hz, priority);
    assert.ok(
      Math.abs(heard.at(-1)!.at - heard[0]!.at - lengthS) < 0.01,
      `${priority}: ${heard.at(-1)!.at - heard[0]!.at} s`,
    );
    stage.sink.alert(alertEvent({ id: priority, priority, phase: 'end' }));
    await page.getByText('No active alerts').waitFor();
  }
  await forget();
  stage.sink.alert(alertEvent({ id: 'seen', priority: 'high', acknowledged: true }));
  stage.sink.alert(
    alertEvent({ id: 'still', priority: 'high', silenced: true, silenced_until_ms: Date.now() + 60_000 }),
  );
  await page.locator('.sound', { hasText: /^Silenced 0:\d\d$|^Silenced 1:00$/ }).waitFor();
  // The page looks twice a second.
  await page.waitForTimeout(1200);
  assert.deepEqual(await pulses(), []);
});
