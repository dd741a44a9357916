/**
 * RR intervals of the last five minutes, a dot a beat in its class's colour and shape: rhythm at a glance, where an
 * irregular one looks irregular and a premature beat stands below the others.
 */

import { h } from '../dom.ts';
import type { LiveSignal } from '../signal/live-signal.ts';
import { createLayer, sizeLayer } from '../strip/canvas.ts';
import { drawClassShape } from '../strip/class-shape.ts';
import type { StripColours } from '../strip/colours.ts';
import { classOf } from '../strip/strip-signal.ts';
import { CLASS_LOOKS } from '../style/class-looks.ts';
import { textScale } from '../style/text-scale.ts';

const SPAN_S = 300;
const RR_MIN_MS = 200;
const RR_MAX_MS = 2000;
const GRID_MS = [500, 1000, 1500];
const LEFT_PX = 53;
const FOOT_PX = 14;

export class Tachogram {
  readonly element = h('figure.tachogram', {}, h('figcaption', {}, 'RR interval, last 5 minutes'));
  readonly #signal: LiveSignal;
  readonly #layer = createLayer('plot');

  constructor(signal: LiveSignal) {
    this.#signal = signal;
    this.#layer.canvas.setAttribute('role', 'img');
    this.#layer.canvas.setAttribute('aria-label', 'RR intervals of the last five minutes');
    this.element.append(h('div.plot-box', {}, this.#layer.canvas));
  }

  draw(colours: StripColours): void {
    const box = this.#layer.canvas.parentElement!;
    const { clientWidth: width, clientHeight: height } = box;
    if (width === 0 || height === 0) return;
    sizeLayer(this.#layer, width, height);
    const { context } = this.#layer;
    const end = this.#signal.end;
    const span = SPAN_S * this.#signal.rateHz;
    const scale = textScale();
    const left = LEFT_PX * scale;
    const foot = FOOT_PX * scale;
    const x = (sample: number) => left + ((sample - end) / span + 1) * (width - left - 8);
    const y = (rrMs: number) =>
      4 + (1 - (Math.min(RR_MAX_MS, rrMs) - RR_MIN_MS) / (RR_MAX_MS - RR_MIN_MS)) * (height - foot - 6);
    context.font = `${11 * scale}px ${colours.font}`;
    context.textBaseline = 'middle';
    for (const ms of GRID_MS) {
      context.fillStyle = colours.gridFine;
      context.fillRect(left, Math.round(y(ms)), width - left, 1);
      context.fillStyle = colours.textMuted;
      context.textAlign = 'right';
      context.fillText(`${ms} ms`, left - 6, y(ms));
    }
    context.textAlign = 'center';
    for (let minute = 5; minute >= 0; minute--) {
      const at = x(end - minute * 60 * this.#signal.rateHz);
      context.fillStyle = colours.gridFine;
      context.fillRect(Math.round(at), 0, 1, height - foot);
      context.fillStyle = colours.textMuted;
      if (minute > 0) context.fillText(`−${minute} min`, at, height - foot * 0.43);
    }
    const { beats } = this.#signal;
    for (let i = beats.indexFrom(end - span); i < beats.items.length; i++) {
      const beat = beats.items[i]!;
      if (beat.rr_ms === null) continue;
      const key = classOf(beat);
      context.fillStyle = colours.classes[key];
      context.strokeStyle = colours.classes[key];
      context.lineWidth = 1.4;
      drawClassShape(
        context,
        CLASS_LOOKS[key].shape,
        x(beat.sample),
        y(beat.rr_ms),
        (key === 'N' ? 6 : 8) * scale,
      );
    }
  }
}
