/** The ward page in a real browser with a real mosquitto: brokers, beds and what is looked at, each gone when the test ends. */
import { after, before, type TestContext } from 'node:test';
import { wardPage } from '@rhythmd/daemon/ward/ward-page.ts';
import type { Ward } from '@rhythmd/protocol/ward.ts';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from './browser.ts';
import { freePort, Mosquitto } from './mosquitto.ts';
import { until } from './until.ts';
import { isServed, WardBed } from './ward-beds.ts';

const WALL = {
  width: 1920,
  height: 1080,
  initScript: 'localStorage.setItem(\'rhythmd-ward\', \'{"name":"K. Lind"}\')',
};

export interface WardBroker {
  readonly mosquitto: Mosquitto;
  readonly ws: string;
}

export interface WardBrokerOptions {
  readonly lines?: readonly string[];
  readonly scheme?: 'ws' | 'wss';
  /** Whether it lets in who has no name. */
  readonly anonymous?: boolean;
}

export async function startBroker(
  t: TestContext,
  { lines = [], scheme = 'ws', anonymous = true }: WardBrokerOptions = {},
): Promise<WardBroker> {
  const port = await freePort();
  const configuration = [`listener ${port} 127.0.0.1`, 'protocol websockets', ...lines];
  const mosquitto = new Mosquitto({ configuration, anonymous });
  t.after(() => mosquitto.remove());
  await mosquitto.start();
  return { mosquitto, ws: `${scheme}://127.0.0.1:${port}` };
}

export function wardOf(count: number, labels: Readonly<Record<number, string>> = {}): Ward {
  const beds = Array.from({ length: count }, (_, i) => ({
    base: `ecg/b${i + 1}`,
    device: `b${i + 1}`,
    label: labels[i] ?? `Bed ${i + 1}`,
    page: null,
  }));
  return { title: 'Ward 3', history: null, beds };
}

export async function startBeds(t: TestContext, url: string, count: number, user = {}): Promise<WardBed[]> {
  const beds = Array.from({ length: count }, (_, i) => new WardBed(url, `b${i + 1}`, 60 + 3 * i, user));
  t.after(() => Promise.all(beds.map((bed) => bed.stop())));
  await Promise.all(beds.map((bed, i) => bed.start(i === 2 ? '0.1.0' : '0.2.0')));
  return beds;
}

/** One browser for the tests of a file. @returns opens the page for a ward */
export function wardBrowser(isSkipped: boolean) {
  let browser: Browser;
  before(async () => {
    if (!isSkipped) browser = await launchBrowser();
  });
  after(async () => {
    if (!isSkipped) await browser.close();
  });
  return async (t: TestContext, brokers: readonly string[], ward: Ward | null, options = {}) => {
    const url = await serveWard(t, brokers, ward);
    const opened = await openPage(browser, url, { ...WALL, ...options });
    t.after(() => opened.page.context().close());
    return { ...opened, url };
  };
}

/** @returns where the page of a ward is, for any browser */
export async function serveWard(
  t: TestContext,
  brokers: readonly string[],
  ward: Ward | null,
): Promise<string> {
  const server = wardPage({
    web: { host: '127.0.0.1', port: 0, token: '' },
    brokers,
    beds: ward,
    bedsTopic: null,
    onError: (text) => console.error(text),
  });
  const { url } = await server.start();
  t.after(() => server.stop());
  await until(() => isServed(url), 'the page is bundled');
  return url;
}

export const tile = (device: string) => `.tile[data-bed="ecg/${device}"]`;

export const textOf = (page: Page, selector: string) =>
  page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`) as Promise<string>;

export async function shows(page: Page, selector: string, pattern: RegExp, withinMs?: number): Promise<void> {
  let last = '';
  await until(
    async () => {
      last = await textOf(page, selector);
      return pattern.test(last);
    },
    () => `${selector} shows ${pattern}; it shows ${last}`,
    withinMs,
  );
}
