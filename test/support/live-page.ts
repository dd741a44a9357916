/** The page in a browser beside a stage where every sample is known, for the tests of one file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from './browser.ts';
import { gatewayOf } from './gateway.ts';
import { type PlayingPulses, playPulses } from './pulses.ts';
import { Stage } from './stage.ts';
import { until } from './until.ts';

export class LivePage {
  /** What the page asked of the daemon. */
  readonly asked: { verb: string; body: Readonly<Record<string, unknown>> }[] = [];
  browser!: Browser;
  stage!: Stage;
  playing: PlayingPulses | null = null;
  /** Of recordings; there are none. */
  folder = '';
  url = '';

  /** Opens before the tests of a file and closes after them. @param isPossible whether there is a browser */
  static forTests(isPossible: boolean): LivePage {
    const live = new LivePage();
    before(async () => {
      if (isPossible) await live.#open();
    });
    afterEach(() => {
      live.playing?.stop();
      live.playing = null;
    });
    after(async () => {
      if (isPossible) await live.#close();
    });
    return live;
  }

  async #open(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'page-'));
    this.browser = await launchBrowser();
    await this.start();
  }

  async #close(): Promise<void> {
    await this.browser.close();
    await this.stage.stop();
    await rm(this.folder, { recursive: true });
  }

  /** A stage that nobody has played on, where the one before it was. */
  async start(): Promise<void> {
    const port = this.url === '' ? 0 : Number(new URL(this.url).port);
    this.stage = new Stage({
      web: { port },
      routes: reviewRoutes(this.folder),
      requests: gatewayOf((verb, body) => {
        this.asked.push({ verb, body: body as Record<string, unknown> });
        return {};
      }),
    });
    this.url = await this.stage.start();
  }

  /** A page of its own, unfiltered, with pulses on the paper. */
  async withPulses(): Promise<{ page: Page; complaints: string[] }> {
    await this.stage.stop();
    await this.start();
    this.playing = playPulses(this.stage);
    const opened = await openPage(this.browser, this.url);
    await opened.page.evaluate('rhythmd.settings.change({ band: "off" })');
    await holds(
      opened.page,
      'rhythmd.live.strip.frameTimes.quantile(0.5) !== null && rhythmd.signal.end > 4000',
    );
    return opened;
  }
}

/** Playwright's own waitForFunction polls with eval, which the page's policy forbids. */
export function holds(page: Page, expression: string): Promise<void> {
  return until(() => page.evaluate(expression) as Promise<boolean>, expression);
}

export async function freeze(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Freeze' }).click();
  await holds(page, 'rhythmd.live.strip.frozen && rhythmd.live.strip.view.to > 4000');
}
