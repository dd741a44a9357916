/**
 * Full disclosure: every second of five minutes or an hour, a line a minute, beats that are not normal in their
 * colour. Nothing is left out that was recorded; a click goes there.
 */
import { CLASS_LOOKS } from '../../style/class-looks.ts';
import { hourMinute } from '../../time.ts';
import { Plot } from './plot.ts';
import { type BeatsOfStretch, NO_VALUE } from './review-data.ts';

const LEFT_PX = 50;
const MINUTE_MS = 60_000;
/** Height of a millivolt, so that neighbouring lines do not run into each other. */
const PIXELS_PER_MV = { 5: 22, 60: 11 } as const;
const LINE_PX = { 5: 58, 60: 27 } as const;

export type DisclosureMinutes = 5 | 60;

export interface DisclosureData {
  readonly fromMs: number;
  readonly minutes: DisclosureMinutes;
  /** `columnsFor(minutes)` pairs a minute. */
  readonly outline: Int16Array;
  readonly beats: BeatsOfStretch;
}

export class Disclosure {
  readonly #plot = new Plot('disclosure', 'Full disclosure', 'Compressed ECG, one line a minute');
  #data: DisclosureData | null = null;
  #selected: { fromMs: number; toMs: number } | null = null;

  constructor(go: (timeMs: number) => void) {
    this.#plot.box.addEventListener('click', (event) => {
      const data = this.#data;
      if (!data) return;
      const box = this.#plot.box.getBoundingClientRect();
      const { scale } = this.#plot;
      const line = Math.floor((event.clientY - box.top) / scale / LINE_PX[data.minutes]);
      const width = this.#plot.box.clientWidth / scale - LEFT_PX - 4;
      const share = ((event.clientX - box.left) / scale - LEFT_PX) / width;
      go(data.fromMs + (line + Math.max(0, Math.min(1, share))) * MINUTE_MS);
    });
    new ResizeObserver(() => this.draw()).observe(this.#plot.box);
  }

  get element(): HTMLElement {
    return this.#plot.element;
  }

  /** Columns of a line: one a pixel. */
  columnsFor(): number {
    return Math.max(60, Math.floor(this.#plot.box.clientWidth - LEFT_PX * this.#plot.scale) - 4);
  }

  show(data: DisclosureData): void {
    this.#data = data;
    this.#plot.box.style.height = `${(data.minutes * LINE_PX[data.minutes] + 4) * this.#plot.scale}px`;
    const range = `${hourMinute(data.fromMs)} to ${hourMinute(data.fromMs + data.minutes * MINUTE_MS)}`;
    this.#plot.describe(`Full disclosure, ${range}, a line a minute`, `Compressed ECG from ${range}`);
    this.draw();
  }

  select(fromMs: number, toMs: number): void {
    this.#selected = { fromMs, toMs };
    this.draw();
  }

  draw(): void {
    const data = this.#data;
    const area = data && this.#plot.begin();
    if (!data || !area) return;
    const { context, width, colours } = area;
    const columns = data.outline.length / 2 / data.minutes;
    const scale = (width - LEFT_PX - 4) / columns;
    const lineHeight = LINE_PX[data.minutes];
    this.#drawSelection(context, data, columns * scale, lineHeight, colours.caliper);
    context.fillStyle = colours.textMuted;
    context.textAlign = 'right';
    for (let line = 0; line < data.minutes; line++) {
      if (data.minutes === 60 && line % 5 !== 0) continue;
      context.fillText(hourMinute(data.fromMs + line * MINUTE_MS), LEFT_PX - 8, (line + 0.5) * lineHeight);
    }
    const colourOf = this.#columnColours(data, columns, colours.classes);
    for (let line = 0; line < data.minutes; line++) {
      const zero = lineMedian(data.outline, line * columns, columns);
      if (zero === null) {
        drawNothing(context, colours.hole, LEFT_PX, (line + 0.56) * lineHeight, columns * scale);
        continue;
      }
      const y = (microvolts: number) =>
        (line + 0.56) * lineHeight -
        Math.max(-1.4, Math.min(2, (microvolts - zero) / 1000)) * PIXELS_PER_MV[data.minutes];
      let before: number | null = null;
      for (let column = 0; column < columns; column++) {
        const at = line * columns + column;
        const low = data.outline[2 * at]!;
        const high = data.outline[2 * at + 1]!;
        if (low === NO_VALUE) {
          drawNothing(context, colours.hole, LEFT_PX + column * scale, (line + 0.56) * lineHeight, scale);
          before = null;
          continue;
        }
        // Joined to the column before, or steep slopes would fall apart into dots.
        const top = y(before === null ? high : Math.max(high, Math.min(before, high + 4000)));
        const bottom = y(low);
        context.fillStyle = colourOf.get(at) ?? colours.ink;
        context.fillRect(
          LEFT_PX + column * scale,
          top,
          Math.max(0.8 / this.#plot.scale, scale),
          Math.max(0.9, bottom - top),
        );
        before = low;
      }
    }
    if (data.minutes === 5) this.#drawLetters(context, data, columns * scale, lineHeight, colours.classes);
  }

  #columnColours(
    data: DisclosureData,
    columns: number,
    classes: Readonly<Record<string, string>>,
  ): ReadonlyMap<number, string> {
    const colours = new Map<number, string>();
    const reach = Math.ceil((columns / 60) * 0.16);
    data.beats.timesMs.forEach((timeMs, i) => {
      const label = data.beats.labels[i];
      if (!label || label === 'N' || label === '/') return;
      const middle = Math.round(((timeMs - data.fromMs) / MINUTE_MS) * columns);
      for (let at = middle - reach; at <= middle + reach; at++) colours.set(at, classes[label]!);
    });
    return colours;
  }

  #drawLetters(
    context: CanvasRenderingContext2D,
    data: DisclosureData,
    lineWidth: number,
    lineHeight: number,
    classes: Readonly<Record<string, string>>,
  ): void {
    context.textAlign = 'center';
    data.beats.timesMs.forEach((timeMs, i) => {
      const label = data.beats.labels[i];
      if (!label || label === 'N' || label === '/') return;
      const minutes = (timeMs - data.fromMs) / MINUTE_MS;
      const line = Math.floor(minutes);
      context.fillStyle = classes[label]!;
      context.fillText(
        CLASS_LOOKS[label].letter,
        LEFT_PX + (minutes - line) * lineWidth,
        line * lineHeight + 7,
      );
    });
  }

  #drawSelection(
    context: CanvasRenderingContext2D,
    data: DisclosureData,
    lineWidth: number,
    lineHeight: number,
    colour: string,
  ): void {
    if (!this.#selected) return;
    context.fillStyle = colour;
    context.globalAlpha = 0.14;
    const from = (this.#selected.fromMs - data.fromMs) / MINUTE_MS;
    const to = (this.#selected.toMs - data.fromMs) / MINUTE_MS;
    for (let line = Math.max(0, Math.floor(from)); line < Math.min(data.minutes, to); line++) {
      const start = Math.max(from, line) - line;
      const end = Math.min(to, line + 1) - line;
      context.fillRect(LEFT_PX + start * lineWidth, line * lineHeight, (end - start) * lineWidth, lineHeight);
    }
    context.globalAlpha = 1;
  }
}

/** A thin grey line: here was no recording, which is not a flat line of the heart. */
function drawNothing(
  context: CanvasRenderingContext2D,
  colour: string,
  x: number,
  y: number,
  width: number,
): void {
  context.fillStyle = colour;
  for (let at = Math.ceil(x / 6) * 6; at < x + width; at += 6) context.fillRect(at, y, 2, 1);
}

/** The middle of a line's outline: where its baseline is. */
function lineMedian(outline: Int16Array, first: number, columns: number): number | null {
  const values: number[] = [];
  for (let i = first; i < first + columns; i += 3) {
    if (outline[2 * i] !== NO_VALUE) values.push((outline[2 * i]! + outline[2 * i + 1]!) / 2);
  }
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  return values[values.length >> 1]!;
}
