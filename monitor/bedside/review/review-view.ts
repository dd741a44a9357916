/**
 * Review: what was recorded. The trend says where to look, the disclosure shows minutes or the hour around it, the
 * strip shows it at true scale; the plots at the side say what the hour was made of.
 */
import type { AlertBook } from '../../alerts/alert-book.ts';
import { button, h, setAttributes, setText } from '../../dom.ts';
import { MeasureTool } from '../../measure/measure-tool.ts';
import { Pan } from '../../measure/pan.ts';
import { clockTime, dayOf } from '../../time.ts';
import type { Keys } from '../keys.ts';
import type { SettingsStore } from '../settings.ts';
import type { View } from '../shell.ts';
import type { Stream } from '../stream.ts';
import { CorrectPanel } from './correct-panel.ts';
import { ExportDialog } from './export-dialog.ts';
import { ReportDialog } from './report-dialog.ts';
import type { ReviewData } from './review-data.ts';
import { REVIEW_KEYS } from './review-keys.ts';
import { ReviewStrip } from './review-strip.ts';
import { StretchPane } from './stretch-pane.ts';
import { StripFiles } from './strip-files.ts';
import type { StripOrigin } from './strip-origin.ts';
import { TrendPane } from './trend-pane.ts';
import type { WindowSignal } from './window-signal.ts';

const HOUR_MS = 3600_000;
const MINUTE_MS = 60_000;
/** Review opens a little before the newest. */
const BEFORE_NEWEST_MS = 10_000;

export class ReviewView implements View {
  readonly name = 'review';
  readonly title = 'Review';
  readonly element: HTMLElement;
  readonly strip: ReviewStrip;
  readonly #data: ReviewData;
  readonly #measure: MeasureTool;
  readonly #pan: Pan;
  readonly #trend: TrendPane;
  readonly #stretch: StretchPane;
  readonly #correct: CorrectPanel;
  readonly #files: StripFiles;
  readonly #report: ReportDialog;
  readonly #exports = new ExportDialog();
  readonly #time = h('output.review-time', { 'aria-live': 'polite' });
  readonly #complaint = h('p.complaint', { role: 'alert' });
  readonly #calipers: HTMLButtonElement;
  #timeMs: number | null = null;
  #window: WindowSignal | null = null;
  #asked = 0;

  constructor(
    data: ReviewData,
    settings: SettingsStore,
    book: AlertBook,
    origin: () => StripOrigin,
    stream: () => Stream,
  ) {
    this.#data = data;
    this.strip = new ReviewStrip(() => settings.current);
    this.#measure = new MeasureTool(this.strip, () => this.#window!);
    this.#pan = new Pan(this.strip, () => !this.#measure.active);
    const go = (timeMs: number) => void this.go(timeMs);
    const complain = (words: string) => setText(this.#complaint, words);
    this.#trend = new TrendPane({ data, book, go, complain, timeMs: () => this.#timeMs });
    this.#correct = new CorrectPanel({
      stream,
      go: (timeMs) => this.go(timeMs),
      reload: () => this.#reload(),
      next: (direction) => this.#nextStretch(direction),
      middleMs: () => (this.#window === null ? null : this.#middleMs()),
    });
    this.#stretch = new StretchPane({
      data,
      correct: this.#correct,
      go,
      again: () => {
        if (this.#window) go(this.#middleMs());
      },
    });
    this.#files = new StripFiles({
      data,
      book,
      origin,
      complain,
      settings: () => settings.current,
      shown: () => (this.#window === null ? null : { signal: this.#window, ...this.strip.view }),
    });
    this.#report = new ReportDialog({
      hour: () => (this.#timeMs === null ? null : [this.#timeMs - HOUR_MS / 2, this.#timeMs + HOUR_MS / 2]),
      day: () => (this.#trend.span === null ? null : [this.#trend.span.fromMs, this.#trend.span.toMs]),
      ask: (fromMs, toMs) => data.report(fromMs, toMs),
    });
    this.#calipers = button('Calipers', () => this.#measureOn(!this.#measure.active), {
      'aria-pressed': 'false',
    });
    this.element = h(
      'div.review-view',
      {},
      this.#trend.zooms,
      this.#trend.plot.element,
      this.#toolbar(),
      this.#complaint,
      this.strip.element,
      this.#stretch.element,
    );
  }

  #toolbar(): HTMLElement {
    return h(
      'div.toolbar',
      { role: 'toolbar', 'aria-label': 'Recorded strip' },
      this.#time,
      button('− 10 s', () => this.#step(-10)),
      button('+ 10 s', () => this.#step(10)),
      this.#calipers,
      button('Print', () => void this.#files.print()),
      button('SVG', () => void this.#files.saveSvg(), { 'aria-label': 'Save as SVG' }),
      button('PDF', () => void this.#files.savePdf(), { 'aria-label': 'Save as PDF' }),
      button('Export', () => this.#openExport()),
      button('Report', () => this.#report.open()),
      h('span.gap'),
      ...this.#stretch.lengths.values(),
      this.#measure.reading,
    );
  }

  start(): void {
    this.#measure.start();
    this.strip.onView = () => {
      this.#measure.draw();
      this.#viewMoved();
    };
    this.#pan.start();
    this.strip.start();
    this.#trend.start();
  }

  bindKeys(keys: Keys): void {
    keys.add(...REVIEW_KEYS);
    keys.addHandler((event) => {
      if (!this.element.isConnected) return false;
      if (this.#window !== null && this.#correct.key(event)) return true;
      const inStrip = (event.target as Element | null)?.closest('.plot-box') === null;
      return inStrip && this.#window !== null && (this.#measure.key(event) || this.#pan.key(event));
    });
  }

  show(parameters: URLSearchParams): void {
    const asked = Number(parameters.get('t') ?? Number.NaN);
    void this.#open(Number.isFinite(asked) ? asked : null);
  }

  /** Theme or scale changed. */
  redraw(): void {
    if (!this.element.isConnected) return;
    this.strip.draw();
    this.#trend.plot.draw();
    this.#stretch.disclosure.draw();
  }

  async #open(askedMs: number | null): Promise<void> {
    try {
      const extent = await this.#trend.extent();
      if (extent === null) {
        setText(this.#complaint, 'Nothing is recorded yet.');
        return;
      }
      const timeMs = askedMs ?? this.#timeMs ?? extent.newestMs - BEFORE_NEWEST_MS;
      this.#stretch.forget();
      await this.#trend.show(timeMs);
      await this.go(timeMs);
    } catch (error) {
      setText(this.#complaint, (error as Error).message);
    }
  }

  #openExport(): void {
    const span = this.#stretch.span;
    if (span !== null) this.#exports.open(span.fromMs, span.toMs);
  }

  /** Strip, disclosure and plots around a moment. What cannot be had is said where the strip is. */
  async go(timeMs: number): Promise<void> {
    const asked = ++this.#asked;
    this.#timeMs = timeMs;
    setText(this.#complaint, '');
    try {
      const window = await this.#data.window(timeMs - MINUTE_MS, timeMs + MINUTE_MS);
      if (asked !== this.#asked) return;
      this.#window = window;
      this.strip.show(window, timeMs);
      await this.#trend.follow(timeMs);
      await this.#stretch.show(timeMs, () => asked === this.#asked);
    } catch (error) {
      if (asked === this.#asked) setText(this.#complaint, (error as Error).message);
    }
  }

  /** After a correction: counts, plots and trend are those of the corrected labels. Never rejects. */
  async #reload(): Promise<void> {
    const span = this.#stretch.span;
    const timeMs = this.#timeMs;
    if (timeMs === null || span === null) return;
    try {
      await this.#data.corrections(span.fromMs, span.toMs);
      this.#stretch.forgetHere();
      await this.#trend.show(timeMs);
    } catch (error) {
      setText(this.#complaint, (error as Error).message);
      return;
    }
    await this.go(timeMs);
  }

  async #nextStretch(direction: number): Promise<void> {
    const span = this.#stretch.span;
    if (span !== null) await this.go(direction > 0 ? span.toMs + 1000 : span.fromMs - 1000);
  }

  #viewMoved(): void {
    const window = this.#window;
    if (!window) return;
    const { from, to } = this.strip.view;
    const [fromMs, toMs] = [window.timeOf(from), window.timeOf(to)];
    setText(this.#time, `${dayOf(fromMs)}  ${clockTime(fromMs)} to ${clockTime(toMs)}`);
    this.#trend.plot.select(fromMs, toMs);
    this.#stretch.disclosure.select(fromMs, toMs);
  }

  #step(seconds: number): void {
    if (this.#window) void this.go(this.#middleMs() + seconds * 1000);
  }

  #middleMs(): number {
    const { from, to } = this.strip.view;
    return this.#window!.timeOf((from + to) / 2);
  }

  #measureOn(on: boolean): void {
    if (!this.#window) return;
    this.#measure.activate(on);
    this.strip.element.classList.toggle('measuring', on);
    setAttributes(this.#calipers, { 'aria-pressed': String(on) });
  }
}
