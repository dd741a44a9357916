/**
 * A day: heart rate by minute as a line with its range, ventricular and supraventricular beats as bars below, alerts above, hours that
 * were not recorded hatched. A click or Enter goes there, arrows move by minutes.
 */

import type { Trend } from '@rhythmd/ecg/review/trend.ts';
import type { AlertEvent } from '@rhythmd/protocol/events.ts';
import { setAttributes } from '../../dom.ts';
import { clockTime, hourMinute } from '../../time.ts';
import { Plot, type PlotArea } from './plot.ts';

const LEFT_PX = 62;
const RIGHT_PX = 14;
const TOP_PX = 18;
/** One row of bars a class. */
const BARS_PX = 28;
const BAR_CLASSES = ['V', 'S'] as const;
const FOOT_PX = 16;
const HOUR_MS = 3600_000;

export class TrendPlot {
  readonly #plot = new Plot('trend', 'Heart rate, last 24 hours', 'Heart rate by minute');
  readonly #go: (timeMs: number) => void;
  #trend: Trend | null = null;
  #alerts: readonly AlertEvent[] = [];
  #selected: { fromMs: number; toMs: number } | null = null;

  constructor(go: (timeMs: number) => void) {
    this.#go = go;
    const { box } = this.#plot;
    setAttributes(box, { tabindex: 0, role: 'slider', 'aria-label': 'Time in review', 'aria-valuemin': 0 });
    box.addEventListener('click', (event) => {
      const timeMs = this.#timeAt(event.clientX - box.getBoundingClientRect().left);
      if (timeMs !== null) this.#go(timeMs);
    });
    box.addEventListener('keydown', (event) => this.#key(event));
  }

  get element(): HTMLElement {
    return this.#plot.element;
  }

  show(trend: Trend, alerts: readonly AlertEvent[]): void {
    this.#trend = trend;
    this.#alerts = alerts;
    this.draw();
  }

  select(fromMs: number, toMs: number): void {
    this.#selected = { fromMs, toMs };
    setAttributes(this.#plot.box, {
      'aria-valuenow': Math.round((fromMs + toMs) / 2),
      'aria-valuetext': clockTime((fromMs + toMs) / 2),
    });
    this.draw();
  }

  draw(): void {
    const trend = this.#trend;
    const area = trend && this.#plot.begin();
    if (!trend || !area) return;
    const { context, width, height, colours } = area;
    const x = (timeMs: number) => this.#x(trend, width, timeMs);
    const plotBottom = height - FOOT_PX - BAR_CLASSES.length * BARS_PX;
    const rates = [...trend.min, ...trend.max]
      .filter((rate): rate is number => rate !== null)
      .sort((a, b) => a - b);
    // The central 99 %: one odd interval must not flatten a day.
    const low = Math.floor(Math.min(50, rates[Math.floor(rates.length * 0.005)] ?? 50) / 10) * 10;
    const high = Math.ceil(Math.max(110, rates[Math.floor(rates.length * 0.995)] ?? 110) / 10) * 10;
    const y = (bpm: number) =>
      TOP_PX + (1 - (Math.min(high, Math.max(low, bpm)) - low) / (high - low)) * (plotBottom - TOP_PX);
    this.#drawAxes(area, trend, x, y, low, high, plotBottom);
    const step = Math.max(1, (width - LEFT_PX - RIGHT_PX) / trend.mean.length);
    context.fillStyle = colours.hole;
    context.globalAlpha = 0.55;
    trend.min.forEach((min, i) => {
      const max = trend.max[i];
      if (min === null || max === null || max === undefined) return;
      context.fillRect(
        x(trend.start_ms + i * trend.step_s * 1000),
        y(max),
        step,
        Math.max(1, y(min) - y(max)),
      );
    });
    context.globalAlpha = 1;
    this.#drawMean(area, trend, x, y, step);
    for (const [row, label] of BAR_CLASSES.entries())
      this.#drawBars(area, trend, label, x, plotBottom + row * BARS_PX + 4, step);
    this.#drawAlerts(area, x);
    this.#drawSelection(area, x, height);
  }

  #drawAxes(
    { context, width, height, colours }: PlotArea,
    trend: Trend,
    x: (timeMs: number) => number,
    y: (bpm: number) => number,
    low: number,
    high: number,
    bottom: number,
  ): void {
    const by = high - low > 120 ? 40 : 20;
    for (let bpm = Math.ceil(low / by) * by; bpm <= high; bpm += by) {
      context.fillStyle = colours.gridHeavy;
      context.fillRect(LEFT_PX, Math.round(y(bpm)), width - LEFT_PX - RIGHT_PX, 1);
      context.fillStyle = colours.textMuted;
      context.textAlign = 'right';
      context.fillText(`${bpm} bpm`, LEFT_PX - 7, y(bpm));
    }
    for (const [row, label] of BAR_CLASSES.entries())
      context.fillText(`${label} /min`, LEFT_PX - 7, bottom + (row + 0.5) * BARS_PX);
    const endMs = trend.start_ms + trend.mean.length * trend.step_s * 1000;
    const everyHours = width < 700 ? 6 : 2;
    context.textAlign = 'center';
    for (let at = Math.ceil(trend.start_ms / HOUR_MS) * HOUR_MS; at <= endMs; at += HOUR_MS) {
      const hour = new Date(at).getHours();
      context.fillStyle = colours.gridFine;
      context.fillRect(Math.round(x(at)), TOP_PX, 1, bottom - TOP_PX);
      if (hour % everyHours !== 0 || x(at) < LEFT_PX + 16 || x(at) > width - 24) continue;
      context.fillStyle = colours.textMuted;
      context.fillText(hourMinute(at), x(at), height - 7);
    }
  }

  #drawMean(
    { context, colours }: PlotArea,
    trend: Trend,
    x: (timeMs: number) => number,
    y: (bpm: number) => number,
    step: number,
  ): void {
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.4;
    context.lineJoin = 'round';
    context.beginPath();
    let penDown = false;
    trend.mean.forEach((mean, i) => {
      if (mean === null) {
        penDown = false;
        return;
      }
      const px = x(trend.start_ms + i * trend.step_s * 1000);
      if (!penDown) context.moveTo(px, y(mean));
      context.lineTo(px + step, y(mean));
      penDown = true;
    });
    context.stroke();
  }

  #drawBars(
    { context, colours }: PlotArea,
    trend: Trend,
    label: (typeof BAR_CLASSES)[number],
    x: (timeMs: number) => number,
    top: number,
    step: number,
  ): void {
    const height = BARS_PX - 6;
    const counts = trend.counts[label];
    const most = Math.max(10, ...counts);
    context.fillStyle = colours.classes[label];
    counts.forEach((count, i) => {
      if (count === 0) return;
      const bar = Math.max(1, (count / most) * height);
      context.fillRect(
        x(trend.start_ms + i * trend.step_s * 1000),
        top + height - bar,
        Math.max(1, step - 0.3),
        bar,
      );
    });
  }

  #drawAlerts({ context }: PlotArea, x: (timeMs: number) => number): void {
    const style = getComputedStyle(document.documentElement);
    for (const { start_t_ms, priority } of this.#alerts) {
      context.fillStyle = style.getPropertyValue(`--${priority}`);
      const at = x(start_t_ms);
      if (at < LEFT_PX) continue;
      context.beginPath();
      context.moveTo(at - 5, 3);
      context.lineTo(at + 5, 3);
      context.lineTo(at, 12);
      context.fill();
    }
  }

  #drawSelection({ context, colours }: PlotArea, x: (timeMs: number) => number, height: number): void {
    if (!this.#selected) return;
    const from = x(this.#selected.fromMs);
    const to = Math.max(from + 2, x(this.#selected.toMs));
    context.fillStyle = colours.caliper;
    context.globalAlpha = 0.18;
    context.fillRect(from, 0, to - from, height - FOOT_PX);
    context.globalAlpha = 1;
    context.fillRect(Math.round((from + to) / 2), 0, 1, height - FOOT_PX);
  }

  #x(trend: Trend, width: number, timeMs: number): number {
    const span = trend.mean.length * trend.step_s * 1000;
    return LEFT_PX + ((timeMs - trend.start_ms) / span) * (width - LEFT_PX - RIGHT_PX);
  }

  #timeAt(x: number): number | null {
    const trend = this.#trend;
    if (!trend) return null;
    const span = trend.mean.length * trend.step_s * 1000;
    const share = (x - LEFT_PX) / (this.#plot.box.clientWidth - LEFT_PX - RIGHT_PX);
    return trend.start_ms + Math.max(0, Math.min(1, share)) * span;
  }

  #key(event: KeyboardEvent): void {
    const minutes: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      PageUp: -60,
      PageDown: 60,
    };
    const by = minutes[event.key];
    if (by === undefined || !this.#selected) return;
    event.preventDefault();
    event.stopPropagation();
    this.#go((this.#selected.fromMs + this.#selected.toMs) / 2 + by * 60_000);
  }
}
