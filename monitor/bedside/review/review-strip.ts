/** A still strip at true scale out of a WindowSignal. */

import { h, setAttributes } from '../../dom.ts';
import type { StillPaper } from '../../measure/still-paper.ts';
import { describeFilter } from '../../signal/display-filter.ts';
import { medianMv } from '../../strip/baseline.ts';
import { createLayer, sizeLayer } from '../../strip/canvas.ts';
import { readColours, type StripColours } from '../../strip/colours.ts';
import { layoutPaper, type PaperLayout, samplesAcross } from '../../strip/layout.ts';
import { hiddenLeads, shownLeads } from '../../strip/lead-choice.ts';
import { drawPaper } from '../../strip/paper.ts';
import { StillPen } from '../../strip/still-pen.ts';
import { textScale } from '../../style/text-scale.ts';
import type { Settings } from '../settings.ts';
import type { WindowSignal } from './window-signal.ts';

export class ReviewStrip implements StillPaper {
  readonly element = h('div.strip.frozen', { tabindex: 0, role: 'group', 'aria-label': 'Recorded ECG' });
  readonly overlay = createLayer('overlay');
  readonly frozen = true;
  readonly #paper = createLayer('paper');
  readonly #trace = createLayer('trace');
  readonly #pen = new StillPen();
  readonly #settings: () => Readonly<Settings>;
  onView: () => void = () => {};
  #signal: WindowSignal | null = null;
  #layout: PaperLayout;
  #colours: StripColours | null = null;

  constructor(settings: () => Readonly<Settings>) {
    this.#settings = settings;
    this.#layout = layoutPaper(1, 1, 0, 360, settings());
    setAttributes(this.#trace.canvas, { role: 'img', 'aria-label': 'ECG waveform' });
    setAttributes(this.#paper.canvas, { 'aria-hidden': 'true' });
    setAttributes(this.overlay.canvas, { 'aria-hidden': 'true' });
    this.element.append(this.#paper.canvas, this.#trace.canvas, this.overlay.canvas);
  }

  start(): void {
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  get layout(): PaperLayout {
    return this.#layout;
  }

  get colours(): StripColours | null {
    return this.#colours;
  }

  get view(): { from: number; to: number } {
    return { from: this.#pen.from, to: this.#pen.from + samplesAcross(this.#layout) };
  }

  /** Shows `signal` with `timeMs` in the middle. */
  show(signal: WindowSignal, timeMs: number): void {
    this.#signal = signal;
    this.draw();
    this.moveTo(signal.sampleAt(timeMs) - samplesAcross(this.#layout) / 2);
  }

  moveTo(from: number): void {
    const signal = this.#signal;
    if (!signal) return;
    const room = Math.max(0, signal.length - samplesAcross(this.#layout));
    this.#pen.from = Math.max(0, Math.min(from, room));
    this.#drawTrace(signal);
  }

  xOf(sample: number): number {
    return this.#pen.xOf(sample);
  }

  sampleAt(x: number): number | null {
    return this.#pen.sampleAt(x);
  }

  draw(): void {
    const signal = this.#signal;
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!signal || width === 0) return;
    this.#colours = readColours();
    const names = signal.leads.map(({ name }) => name);
    this.#layout = layoutPaper(
      width,
      height,
      shownLeads(names, this.#settings().leads, this.#settings().gainMmPerMv),
      signal.rateHz,
      this.#settings(),
      textScale(),
    );
    for (const layer of [this.#paper, this.#trace, this.overlay]) sizeLayer(layer, width, height);
    const { band, mains, showPulse } = this.#settings();
    drawPaper(this.#paper.context, this.#layout, this.#colours, {
      leadNames: names,
      hidden: hiddenLeads(names, this.#settings().leads),
      filter: describeFilter(band, mains),
      pulse: showPulse,
    });
    this.#drawTrace(signal);
  }

  #drawTrace(signal: WindowSignal): void {
    if (!this.#colours) return;
    const { from, to } = this.view;
    const centred = this.#settings().band === 'off';
    this.#pen.draw(
      {
        context: this.#trace.context,
        layout: this.#layout,
        signal,
        colours: this.#colours,
        baselines: signal.leads.map((lead) => (centred ? medianMv(lead, from, to) : 0)),
      },
      from,
    );
    this.onView();
  }
}
