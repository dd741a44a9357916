/** The view that stays open: strip, numbers, rhythm of the last minutes, alerts. */
import type { AlertList } from '../alerts/alert-list.ts';
import { h } from '../dom.ts';
import type { SettingsStore } from '../settings.ts';
import type { View } from '../shell.ts';
import type { LiveSignal } from '../signal/live-signal.ts';
import { LiveStrip } from './live-strip.ts';
import { Numbers } from './numbers.ts';
import { Tachogram } from './tachogram.ts';
import { Toolbar } from './toolbar.ts';

const TACHOGRAM_INTERVAL_MS = 1000;

export class LiveView implements View {
  readonly name = 'live';
  readonly title = 'Live';
  readonly element: HTMLElement;
  readonly strip: LiveStrip;
  readonly numbers = new Numbers();
  readonly #tachogram: Tachogram;
  readonly #toolbar: Toolbar;
  readonly #settings: SettingsStore;

  constructor(signal: LiveSignal, settings: SettingsStore, alerts: AlertList) {
    this.#settings = settings;
    this.strip = new LiveStrip(signal, settings.current);
    this.#tachogram = new Tachogram(signal);
    this.#toolbar = new Toolbar(settings, {
      freeze: () => this.freeze(!this.strip.frozen),
      calipers: () => this.freeze(true),
    });
    this.element = h(
      'div.live-view',
      {},
      h(
        'section.strip-column',
        { 'aria-label': 'ECG' },
        this.strip.element,
        this.#toolbar.element,
        this.#tachogram.element,
      ),
      h('aside', { 'aria-label': 'Numbers and alerts' }, this.numbers.element, alerts.element),
    );
  }

  start(): void {
    this.#settings.watch((settings) => this.strip.setSettings(settings));
    this.strip.start();
    window.setInterval(() => {
      if (this.strip.colours && this.element.isConnected) this.#tachogram.draw(this.strip.colours);
    }, TACHOGRAM_INTERVAL_MS);
  }

  freeze(frozen: boolean): void {
    this.strip.freeze(frozen);
    this.#toolbar.show({ frozen, calipers: false });
  }
}
