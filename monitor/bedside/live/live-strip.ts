/**
 * The live strip: paper below, the pen's canvas above it, an overlay for what a person measures. Knows when to draw
 * and how much; what is drawn is in `strip/`.
 */
import type { BeatEvent } from '@rhythmd/protocol/events.ts';
import { h, setAttributes } from '../../dom.ts';
import type { StillPaper } from '../../measure/still-paper.ts';
import { describeFilter } from '../../signal/display-filter.ts';
import type { LiveSignal } from '../../signal/live-signal.ts';
import { Playhead } from '../../signal/playhead.ts';
import { medianMv } from '../../strip/baseline.ts';
import { createLayer, sizeLayer } from '../../strip/canvas.ts';
import { readColours, type StripColours } from '../../strip/colours.ts';
import type { Ink } from '../../strip/ink.ts';
import { layoutPaper, type PaperLayout, samplesAcross } from '../../strip/layout.ts';
import { hiddenLeads, shownLeads } from '../../strip/lead-choice.ts';
import { drawPaper } from '../../strip/paper.ts';
import type { Pen } from '../../strip/pen.ts';
import { ScrollPen } from '../../strip/scroll-pen.ts';
import { ScrollTiles } from '../../strip/scroll-tiles.ts';
import { StillPen } from '../../strip/still-pen.ts';
import { SweepPen } from '../../strip/sweep-pen.ts';
import { textScale } from '../../style/text-scale.ts';
import type { Settings } from '../settings.ts';
import { FrameTimes } from './frame-times.ts';

export class LiveStrip implements StillPaper {
  readonly element = h('div.strip', { tabindex: 0, role: 'group', 'aria-label': 'Live ECG' });
  readonly frameTimes = new FrameTimes();
  readonly #signal: LiveSignal;
  readonly #paper = createLayer('paper');
  readonly #trace = createLayer('trace');
  readonly #tiles = new ScrollTiles();
  readonly #picture = h(
    'div.picture',
    { role: 'img', 'aria-label': 'ECG waveform' },
    this.#trace.canvas,
    this.#tiles.element,
  );
  readonly overlay = createLayer('overlay');
  readonly #playhead = new Playhead();
  readonly #still = new StillPen();
  readonly #late: BeatEvent[] = [];
  #pen: Pen = new SweepPen();
  #settings: Readonly<Settings>;
  #colours: StripColours | null = null;
  #layout: PaperLayout;
  #ink: Ink | null = null;
  #revision = -1;
  #leadsRevision = -1;
  #frozenAt: number | null = null;
  /** Called whenever places on the paper change meaning: frozen, moved, resized. */
  onView: () => void = () => {};

  constructor(signal: LiveSignal, settings: Readonly<Settings>) {
    this.#signal = signal;
    this.#settings = settings;
    this.#layout = layoutPaper(1, 1, 1, signal.rateHz, settings);
    // The picture has the words for all of them.
    for (const { canvas } of [this.#paper, this.#trace, this.overlay])
      setAttributes(canvas, { 'aria-hidden': 'true' });
    this.element.append(this.#paper.canvas, this.#picture, this.overlay.canvas);
  }

  start(): void {
    new ResizeObserver(() => this.invalidate()).observe(this.element);
    const frame = (nowMs: number): void => {
      requestAnimationFrame(frame);
      this.#frame(nowMs);
    };
    requestAnimationFrame(frame);
  }

  get layout(): PaperLayout {
    return this.#layout;
  }

  get colours(): StripColours | null {
    return this.#colours;
  }

  get frozen(): boolean {
    return this.#frozenAt !== null;
  }

  /** The window a frozen strip shows, in samples. */
  get view(): { from: number; to: number } {
    return { from: this.#still.from, to: this.#still.from + samplesAcross(this.#layout) };
  }

  /** Everything is drawn anew with the next frame: size, theme, settings. */
  invalidate(): void {
    this.#ink = null;
  }

  setSettings(settings: Readonly<Settings>): void {
    if (settings.motion !== this.#settings.motion) {
      this.#pen = settings.motion === 'sweep' ? new SweepPen() : new ScrollPen(this.#tiles);
    }
    if (settings.band !== this.#settings.band || settings.mains !== this.#settings.mains) {
      this.#signal.setFilter(settings.band, settings.mains);
    }
    this.#settings = settings;
    this.invalidate();
  }

  /** What a screen reader says of the waveform. */
  describe(words: string): void {
    setAttributes(this.#picture, { 'aria-label': words });
  }

  beat(event: BeatEvent): void {
    if (this.#late.length < 100) this.#late.push(event);
  }

  freeze(frozen: boolean): void {
    if (frozen === this.frozen) return;
    this.#frozenAt = frozen ? Math.floor(this.#playhead.position ?? this.#signal.end) : null;
    if (frozen) this.#still.from = this.#frozenAt! - samplesAcross(this.#layout);
    else this.#playhead.reset();
    this.element.classList.toggle('frozen', frozen);
    this.invalidate();
  }

  /** Moves a frozen strip so that `from` is at its left edge, within what is kept. */
  moveTo(from: number): void {
    const { start, end } = this.#signal;
    const width = samplesAcross(this.#layout);
    this.#still.from = Math.max(Math.min(from, end - width * 0.25), start - width * 0.25);
    this.#drawStill();
  }

  sampleAt(x: number): number | null {
    return this.frozen ? this.#still.sampleAt(x) : this.#pen.sampleAt(x);
  }

  xOf(sample: number): number {
    return this.#still.xOf(sample);
  }

  #frame(nowMs: number): void {
    if (this.element.clientWidth === 0 || this.#signal.leads.length === 0) return;
    const head = this.#playhead.advance(nowMs, this.#signal.drawableEnd, this.#signal.rateHz);
    const startedMs = performance.now();
    if (this.#ink === null || this.#leadsRevision !== this.#signal.leadsRevision) this.#prepare();
    const ink = this.#ink!;
    if (this.frozen) {
      if (this.#revision !== this.#signal.revision) this.#drawStill();
    } else {
      if (this.#revision !== this.#signal.revision) {
        this.#setBaselines(head);
        this.#pen.restart(this.#ink!);
      }
      this.#pen.frame(head, this.#late);
    }
    if (ink !== this.#ink || this.#revision !== this.#signal.revision) this.onView();
    this.#revision = this.#signal.revision;
    this.#late.length = 0;
    this.frameTimes.add(performance.now() - startedMs);
  }

  /** Paper and sizes. */
  #prepare(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    this.#colours = readColours();
    const names = this.#signal.leads.map(({ name }) => name);
    const { to } = this.view;
    this.#layout = layoutPaper(
      width,
      height,
      shownLeads(names, this.#settings.leads, this.#settings.gainMmPerMv),
      this.#signal.rateHz,
      this.#settings,
      textScale(),
    );
    this.#keepEnd(to);
    for (const layer of [this.#paper, this.overlay]) sizeLayer(layer, width, height);
    // One of the two is drawn on; the other keeps no memory.
    const scrolls = this.#settings.motion === 'scroll' && !this.frozen;
    sizeLayer(this.#trace, scrolls ? 0 : width, scrolls ? 0 : height);
    if (scrolls) this.#tiles.size(this.#layout);
    else this.#tiles.close();
    drawPaper(this.#paper.context, this.#layout, this.#colours, {
      leadNames: names,
      hidden: hiddenLeads(names, this.#settings.leads),
      filter: describeFilter(this.#settings.band, this.#settings.mains),
      pulse: this.#settings.showPulse,
    });
    this.#ink = {
      context: this.#trace.context,
      layout: this.#layout,
      signal: this.#signal,
      colours: this.#colours,
      baselines: [],
    };
    this.#revision = -1;
    this.#leadsRevision = this.#signal.leadsRevision;
  }

  /** A frozen strip on wider paper shows more of what was, not what was still to come. @param to its end on the paper before */
  #keepEnd(to: number): void {
    if (this.#frozenAt === null) return;
    const end = Math.max(this.#frozenAt, to);
    this.#still.from = Math.min(this.#still.from, end - samplesAcross(this.#layout));
  }

  #setBaselines(head: number): void {
    const from = head - samplesAcross(this.#layout);
    this.#ink = { ...this.#ink!, baselines: this.#baselines(from, head) };
  }

  #baselines(from: number, to: number): number[] {
    if (this.#settings.band !== 'off') return this.#signal.leads.map(() => 0);
    return this.#signal.leads.map((lead) => medianMv(lead, from, to));
  }

  #drawStill(): void {
    if (!this.#ink) return;
    const { from, to } = this.view;
    this.#still.draw({ ...this.#ink, baselines: this.#baselines(from, to) }, from);
    this.onView();
  }
}
