/** Debian's Chromium without a GPU, as the tests and the screenshots use it. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { PATIENCE } from './patience.ts';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** A click, a wait for an element; on a quiet machine. */
const ACTION_WITHIN_MS = 10_000;

/** @param more arguments of Chromium's */
export function launchBrowser(...more: readonly string[]): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? EXECUTABLES.find((path) => existsSync(path));
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    timeout: ACTION_WITHIN_MS * PATIENCE,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

export interface OpenPage {
  readonly page: Page;
  /** What the page complained about; a test that passes leaves it empty. */
  readonly complaints: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: {
    width?: number;
    height?: number;
    colorScheme?: 'light' | 'dark';
    scale?: number;
    touch?: boolean;
    /** Runs before the page's own. */
    initScript?: string;
  } = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? 'light',
    deviceScaleFactor: options.scale ?? 1,
    hasTouch: options.touch ?? false,
  });
  context.setDefaultTimeout(ACTION_WITHIN_MS * PATIENCE);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Of our own looking, where a slow machine makes a test read the paper's pixels again and again: the page reads none.
    if (message.text().includes('willReadFrequently')) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  if (options.initScript !== undefined) await page.addInitScript(options.initScript);
  await page.goto(url);
  return { page, complaints };
}
