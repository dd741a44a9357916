/** The strip that is shown, as somebody takes it away: printed, as SVG from the page, as PDF from the recording. */
import type { AlertBook } from '../../alerts/alert-book.ts';
import { kindWords } from '../../alerts/alert-words.ts';
import { describeFilter } from '../../signal/display-filter.ts';
import { fileName, printSvg, type StripExcerpt, saveFile, stripSvg } from '../../strip/export.ts';
import type { Settings } from '../settings.ts';
import type { ReviewData } from './review-data.ts';
import { type StripOrigin, whoOf } from './strip-origin.ts';
import type { WindowSignal } from './window-signal.ts';

export interface ShownStrip {
  readonly signal: WindowSignal;
  /** Samples. */
  readonly from: number;
  readonly to: number;
}

export interface StripFilesParts {
  readonly data: ReviewData;
  readonly book: AlertBook;
  readonly origin: () => StripOrigin;
  readonly settings: () => Readonly<Settings>;
  /** null: there is no strip. */
  readonly shown: () => ShownStrip | null;
  readonly complain: (words: string) => void;
}

export class StripFiles {
  readonly #parts: StripFilesParts;

  constructor(parts: StripFilesParts) {
    this.#parts = parts;
  }

  print(): Promise<void> {
    return this.#excerpt((excerpt) => printSvg(stripSvg(excerpt)));
  }

  saveSvg(): Promise<void> {
    return this.#excerpt((excerpt) =>
      saveFile(fileName(excerpt.signal, excerpt.from, 'svg'), 'image/svg+xml', stripSvg(excerpt)),
    );
  }

  /** From the recording, by the daemon, which also makes it for `rhythmd strip`. */
  async savePdf(): Promise<void> {
    const shown = this.#parts.shown();
    if (shown === null) return;
    const { signal, from, to } = shown;
    try {
      const content = await this.#parts.data.stripPdf(signal.timeOf(from), signal.timeOf(to));
      saveFile(fileName(signal, from, 'pdf'), 'application/pdf', content);
    } catch (error) {
      this.#parts.complain(`${(error as Error).message}: print it instead, or wait until it is recorded.`);
    }
  }

  /** What somebody holds in the hand says whose it is, and what was alarmed. */
  async #excerpt(use: (excerpt: StripExcerpt) => void): Promise<void> {
    const { data, book, origin, settings, shown: shownNow } = this.#parts;
    const shown = shownNow();
    if (shown === null) return;
    const { signal, from, to } = shown;
    const { band, mains } = settings();
    const [fromMs, toMs] = [signal.timeOf(from), signal.timeOf(to)];
    // Of an old recording the page has heard nothing, of the last seconds the disk.
    const recorded = await data.alarms(fromMs, toMs).catch(() => []);
    const heard = book.all.filter(
      ({ start_t_ms, t_ms, phase }) => start_t_ms < toMs && (phase !== 'end' || t_ms > fromMs),
    );
    const alerts = [...heard, ...recorded].map(({ kind, priority }) => `${kindWords(kind)} (${priority})`);
    use({
      signal,
      from,
      to,
      who: whoOf(origin(), fromMs),
      alerts: [...new Set(alerts)],
      filter: describeFilter(band, mains),
    });
  }
}
