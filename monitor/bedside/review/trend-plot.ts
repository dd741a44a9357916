/**
 * An hour, a day or all of it: heart rate as a line with its range, and below it bars for ventricular and supraventricular beats, suspected
 * atrial fibrillation and signal that could not be read; alerts above, what was not recorded in grey. A click goes there, arrows
 * move by minutes.
 */

import type { Trend } from '@rhythmd/ecg/review/trend.ts';
import type { AlertEvent } from '@rhythmd/protocol/events.ts';
import { setAttributes } from '../../dom.ts';
import type { StripColours } from '../../strip/colours.ts';
import { clockTime, dayOf, hourMinute } from '../../time.ts';
import { Plot, type PlotArea } from './plot.ts';

const LEFT_PX = 74;
const RIGHT_PX = 14;
const TOP_PX = 18;
/** One row of bars each. */
const BARS_PX = 24;
interface BarRow {
  readonly words: string;
  /** A value a step, 0 to `most`; null: not known. */
  readonly values: (trend: Trend) => readonly (number | null)[];
  /** What fills the row; null: the largest value, but at least ten. */
  readonly most: number | null;
  readonly colour: (colours: StripColours) => string;
}
const ROWS: readonly BarRow[] = [
  {
    words: 'V /min',
    values: (trend) => perMinute(trend, 'V'),
    most: null,
    colour: ({ classes }) => classes.V,
  },
  {
    words: 'S /min',
    values: (trend) => perMinute(trend, 'S'),
    most: null,
    colour: ({ classes }) => classes.S,
  },
  { words: 'AF', values: ({ fibrillation }) => fibrillation, most: 1, colour: ({ caliper }) => caliper },
  {
    words: 'unreadable',
    values: ({ readable }) => readable.map((share) => (share === null ? null : 1 - share)),
    most: 1,
    colour: ({ inkMuted }) => inkMuted,
  },
];
const FOOT_PX = 16;
const MINUTE_MS = 60_000;
const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** Room for a time below the plot. */
const TICK_PX = 64;
const TICKS_MS = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE_MS);

export class TrendPlot {
  readonly #plot = new Plot('trend', 'Heart rate', 'Heart rate by minute');
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
    const words = summary(trend);
    this.#plot.describe(words, words);
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
    const plotBottom = height - FOOT_PX - ROWS.length * BARS_PX;
    const rates = [...trend.min, ...trend.max]
      .filter((rate): rate is number => rate !== null)
      .sort((a, b) => a - b);
    // The central 99 %: one odd interval must not flatten a day.
    const low = Math.floor(Math.min(50, rates[Math.floor(rates.length * 0.005)] ?? 50) / 10) * 10;
    const high = Math.ceil(Math.max(110, rates[Math.floor(rates.length * 0.995)] ?? 110) / 10) * 10;
    const y = (bpm: number) =>
      TOP_PX + (1 - (Math.min(high, Math.max(low, bpm)) - low) / (high - low)) * (plotBottom - TOP_PX);
    this.#drawNotRecorded(area, trend, x, height - FOOT_PX);
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
    for (const [row, bars] of ROWS.entries())
      this.#drawBars(area, trend, bars, x, plotBottom + row * BARS_PX + 4, step);
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
    for (const [row, { words }] of ROWS.entries())
      context.fillText(words, LEFT_PX - 7, bottom + (row + 0.5) * BARS_PX);
    const endMs = trend.start_ms + trend.mean.length * trend.step_s * 1000;
    const stepMs = tickMs(endMs - trend.start_ms, (width - LEFT_PX - RIGHT_PX) / TICK_PX);
    context.textAlign = 'center';
    // Full hours of the reader's zone, whatever its distance to UTC is.
    const shiftMs = new Date(trend.start_ms).getTimezoneOffset() * 60_000;
    const first = Math.ceil((trend.start_ms - shiftMs) / stepMs) * stepMs + shiftMs;
    for (let at = first; at <= endMs; at += stepMs) {
      context.fillStyle = colours.gridFine;
      context.fillRect(Math.round(x(at)), TOP_PX, 1, bottom - TOP_PX);
      if (x(at) < LEFT_PX + 16 || x(at) > width - 24) continue;
      context.fillStyle = colours.textMuted;
      context.fillText(stepMs >= DAY_MS ? dayOf(at).slice(0, -5) : hourMinute(at), x(at), height - 7);
    }
  }

  /** Grey where there was no recording: no bar there is not good news. */
  #drawNotRecorded(
    { context, colours }: PlotArea,
    trend: Trend,
    x: (timeMs: number) => number,
    bottom: number,
  ): void {
    context.fillStyle = colours.hole;
    context.globalAlpha = 0.25;
    let since: number | null = null;
    for (let i = 0; i <= trend.recorded.length; i++) {
      const isMissing = i < trend.recorded.length && trend.recorded[i] === 0;
      const at = x(trend.start_ms + i * trend.step_s * 1000);
      if (isMissing) since ??= at;
      else if (since !== null) {
        context.fillRect(since, TOP_PX, at - since, bottom - TOP_PX);
        since = null;
      }
    }
    context.globalAlpha = 1;
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
    bars: BarRow,
    x: (timeMs: number) => number,
    top: number,
    step: number,
  ): void {
    const height = BARS_PX - 6;
    const values = bars.values(trend);
    const most = bars.most ?? values.reduce<number>((largest, value) => Math.max(largest, value ?? 0), 10);
    context.fillStyle = bars.colour(colours);
    values.forEach((value, i) => {
      if (value === null || value === 0) return;
      const bar = Math.max(1, (value / most) * height);
      context.fillRect(
        x(trend.start_ms + i * trend.step_s * 1000),
        top + height - bar,
        Math.max(1, step - 0.3),
        bar,
      );
    });
  }

  #drawAlerts({ context, width }: PlotArea, x: (timeMs: number) => number): void {
    const style = getComputedStyle(document.documentElement);
    for (const { start_t_ms, priority } of this.#alerts) {
      context.fillStyle = style.getPropertyValue(`--${priority}`);
      const at = x(start_t_ms);
      if (at < LEFT_PX || at > width - RIGHT_PX) continue;
      context.beginPath();
      context.moveTo(at - 5, 3);
      context.lineTo(at + 5, 3);
      context.lineTo(at, 12);
      context.fill();
    }
  }

  #drawSelection({ context, colours, width }: PlotArea, x: (timeMs: number) => number, height: number): void {
    if (!this.#selected) return;
    const inside = (at: number) => Math.max(LEFT_PX, Math.min(width - RIGHT_PX, at));
    const from = inside(x(this.#selected.fromMs));
    const to = Math.max(from + 2, inside(x(this.#selected.toMs)));
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
    const { scale, box } = this.#plot;
    const share = (x / scale - LEFT_PX) / (box.clientWidth / scale - LEFT_PX - RIGHT_PX);
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

function perMinute({ counts, step_s }: Trend, label: 'V' | 'S'): number[] {
  return counts[label].map((count) => (count * 60) / step_s);
}

/** The finest that leaves room for every label. */
function tickMs(spanMs: number, labels: number): number {
  return TICKS_MS.find((ms) => spanMs / ms <= labels) ?? TICKS_MS.at(-1)!;
}

/** In words, also for those who do not see the plot. */
function summary(trend: Trend): string {
  const known = trend.mean.filter((rate): rate is number => rate !== null);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const hours = (trend.mean.length * trend.step_s) / 3600;
  const span = hours >= 48 ? `${Math.round(hours / 24)} days` : `${Math.round(10 * hours) / 10} h`;
  if (known.length === 0) return `${span}, nothing recorded`;
  const af = trend.fibrillation.filter((share): share is number => share !== null);
  const readable = trend.readable.filter((share): share is number => share !== null);
  const percent = (shares: readonly number[]) =>
    shares.length === 0 ? '--' : `${((100 * sum(shares)) / shares.length).toFixed(1)} %`;
  return [
    `Heart rate, ${span}: ${Math.round(Math.min(...known))} to ${Math.round(Math.max(...known))} bpm`,
    `V ${sum(trend.counts.V)}`,
    `S ${sum(trend.counts.S)}`,
    `suspected AF ${percent(af)}`,
    `readable ${percent(readable)}`,
  ].join(' · ');
}
