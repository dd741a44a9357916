/** Heart rate over the last hours, out of the page's own memory; where nothing was known there is no line. */
import { h } from '../../dom.ts';
import { createLayer, sizeLayer } from '../../strip/canvas.ts';
import { readColours } from '../../strip/colours.ts';
import { textScale } from '../../style/text-scale.ts';
import { hourMinute } from '../../time.ts';
import { TREND_STEP_MS, type Trend } from '../beds/trend.ts';

const RATE_MIN = 20;
const RATE_MAX = 220;
const GRID = [50, 100, 150, 200];
const LEFT_PX = 34;
const FOOT_PX = 16;
const HOUR_MS = 3_600_000;

export class TrendPlot {
  readonly element = h(
    'figure.plot-figure',
    {},
    h('figcaption', {}, 'Heart rate while this page has listened'),
  );
  readonly #layer = createLayer('plot');
  readonly #trend: Trend;
  hours = 2;

  constructor(trend: Trend) {
    this.#trend = trend;
    this.#layer.canvas.setAttribute('role', 'img');
    this.#layer.canvas.setAttribute('aria-label', 'Heart rate over the last hours');
    this.element.append(h('div.plot-box', {}, this.#layer.canvas));
  }

  draw(nowMs: number): void {
    const { clientWidth: width, clientHeight: height } = this.#layer.canvas.parentElement!;
    if (width === 0 || height === 0) return;
    sizeLayer(this.#layer, width, height);
    const { context } = this.#layer;
    const colours = readColours();
    const scale = textScale();
    const left = LEFT_PX * scale;
    const foot = FOOT_PX * scale;
    const fromMs = nowMs - this.hours * HOUR_MS;
    const x = (tMs: number) => left + ((tMs - fromMs) / (nowMs - fromMs)) * (width - left - 4);
    const y = (rate: number) =>
      4 +
      (1 - (Math.min(RATE_MAX, Math.max(RATE_MIN, rate)) - RATE_MIN) / (RATE_MAX - RATE_MIN)) *
        (height - foot - 6);
    context.font = `${11 * scale}px ${colours.font}`;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    for (const rate of GRID) {
      context.fillStyle = colours.gridHeavy;
      context.fillRect(left, Math.round(y(rate)), width - left, 1);
      context.fillStyle = colours.textMuted;
      context.fillText(String(rate), left - 6, y(rate));
    }
    context.textAlign = 'center';
    const everyMs = (this.hours * HOUR_MS) / 4;
    for (let tMs = Math.ceil(fromMs / everyMs) * everyMs; tMs < nowMs; tMs += everyMs) {
      context.fillStyle = colours.gridFine;
      context.fillRect(Math.round(x(tMs)), 0, 1, height - foot);
      context.fillStyle = colours.textMuted;
      context.fillText(hourMinute(tMs), Math.max(left + 14 * scale, x(tMs)), height - foot * 0.4);
    }
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.4 * scale;
    context.beginPath();
    let lastMs = 0;
    for (const { t_ms, rate } of this.#trend.since(fromMs)) {
      if (Number.isNaN(rate)) continue;
      if (t_ms - lastMs <= 1.5 * TREND_STEP_MS) context.lineTo(x(t_ms), y(rate));
      else {
        context.moveTo(x(t_ms), y(rate));
        context.lineTo(x(t_ms) + 1, y(rate));
      }
      lastMs = t_ms;
    }
    context.stroke();
  }
}
