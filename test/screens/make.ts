/**
 * `npm run screens`: the pictures in docs/screens. Live, device and bench are the real daemon on record 233, where it has
 * both kinds of ectopic beats; alerts, gaps and review are staged with record 208, so that each state is there when the picture is taken.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wardPage } from '@rhythmd/daemon/ward/ward-page.ts';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from '../support/browser.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { gatewayOf } from '../support/gateway.ts';
import { freePort, Mosquitto } from '../support/mosquitto.ts';
import { repositoryRoot } from '../support/needs.ts';
import { playRecord } from '../support/play-record.ts';
import { alertEvent, EPOCH_MS, healthEvent, leadEvent, Stage, timeOf } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { isServed, WardBed } from '../support/ward-beds.ts';
import { writeRecordings } from './recordings.ts';

const folder = join(repositoryRoot, 'docs/screens');
const DESKTOP = { width: 1280, height: 800 };
const WALL = { width: 2560, height: 1440 };
const PHONE = { width: 390, height: 844, touch: true };
const RATE_HZ = 360;
/** A full sweep, and beats enough for the numbers; what the picture shows begins 65 s after the seek. */
const SETTLED_MS = 76_000;
const SHOWN_FROM_S = 1086;

/** With few colours: paper, ink and text need no more, and the repository stays small. */
async function take(page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  // On a busy machine a page may just have lost its stream.
  const connected = `!/^Connect(ion lost|ing)/.test(document.querySelector('.connection')?.textContent ?? '')`;
  await until(() => page.evaluate(connected) as Promise<boolean>, `${name}: a connection`, 60_000);
  await page.screenshot({ path });
  try {
    execFileSync('convert', [path, '-strip', '-colors', '96', '-define', 'png:compression-level=9', path]);
  } catch {
    console.error('imagemagick is not there: the pictures are larger than they need to be');
  }
  console.log(`docs/screens/${name}.png`);
}

async function realDaemon(browser: Browser): Promise<void> {
  const daemon = await DaemonProcess.start({
    RHYTHMD_SOURCE_URL: 'sim:233?speed=1',
    RHYTHMD_DEVICE_LABEL: 'Bed 7',
  });
  try {
    const url = await daemon.pageUrl();
    const light = (await openPage(browser, url, DESKTOP)).page;
    const dark = (await openPage(browser, url, { ...DESKTOP, colorScheme: 'dark' })).page;
    const phone = (await openPage(browser, url, PHONE)).page;
    const from = `rhythmd.stream.request('bench.seek', { seconds: ${SHOWN_FROM_S - 65} })`;
    await until(
      () =>
        light.evaluate(from).then(
          () => true,
          () => false,
        ),
      'the seek',
      60_000,
    );
    await light.waitForTimeout(SETTLED_MS);
    await take(light, 'live');
    await take(dark, 'live-dark');
    await take(phone, 'phone');
    await light.getByRole('button', { name: /^Limits/ }).click();
    await light.getByLabel('Tachycardia above').fill('140');
    await light.getByLabel('Your name').last().fill('K. Lind');
    await light.getByRole('button', { name: 'Set limits' }).click();
    await light.getByRole('button', { name: /, set$/ }).click();
    await take(light, 'limits');
    await light.keyboard.press('Escape');
    // The dialog gives the focus back to its button, which a space would press.
    await light.locator('.strip').first().focus();
    await light.keyboard.press('c');
    await light.waitForTimeout(300);
    await take(light, 'calipers');
    await light.keyboard.press(' ');
    await light.keyboard.press('3');
    await light.waitForTimeout(500);
    await light.getByRole('button', { name: 'Examine now' }).click();
    await light.waitForTimeout(4000);
    await take(light, 'device');
    await light.keyboard.press('4');
    await light.waitForTimeout(3000);
    await take(light, 'bench');
  } finally {
    await daemon.stop();
  }
}

async function staged(browser: Browser): Promise<void> {
  const recordings = mkdtempSync(join(tmpdir(), 'screens-'));
  const night = writeRecordings(recordings, Date.UTC(2026, 0, 15, 2), [
    '100',
    '106',
    '119',
    '208',
    '233',
    '203',
    '201',
  ]);
  const stage = new Stage({
    leads: ['MLII', 'V1'],
    description: 'record 208 (MLII, V1)',
    requests: gatewayOf(() => ({})),
    routes: reviewRoutes(recordings),
  });
  stage.sink.recent.deviceLabel = 'Bed 7';
  const url = await stage.start();
  stage.sink.health(healthEvent());
  const playing = playRecord(stage, '208', { speed: 3 });
  try {
    const { page } = await openPage(browser, url, DESKTOP);
    await page.waitForTimeout(9000);
    await showAlert(stage, page, playing.position());
    await showGap(stage, page, playing);
    const start = night.find(({ record }) => record === '208')!.startMs + 640_000;
    await page.goto(`${url}#review?t=${start}`);
    await page.waitForTimeout(3000);
    await take(page, 'review');
    await page.getByRole('button', { name: '1 hour' }).click();
    await page.waitForTimeout(2500);
    await page.mouse.wheel(0, 400);
    await page.locator('.disclosure').scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
    await take(page, 'full-disclosure');
    await page.goto(`${url}sign-in#wrong`);
    await take(page, 'sign-in');
  } finally {
    playing.stop();
    await stage.stop();
    rmSync(recordings, { recursive: true });
  }
}

async function showAlert(stage: Stage, page: Page, position: number): Promise<void> {
  const start = {
    t_ms: timeOf(position),
    start_t_ms: timeOf(position - 3 * RATE_HZ),
    start_sample: position - 3 * RATE_HZ,
  };
  const vt = alertEvent({
    id: 'vt',
    kind: 'ventricular_tachycardia',
    priority: 'high',
    text: 'ventricular tachycardia: 7 beats at 164 bpm',
    ...start,
  });
  stage.sink.alert(
    alertEvent({
      id: 'couplet',
      kind: 'couplet',
      priority: 'low',
      phase: 'end',
      ...start,
      start_t_ms: EPOCH_MS,
    }),
  );
  stage.sink.alert(vt);
  await page.waitForTimeout(600);
  await take(page, 'alert');
  const wall = (await openPage(page.context().browser()!, page.url(), WALL)).page;
  await wall.waitForTimeout(9000);
  await take(wall, 'wall');
  await wall.close();
  stage.sink.alert({ ...vt, phase: 'end' });
}

async function showGap(
  stage: Stage,
  page: Page,
  playing: { position(): number; stop(): void },
): Promise<void> {
  playing.stop();
  const end = playing.position();
  const flat = (count: number) => [new Float32Array(count), new Float32Array(count)];
  stage.wave(end + 400, flat(1400), 400);
  stage.sink.quality({ lead: 0, sample: end + 900, quality: 'off' });
  stage.sink.quality({ lead: 1, sample: end + 900, quality: 'off' });
  stage.sink.lead(leadEvent({ connected: false, quality: 'off', reason: 'An electrode has no contact' }));
  await page.waitForTimeout(6000);
  await take(page, 'gap-and-lead-off');
}

interface Look {
  readonly width: number;
  readonly height: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly touch?: boolean;
  /** Where the page begins. */
  readonly view?: string;
}

/** Sixteen beds on records, one of each state that a ward knows. */
async function ward(browser: Browser): Promise<void> {
  const port = await freePort();
  const mosquitto = new Mosquitto({ configuration: [`listener ${port} 127.0.0.1`, 'protocol websockets'] });
  await mosquitto.start();
  const records = [
    '100',
    '101',
    '103',
    '105',
    '106',
    '108',
    '109',
    '111',
    '112',
    '113',
    '115',
    '119',
    '200',
    '208',
    '222',
    '233',
  ];
  const rates = [74, 66, 70, 83, 67, 61, 85, 71, 85, 60, 65, 66, 87, 98, 82, 104];
  const beds = records.map((record, i) => {
    const lead = readRecord(record).leads[0]!.slice(0, 300 * RATE_HZ);
    return new WardBed(mosquitto.url, `bed-${i + 1}`, rates[i]!, { lead });
  });
  for (const bed of beds) await bed.start();
  const places = beds.map(({ device }, i) => ({
    base: `ecg/${device}`,
    device,
    label: `Bed ${i + 1}`,
    page: null,
  }));
  const page = wardPage({
    web: { host: '127.0.0.1', port: 0, token: '' },
    brokers: [`ws://127.0.0.1:${port}`],
    beds: { title: 'Ward 3', history: null, beds: places },
    bedsTopic: null,
    onError: console.error,
  });
  const { url } = await page.start();
  await until(() => isServed(url), 'the ward page');
  beds[13]!.alert({
    id: 'vt',
    kind: 'ventricular_tachycardia',
    priority: 'high',
    text: 'ventricular tachycardia: 7 beats at 164 bpm',
  });
  beds[15]!.alert({
    id: 'run',
    kind: 'ventricular_run',
    priority: 'medium',
    text: 'ventricular run: 4 beats at 131 bpm',
  });
  beds[4]!.alert({ id: 'bi', kind: 'bigeminy', priority: 'low', text: 'ventricular bigeminy' });
  beds[8]!.alert({
    id: 'af',
    kind: 'atrial_fibrillation',
    priority: 'medium',
    text: 'suspected atrial fibrillation',
    acknowledged: true,
  });
  beds[6]!.fallSilent();
  const SCREEN = { width: 1920, height: 1080 };
  // One page at a time: three of sixteen traces each starve one another without a GPU, and beds that are well are not heard.
  const looks = {
    ward: { ...SCREEN },
    'ward-dark': { ...SCREEN, colorScheme: 'dark' as const },
    'ward-phone': PHONE,
    'ward-bed': { ...SCREEN, view: '#bed/ecg%2Fbed-14' },
    'ward-fleet': { ...SCREEN, view: '#fleet' },
  };
  for (const [name, { view = '', ...options }] of Object.entries<Look>(looks)) {
    const { page: shown } = await openPage(browser, `${url}${view}`, options);
    await shown.waitForTimeout(12_000);
    await take(shown, name);
    await shown.context().close();
  }
  await Promise.all(beds.map((bed) => bed.stop()));
  await page.stop();
  await mosquitto.remove();
}

mkdirSync(folder, { recursive: true });
const browser = await launchBrowser();
// One group alone: `npm run screens -- ward`.
const groups = { staged, daemon: realDaemon, ward };
const asked = process.argv.slice(2);
for (const [name, make] of Object.entries(groups)) {
  if (asked.length === 0 || asked.includes(name)) await make(browser);
}
await browser.close();
process.exit(0);
