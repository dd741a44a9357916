/** The trend and how much of it is shown: where to look, from an hour to all that was recorded. */
import type { AlertBook } from '../../alerts/alert-book.ts';
import { button, h, setAttributes } from '../../dom.ts';
import type { ReviewData } from './review-data.ts';
import { TrendPlot } from './trend-plot.ts';
import { type Extent, TREND_ZOOMS, type TrendZoom, trendStretch, zoomFor } from './trend-zoom.ts';

export interface TrendParts {
  readonly data: ReviewData;
  readonly book: AlertBook;
  readonly go: (timeMs: number) => void;
  /** Where the strip stands; null: nowhere yet. */
  readonly timeMs: () => number | null;
  readonly complain: (words: string) => void;
}

export class TrendPane {
  readonly plot: TrendPlot;
  readonly zooms: HTMLElement;
  readonly #parts: TrendParts;
  readonly #buttons: ReadonlyMap<TrendZoom, HTMLButtonElement>;
  /** null: as much as was recorded asks for. */
  #zoom: TrendZoom | null = null;
  #extent: Extent | null = null;
  #span: { readonly fromMs: number; readonly toMs: number } | null = null;

  constructor(parts: TrendParts) {
    this.#parts = parts;
    this.plot = new TrendPlot(parts.go);
    this.#buttons = new Map(
      TREND_ZOOMS.map((zoom) => [
        zoom,
        button(zoom.words, () => void this.#setZoom(zoom), { 'aria-pressed': 'false' }),
      ]),
    );
    this.zooms = h(
      'div.zooms',
      { role: 'group', 'aria-label': 'How much the trend shows' },
      ...this.#buttons.values(),
    );
  }

  start(): void {
    new ResizeObserver(() => this.plot.draw()).observe(this.plot.element);
  }

  /** What is shown; null: nothing. */
  get span(): { readonly fromMs: number; readonly toMs: number } | null {
    return this.#span;
  }

  /** @returns from the oldest to the newest there is; null: nothing is recorded */
  async extent(): Promise<Extent | null> {
    this.#extent = await this.#parts.data.extent();
    return this.#extent;
  }

  /** Follows the strip where it has left what is shown. */
  async follow(timeMs: number): Promise<void> {
    const span = this.#span;
    if (span !== null && (timeMs < span.fromMs || timeMs >= span.toMs)) await this.show(timeMs);
  }

  async show(timeMs: number): Promise<void> {
    const extent = this.#extent;
    if (extent === null) return;
    const zoom = this.#zoom ?? zoomFor(extent);
    for (const [other, control] of this.#buttons) {
      setAttributes(control, { 'aria-pressed': String(other === zoom) });
    }
    const { fromMs, toMs, stepS } = trendStretch(zoom, extent, timeMs);
    this.#span = { fromMs, toMs };
    this.plot.show(await this.#parts.data.trend(fromMs, toMs, stepS), this.#parts.book.all);
  }

  async #setZoom(zoom: TrendZoom): Promise<void> {
    this.#zoom = zoom;
    try {
      await this.show(this.#parts.timeMs() ?? this.#extent?.newestMs ?? Date.now());
    } catch (error) {
      this.#parts.complain((error as Error).message);
    }
  }
}
