/** One bed, opened: its tile large, the history of its alerts with their strips, the trend, and the ways to more. */
import type { AlertEvent, StripEvent } from '@rhythmd/protocol/events.ts';
import { AlertList } from '../../alerts/alert-list.ts';
import { kindWords } from '../../alerts/alert-words.ts';
import { button, h, setText } from '../../dom.ts';
import type { Bed } from '../beds/bed.ts';
import { readMessage } from '../beds/read-message.ts';
import { Tile, type TileActions } from '../tiles/tile.ts';
import { StripFigure } from './strip-figure.ts';
import { TrendPlot } from './trend-plot.ts';

export interface BedViewActions extends TileActions {
  /** The latest ten seconds. @returns what the device answers */
  strip(bed: Bed): Promise<unknown>;
}

const HOURS = [2, 8, 24];
const TREND_EVERY_MS = 5000;

export class BedView {
  readonly element: HTMLElement;
  readonly bed: Bed;
  readonly tile: Tile;
  readonly #trend: TrendPlot;
  readonly #figure = new StripFigure();
  readonly #facts = h('p.bed-facts');
  #trendDrawnMs = Number.NEGATIVE_INFINITY;

  /** @param history a page of the time series; null: none is configured */
  constructor(bed: Bed, actions: BedViewActions, history: string | null) {
    this.bed = bed;
    this.tile = new Tile(bed, { ...actions, open: () => {} });
    this.#trend = new TrendPlot(bed.trend);
    const href = `#bed/${encodeURIComponent(bed.place.base)}`;
    const list = new AlertList(
      bed.book,
      (alert) => this.#showAlert(alert),
      () => href,
    );
    const hours = h('select', { 'aria-label': 'Hours of the trend' });
    for (const count of HOURS) hours.append(h('option', { value: count }, `${count} hours`));
    hours.addEventListener('change', () => {
      this.#trend.hours = Number(hours.value);
      this.#trendDrawnMs = Number.NEGATIVE_INFINITY;
    });
    const strip = button('Strip of now', () => {
      actions.strip(bed).then(
        (data) => this.#showStrip(data),
        (error: Error) => this.tile.complain(error.message, performance.now()),
      );
    });
    this.element = h(
      'div.bed-view',
      {},
      h(
        'section',
        { 'aria-label': bed.place.label },
        this.tile.element,
        this.#figure.element,
        this.#trend.element,
        h(
          'div.bed-ways',
          {},
          hours,
          strip,
          wayTo(bed.place.page, "The device's own page"),
          wayTo(history, 'History in the time series'),
        ),
        this.#facts,
      ),
      h('aside', {}, list.element),
    );
  }

  update(steadyMs: number): void {
    this.tile.update(steadyMs);
    const { info, unreadable, place } = this.bed;
    const facts = [
      place.base,
      info === null ? 'nothing known of the device' : `rhythmd ${info.version}, ${info.description}`,
      unreadable > 0 ? `${unreadable} messages could not be read` : '',
    ];
    setText(this.#facts, facts.filter((text) => text !== '').join(' · '));
    if (steadyMs - this.#trendDrawnMs < TREND_EVERY_MS || !this.element.isConnected) return;
    this.#trendDrawnMs = steadyMs;
    this.#trend.draw(Date.now());
  }

  frame(nowMs: number): void {
    this.tile.frame(nowMs);
  }

  #showAlert(alert: AlertEvent): void {
    const strip = this.bed.book.stripOf(alert.id);
    if (strip !== null) this.#figure.show(strip, kindWords(alert.kind));
    else this.tile.complain('No strip of that alert has come while this page listened', performance.now());
  }

  /** An answer is believed no more than any message. */
  #showStrip(data: unknown): void {
    const payload = new TextEncoder().encode(JSON.stringify(data ?? null));
    const strip: StripEvent | null = readMessage('strip', payload, Date.now());
    if (strip === null) this.tile.complain('The device sent no strip that can be read', performance.now());
    else this.#figure.show(strip, 'Asked for');
  }
}

function wayTo(href: string | null, words: string): HTMLElement | null {
  return href === null ? null : h('a', { href, target: '_blank', rel: 'noreferrer noopener' }, words);
}
