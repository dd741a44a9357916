/** A signal as a line on ECG paper: 25 mm a second, 10 mm a millivolt. */
import { INK, type Line } from './drawing.ts';

export const MM_PER_SECOND = 25;
export const MM_PER_MILLIVOLT = 10;

const STROKE_MM = 0.25;
/** Finer detail than this is drawn as its lowest and highest point: nobody can see more, and pages stay small. */
const COLUMN_MM = 0.3;

export interface TraceBox {
  readonly x: number;
  readonly y: number;
  readonly heightMm: number;
}

/**
 * Lines of the `count` samples (millivolts) from `first`; a lost sample (NaN) interrupts. The median is in
 * the middle of the box, or the middle of the range where only that fits; what leaves the box all the same is drawn
 * on its edge.
 */
export function traceLines(
  samples: Float32Array,
  first: number,
  count: number,
  rateHz: number,
  box: TraceBox,
): Line[] {
  const middleMv = middleOf(samples.subarray(first, first + count), box.heightMm / MM_PER_MILLIVOLT);
  const yOf = (millivolts: number) =>
    Math.min(
      box.y + box.heightMm,
      Math.max(box.y, box.y + box.heightMm / 2 - (millivolts - middleMv) * MM_PER_MILLIVOLT),
    );
  const lines: Line[] = [];
  let points: number[] = [];
  const interrupt = () => {
    if (points.length > 2) lines.push({ kind: 'line', points, strokeMm: STROKE_MM, colour: INK });
    points = [];
  };
  const columnSamples = Math.max(1, Math.floor((COLUMN_MM / MM_PER_SECOND) * rateHz));
  for (let from = first; from < first + count; from += columnSamples) {
    const to = Math.min(from + columnSamples, first + count);
    let lowest = -1;
    let highest = -1;
    for (let i = from; i < to; i++) {
      const value = samples[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      if (lowest < 0 || value < samples[lowest]!) lowest = i;
      if (highest < 0 || value > samples[highest]!) highest = i;
    }
    if (lowest < 0) {
      interrupt();
      continue;
    }
    const inOrder = lowest === highest ? [lowest] : [Math.min(lowest, highest), Math.max(lowest, highest)];
    for (const i of inOrder) {
      points.push(box.x + ((i - first) / rateHz) * MM_PER_SECOND, yOf(samples[i]!));
    }
  }
  interrupt();
  return lines;
}

function middleOf(values: Float32Array, heightMv: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const median = sorted[sorted.length >> 1] ?? 0;
  const lowest = sorted[0] ?? 0;
  const highest = sorted.at(-1) ?? 0;
  const fits = Math.max(highest - median, median - lowest) <= heightMv / 2;
  return fits || highest - lowest > heightMv ? median : (lowest + highest) / 2;
}
