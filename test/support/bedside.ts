/**
 * What tests of the bedside page begin with: a folder of recordings, a stage that speaks each second, a browser. All of it is gone
 * at the end, also where the beginning broke half-way: what is left running keeps a test's process for ever.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import type { VitalsEvent } from '@rhythmd/protocol/events.ts';
import type { Browser } from 'playwright-core';
import { launchBrowser, type OpenPage, openPage } from './browser.ts';
import { fakeAnswers } from './fake-answers.ts';
import { gatewayOf } from './gateway.ts';
import { healthEvent, Stage, type StageOptions, vitalsEvent } from './stage.ts';
import { writeRecording } from './written-recording.ts';

/** When the recording begins that `recordedS` asks for. */
export const RECORDED_MS = Date.UTC(2026, 0, 15, 22, 0);

export interface BedsideOptions {
  /** May need the folder of recordings. */
  readonly stage?: (folder: string) => StageOptions;
  /** Seconds of a made-up recording; without, nothing was recorded. */
  readonly recordedS?: number;
  readonly vitals?: Partial<VitalsEvent>;
  /** Before the stage starts: in the folder of recordings. */
  readonly prepare?: (folder: string) => void;
  /** What is said once it has started. */
  readonly say?: (stage: Stage) => void;
}

export class Bedside {
  readonly #options: BedsideOptions;
  readonly #undo: (() => Promise<unknown> | unknown)[] = [];
  #folder = '';
  #stage: Stage | null = null;
  #browser: Promise<Browser> | null = null;
  /** What else comes before the tests of a file waits for it: Node starts such hooks all at once. */
  readonly begun: Promise<void>;

  /** Registers what comes before and after the tests of a file. */
  constructor(needs: { readonly skip?: string }, options: BedsideOptions = {}) {
    this.#options = options;
    this.begun = needs.skip === undefined ? this.#begin() : Promise.resolve();
    before(() => this.begun);
    after(() => this.#end());
  }

  get folder(): string {
    return this.#folder;
  }

  get stage(): Stage {
    return this.#stage!;
  }

  get url(): string {
    return this.stage.url;
  }

  /** A page of its own in Chromium, at a view such as `review?t=0`. */
  async open(view = '', options: Parameters<typeof openPage>[2] = {}): Promise<OpenPage> {
    await this.begun;
    this.#browser ??= launchBrowser();
    return openPage(await this.#browser, view === '' ? this.url : `${this.url}#${view}`, options);
  }

  /** Something else that ends with the tests. */
  ends(undo: () => Promise<unknown> | unknown): void {
    this.#undo.push(undo);
  }

  async #begin(): Promise<void> {
    const { recordedS, prepare, say, vitals, stage: optionsOf } = this.#options;
    this.#folder = mkdtempSync(join(tmpdir(), 'bedside-'));
    this.ends(() => rmSync(this.#folder, { recursive: true }));
    if (recordedS !== undefined) await writeRecording(this.#folder, RECORDED_MS, recordedS);
    prepare?.(this.#folder);
    const stage = new Stage({
      routes: reviewRoutes(this.#folder),
      requests: gatewayOf(fakeAnswers),
      ...optionsOf?.(this.#folder),
    });
    this.#stage = stage;
    this.ends(() => stage.stop());
    await stage.start();
    stage.sink.health(healthEvent());
    say?.(stage);
    // A page that hears nothing believes its connection dead.
    const said = vitalsEvent({ hr_bpm: 60, ...vitals });
    const heartbeat = setInterval(() => stage.sink.vitals(said), 1000);
    this.ends(() => clearInterval(heartbeat));
    this.ends(async () => (await this.#browser)?.close());
  }

  /** The latest first; one that fails keeps none of the others. */
  async #end(): Promise<void> {
    const failed: unknown[] = [];
    for (const undo of this.#undo.splice(0).reverse()) {
      try {
        await undo();
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length > 0) throw failed[0];
  }
}
