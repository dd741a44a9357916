/** Two legs in time, two in amplitude: what stands between them, and how to draw them. Pure but for the drawing. */
import type { StripColours } from './colours.ts';
import type { PaperLayout } from './layout.ts';

export interface CaliperLegs {
  /** Samples. */
  readonly a: number;
  readonly b: number;
  readonly lead: number;
  /** Millivolts above the zero line of that lead. */
  readonly fromMv: number;
  readonly toMv: number;
}

export interface Measurement {
  readonly ms: number;
  /** Of a rhythm with this interval; null when the legs stand together. */
  readonly bpm: number | null;
  readonly mv: number;
}

export function measure(legs: CaliperLegs, rateHz: number): Measurement {
  const ms = (Math.abs(legs.b - legs.a) / rateHz) * 1000;
  return { ms, bpm: ms > 0 ? 60_000 / ms : null, mv: legs.toMv - legs.fromMv };
}

export function describeMeasurement({ ms, bpm, mv }: Measurement): string {
  const rate = bpm === null || bpm > 999 ? '' : `  ${Math.round(bpm)} bpm`;
  return `${Math.round(ms)} ms${rate}  ${mv < 0 ? '−' : ''}${Math.abs(mv).toFixed(2)} mV`;
}

export function bandAt(layout: PaperLayout, y: number): number {
  const found = layout.bands.findIndex((band) => y < band.top + band.height);
  return found < 0 ? layout.bands.length - 1 : found;
}

export function millivoltsAt(layout: PaperLayout, lead: number, y: number): number {
  return (layout.bands[lead]!.zeroY - y) / layout.bands[lead]!.pixelsPerMv;
}

export function yOfMillivolts(layout: PaperLayout, lead: number, mv: number): number {
  return layout.bands[lead]!.zeroY - mv * layout.bands[lead]!.pixelsPerMv;
}

/** @param march repeats the interval over the whole paper, as a divider is walked along it. */
export function drawCalipers(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  colours: StripColours,
  legs: CaliperLegs,
  xOf: (sample: number) => number,
  march: boolean,
): void {
  const [xA, xB] = [xOf(legs.a), xOf(legs.b)];
  const yFrom = yOfMillivolts(layout, legs.lead, legs.fromMv);
  const yTo = yOfMillivolts(layout, legs.lead, legs.toMv);
  const bottom = layout.height - 18;
  context.strokeStyle = colours.caliper;
  context.lineWidth = 1.5;
  line(context, xA, 0, xA, bottom);
  line(context, xB, 0, xB, bottom);
  context.setLineDash([6, 4]);
  const [left, right] = [Math.min(xA, xB) - 24, Math.max(xA, xB) + 24];
  line(context, left, yFrom, right, yFrom);
  line(context, left, yTo, right, yTo);
  const step = Math.abs(xB - xA);
  if (march && step > 8) {
    context.globalAlpha = 0.6;
    for (let x = Math.max(xA, xB) + step; x < layout.width; x += step) line(context, x, 44, x, bottom);
    for (let x = Math.min(xA, xB) - step; x > layout.left; x -= step) line(context, x, 44, x, bottom);
    context.globalAlpha = 1;
  }
  context.setLineDash([]);
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** A sign with words, kept inside the paper. */
export function drawSign(
  context: CanvasRenderingContext2D,
  layout: PaperLayout,
  colours: StripColours,
  words: string,
  x: number,
  y: number,
): void {
  const scale = layout.textScale;
  context.font = `600 ${14 * scale}px ${colours.font}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const width = context.measureText(words).width + 16 * scale;
  const at = Math.max(layout.left, Math.min(layout.width - width - 4, x - width / 2));
  context.fillStyle = colours.paper;
  context.fillRect(at, y - 13 * scale, width, 26 * scale);
  context.strokeStyle = colours.caliper;
  context.lineWidth = 1;
  context.strokeRect(at + 0.5, y - 13 * scale + 0.5, width - 1, 26 * scale - 1);
  context.fillStyle = colours.text;
  context.fillText(words, at + 8 * scale, y);
}
