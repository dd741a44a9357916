/**
 * Review: what was recorded. The trend says where to look, the disclosure shows minutes or the hour around it, the
 * strip shows it at true scale; the plots at the side say what the hour was made of.
 */
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import type { AlertBook } from '../../alerts/alert-book.ts';
import { kindWords } from '../../alerts/alert-words.ts';
import { button, h, setAttributes, setText } from '../../dom.ts';
import { MeasureTool } from '../../measure/measure-tool.ts';
import { Pan } from '../../measure/pan.ts';
import { classIcon } from '../../numbers/class-icon.ts';
import { describeFilter } from '../../signal/display-filter.ts';
import { fileName, printSvg, type StripExcerpt, saveFile, stripSvg } from '../../strip/export.ts';
import { CLASS_LOOKS } from '../../style/class-looks.ts';
import { clockTime, dayOf } from '../../time.ts';
import type { Keys } from '../keys.ts';
import type { SettingsStore } from '../settings.ts';
import type { View } from '../shell.ts';
import type { Stream } from '../stream.ts';
import { CorrectPanel } from './correct-panel.ts';
import { Disclosure, type DisclosureMinutes } from './disclosure.ts';
import { ExportDialog } from './export-dialog.ts';
import { PoincarePlot } from './poincare.ts';
import { ReportDialog } from './report-dialog.ts';
import type { BeatsOfStretch, ReviewData } from './review-data.ts';
import { ReviewStrip } from './review-strip.ts';
import { type StripOrigin, whoOf } from './strip-origin.ts';
import { TrendPlot } from './trend-plot.ts';
import { TREND_ZOOMS, type TrendZoom, trendStretch, zoomFor } from './trend-zoom.ts';
import type { WindowSignal } from './window-signal.ts';

const HOUR_MS = 3600_000;
const MINUTE_MS = 60_000;

export class ReviewView implements View {
  readonly name = 'review';
  readonly title = 'Review';
  readonly element: HTMLElement;
  readonly strip: ReviewStrip;
  readonly #data: ReviewData;
  readonly #settings: SettingsStore;
  readonly #book: AlertBook;
  readonly #origin: () => StripOrigin;
  readonly #measure: MeasureTool;
  readonly #pan: Pan;
  readonly #trend = new TrendPlot((timeMs) => void this.go(timeMs));
  readonly #disclosure = new Disclosure((timeMs) => void this.go(timeMs));
  readonly #poincare = new PoincarePlot();
  readonly #correct: CorrectPanel;
  readonly #report: ReportDialog;
  readonly #counts = h('ul.class-counts');
  readonly #time = h('output.review-time', { 'aria-live': 'polite' });
  readonly #complaint = h('p.complaint', { role: 'alert' });
  readonly #calipers: HTMLButtonElement;
  readonly #lengths: ReadonlyMap<DisclosureMinutes, HTMLButtonElement>;
  readonly #zooms: ReadonlyMap<TrendZoom, HTMLButtonElement>;
  readonly #exports = new ExportDialog();
  /** null: as much as was recorded asks for. */
  #zoom: TrendZoom | null = null;
  #extent: { readonly oldestMs: number; readonly newestMs: number } | null = null;
  #trendSpan: { readonly fromMs: number; readonly toMs: number } | null = null;
  #minutes: DisclosureMinutes = 5;
  #timeMs: number | null = null;
  #window: WindowSignal | null = null;
  /** Where the disclosure and the plots stand now: they are not fetched again for a step inside. */
  #shownFromMs: number | null = null;
  /** Where the stretch stays when it is read again. */
  #keptFromMs: number | null = null;
  #asked = 0;

  constructor(
    data: ReviewData,
    settings: SettingsStore,
    book: AlertBook,
    origin: () => StripOrigin,
    stream: () => Stream,
  ) {
    this.#data = data;
    this.#settings = settings;
    this.#book = book;
    this.#origin = origin;
    this.strip = new ReviewStrip(() => settings.current);
    this.#measure = new MeasureTool(this.strip, () => this.#window!);
    this.#pan = new Pan(this.strip, () => !this.#measure.active);
    this.#calipers = button('Calipers', () => this.#measureOn(!this.#measure.active), {
      'aria-pressed': 'false',
    });
    this.#lengths = new Map(
      ([5, 60] as const).map((minutes) => [
        minutes,
        button(minutes === 5 ? '5 minutes' : '1 hour', () => void this.#setMinutes(minutes)),
      ]),
    );
    this.#zooms = new Map(
      TREND_ZOOMS.map((zoom) => [
        zoom,
        button(zoom.words, () => void this.#setZoom(zoom), { 'aria-pressed': 'false' }),
      ]),
    );
    this.#correct = new CorrectPanel({
      stream,
      go: (timeMs) => this.go(timeMs),
      reload: () => this.#reload(),
      next: (direction) => this.#nextStretch(direction),
      middleMs: () => (this.#window === null ? null : this.#middleMs()),
    });
    this.#report = new ReportDialog({
      hour: () => (this.#timeMs === null ? null : [this.#timeMs - HOUR_MS / 2, this.#timeMs + HOUR_MS / 2]),
      day: () => (this.#trendSpan === null ? null : [this.#trendSpan.fromMs, this.#trendSpan.toMs]),
      ask: (fromMs, toMs) => this.#data.report(fromMs, toMs),
    });
    this.element = h(
      'div.review-view',
      {},
      h('div.zooms', { role: 'group', 'aria-label': 'How much the trend shows' }, ...this.#zooms.values()),
      this.#trend.element,
      h(
        'div.toolbar',
        { role: 'toolbar', 'aria-label': 'Recorded strip' },
        this.#time,
        button('− 10 s', () => void this.#step(-10)),
        button('+ 10 s', () => void this.#step(10)),
        this.#calipers,
        button('Print', () => void this.#export((excerpt) => printSvg(stripSvg(excerpt)))),
        button('SVG', () => void this.#saveSvg(), { 'aria-label': 'Save as SVG' }),
        button('PDF', () => void this.#savePdf(), { 'aria-label': 'Save as PDF' }),
        button('Export', () => this.#openExport()),
        button('Report', () => this.#report.open()),
        h('span.gap'),
        ...this.#lengths.values(),
        this.#measure.reading,
      ),
      this.#complaint,
      this.strip.element,
      h(
        'div.review-columns',
        {},
        this.#disclosure.element,
        h(
          'aside',
          { 'aria-label': 'What it is made of' },
          h('h2', {}, 'Beats in this stretch'),
          this.#counts,
          h('h2', {}, 'Beats that look alike'),
          this.#correct.element,
          this.#poincare.element,
        ),
      ),
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
    new ResizeObserver(() => this.#trend.draw()).observe(this.#trend.element);
  }

  bindKeys(keys: Keys): void {
    keys.add(
      { keys: ['t'], does: 'review: the next beats that nobody has looked at' },
      { keys: ['n', 's', 'v', 'f', 'q'], shown: 'n s v f q', does: 'review: call what is chosen so' },
      { keys: ['c', 'x', 'u'], shown: 'c x u', does: 'review: confirm it, no beat, undo' },
      {
        keys: ['b', 'r'],
        shown: 'b , . r',
        does: 'review: choose a beat, the one before or after, a rhythm',
      },
      { keys: ['[', ']'], shown: '[ ]', does: 'review: the stretch before or after' },
    );
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
    this.#trend.draw();
    this.#disclosure.draw();
  }

  async #open(askedMs: number | null): Promise<void> {
    try {
      this.#extent = await this.#data.extent();
      if (this.#extent === null) {
        setText(this.#complaint, 'Nothing is recorded yet.');
        return;
      }
      const timeMs = askedMs ?? this.#timeMs ?? this.#extent.newestMs - 10_000;
      this.#shownFromMs = null;
      await this.#showTrend(timeMs);
      await this.go(timeMs);
    } catch (error) {
      setText(this.#complaint, (error as Error).message);
    }
  }

  async #setZoom(zoom: TrendZoom): Promise<void> {
    this.#zoom = zoom;
    try {
      await this.#showTrend(this.#timeMs ?? this.#extent?.newestMs ?? Date.now());
    } catch (error) {
      setText(this.#complaint, (error as Error).message);
    }
  }

  async #showTrend(timeMs: number): Promise<void> {
    const extent = this.#extent;
    if (extent === null) return;
    const zoom = this.#zoom ?? zoomFor(extent);
    for (const [other, control] of this.#zooms) {
      setAttributes(control, { 'aria-pressed': String(other === zoom) });
    }
    const { fromMs, toMs, stepS } = trendStretch(zoom, extent, timeMs);
    this.#trendSpan = { fromMs, toMs };
    this.#trend.show(await this.#data.trend(fromMs, toMs, stepS), this.#book.all);
  }

  #openExport(): void {
    const fromMs = this.#shownFromMs;
    if (fromMs !== null) this.#exports.open(fromMs, fromMs + this.#minutes * MINUTE_MS);
  }

  /** Strip, disclosure and plots around a moment. */
  async go(timeMs: number): Promise<void> {
    const asked = ++this.#asked;
    this.#timeMs = timeMs;
    setText(this.#complaint, '');
    try {
      const window = await this.#data.window(timeMs - MINUTE_MS, timeMs + MINUTE_MS);
      if (asked !== this.#asked) return;
      this.#window = window;
      this.strip.show(window, timeMs);
      const trend = this.#trendSpan;
      if (trend !== null && (timeMs < trend.fromMs || timeMs >= trend.toMs)) await this.#showTrend(timeMs);
      await this.#showStretch(timeMs, asked);
    } catch (error) {
      if (asked === this.#asked) setText(this.#complaint, (error as Error).message);
    }
  }

  async #showStretch(timeMs: number, asked: number): Promise<void> {
    for (const [minutes, control] of this.#lengths) {
      setAttributes(control, { 'aria-pressed': String(minutes === this.#minutes) });
    }
    const spanMs = this.#minutes * MINUTE_MS;
    const inside =
      this.#shownFromMs !== null && timeMs >= this.#shownFromMs && timeMs < this.#shownFromMs + spanMs;
    if (inside) return;
    const kept = this.#keptFromMs;
    this.#keptFromMs = null;
    const fromMs =
      kept ??
      (this.#minutes === 60
        ? Math.floor(timeMs / HOUR_MS) * HOUR_MS
        : Math.round((timeMs - spanMs / 2) / 1000) * 1000);
    const columns = this.#disclosure.columnsFor() * this.#minutes;
    const [outline, beats, templates, corrections] = await Promise.all([
      this.#data.outline(fromMs, fromMs + spanMs, columns),
      this.#data.beats(fromMs, fromMs + spanMs),
      this.#data.templates(fromMs, fromMs + spanMs),
      this.#data.corrections(fromMs, fromMs + spanMs),
    ]);
    if (asked !== this.#asked) return;
    this.#shownFromMs = fromMs;
    this.#disclosure.show({ fromMs, minutes: this.#minutes, outline, beats });
    const { timesMs, labels, rhythms } = beats;
    this.#correct.show({
      fromMs,
      toMs: fromMs + spanMs,
      templates,
      beats: timesMs.map((timeMs, i) => ({ timeMs, label: labels[i] ?? null })),
      rhythms: rhythms.filter(({ timeMs, name }) => timeMs >= fromMs && name !== 'N'),
      corrections,
    });
    this.#poincare.show(beats);
    this.#showCounts(beats);
  }

  #showCounts({ labels }: BeatsOfStretch): void {
    this.#counts.replaceChildren(
      // A recording does not say which classes its model named: one that never occurs is not said to be 0.
      ...BEAT_LABELS.filter((label) => label === 'N' || label === 'V' || labels.includes(label)).map(
        (label) => {
          const count = labels.filter((other) => other === label).length;
          const share = labels.length === 0 ? '' : ` ${((100 * count) / labels.length).toFixed(1)} %`;
          const { letter, name } = CLASS_LOOKS[label];
          return h(
            'li',
            { 'data-class': label },
            classIcon(label),
            h('b', {}, letter),
            h('span', {}, name),
            h('span.count', {}, `${count.toLocaleString('en-GB')}`),
            h('span.share', {}, share),
          );
        },
      ),
    );
  }

  /** After a correction: counts, plots and trend are those of the corrected labels. */
  async #reload(): Promise<void> {
    const fromMs = this.#shownFromMs;
    if (this.#timeMs === null || fromMs === null) return;
    await this.#data.corrections(fromMs, fromMs + this.#minutes * MINUTE_MS);
    this.#keptFromMs = fromMs;
    this.#shownFromMs = null;
    await this.#showTrend(this.#timeMs);
    await this.go(this.#timeMs);
  }

  async #nextStretch(direction: number): Promise<void> {
    if (this.#shownFromMs === null) return;
    const spanMs = this.#minutes * MINUTE_MS;
    await this.go(this.#shownFromMs + (direction > 0 ? spanMs + 1000 : -1000));
  }

  #viewMoved(): void {
    const window = this.#window;
    if (!window) return;
    const { from, to } = this.strip.view;
    const [fromMs, toMs] = [window.timeOf(from), window.timeOf(to)];
    setText(this.#time, `${dayOf(fromMs)}  ${clockTime(fromMs)} to ${clockTime(toMs)}`);
    this.#trend.select(fromMs, toMs);
    this.#disclosure.select(fromMs, toMs);
  }

  #step(seconds: number): void {
    if (this.#window) void this.go(this.#middleMs() + seconds * 1000);
  }

  #middleMs(): number {
    const { from, to } = this.strip.view;
    return this.#window!.timeOf((from + to) / 2);
  }

  async #setMinutes(minutes: DisclosureMinutes): Promise<void> {
    this.#minutes = minutes;
    this.#shownFromMs = null;
    if (this.#window) await this.go(this.#middleMs());
  }

  #measureOn(on: boolean): void {
    if (!this.#window) return;
    this.#measure.activate(on);
    this.strip.element.classList.toggle('measuring', on);
    setAttributes(this.#calipers, { 'aria-pressed': String(on) });
  }

  #saveSvg(): Promise<void> {
    return this.#export((excerpt) =>
      saveFile(fileName(excerpt.signal, excerpt.from, 'svg'), 'image/svg+xml', stripSvg(excerpt)),
    );
  }

  /** From the recording, by the daemon, which also makes it for `rhythmd strip`. */
  async #savePdf(): Promise<void> {
    const window = this.#window;
    if (!window) return;
    const { from, to } = this.strip.view;
    try {
      const content = await this.#data.stripPdf(window.timeOf(from), window.timeOf(to));
      saveFile(fileName(window, from, 'pdf'), 'application/pdf', content);
    } catch (error) {
      setText(
        this.#complaint,
        `${(error as Error).message}: print it instead, or wait until it is recorded.`,
      );
    }
  }

  /** What somebody holds in the hand says whose it is, and what was alarmed. */
  async #export(use: (excerpt: StripExcerpt) => void): Promise<void> {
    const signal = this.#window;
    if (!signal) return;
    const { from, to } = this.strip.view;
    const { band, mains } = this.#settings.current;
    const [fromMs, toMs] = [signal.timeOf(from), signal.timeOf(to)];
    // Of an old recording the page has heard nothing, of the last seconds the disk.
    const recorded = await this.#data.alarms(fromMs, toMs).catch(() => []);
    const heard = this.#book.all.filter(
      ({ start_t_ms, t_ms, phase }) => start_t_ms < toMs && (phase !== 'end' || t_ms > fromMs),
    );
    const alerts = [...heard, ...recorded].map(({ kind, priority }) => `${kindWords(kind)} (${priority})`);
    use({
      signal,
      from,
      to,
      who: whoOf(this.#origin(), fromMs),
      alerts: [...new Set(alerts)],
      filter: describeFilter(band, mains),
    });
  }
}
