/** Axes that hold all of their values, with ticks at round numbers. */
import type { Axis } from './plot.ts';

/** A share of 1 has no error to take the logarithm of; an axis ends before. */
const MOST_SHARE = 0.9999;
const SHARE_TICKS = [0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, MOST_SHARE];
const STEPS_OF_A_DECADE = [1, 2, 5];
/** More marks than this on a logarithmic axis: only whole decades. */
const MAX_LOG_TICKS = 9;
const MAX_LINEAR_TICKS = 7;

type Format = (value: number) => string;

/** Shares spaced by their error, from the round share below all values to the one above. */
export function errorAxis(label: string, values: readonly number[], format: Format): Axis {
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  const max = SHARE_TICKS.find((tick) => tick > highest) ?? MOST_SHARE;
  const min = SHARE_TICKS.findLast((tick) => tick <= lowest && tick < max) ?? 0;
  const ticks = SHARE_TICKS.filter((tick) => tick >= min && tick <= max);
  return { label, scale: 'log-error', min, max, ticks, format };
}

/** What an error axis can show. */
export function withinErrorAxis(share: number): number {
  return Math.min(share, MOST_SHARE);
}

/** @param values above zero */
export function logAxis(label: string, values: readonly number[], format: Format): Axis {
  const min = roundDown(Math.min(...values) / 1.05);
  const max = roundUp(Math.max(...values) * 1.05);
  const all = logTicks(min, max);
  const decades = all.filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6));
  return { label, scale: 'log', min, max, ticks: all.length > MAX_LOG_TICKS ? decades : all, format };
}

/** A logarithmic axis of a fixed range. */
export function fixedLogAxis(label: string, min: number, max: number, format: Format): Axis {
  return { label, scale: 'log', min, max, ticks: logTicks(min, max), format };
}

/** Whole numbers from 1, as epochs are counted. */
export function countAxis(label: string, count: number): Axis {
  const step = Math.max(1, Math.ceil(count / MAX_LINEAR_TICKS));
  const ticks = Array.from({ length: Math.ceil(count / step) }, (_, i) => 1 + i * step);
  return { label, scale: 'linear', min: 0.5, max: count + 0.5, ticks, format: String };
}

function logTicks(min: number, max: number): number[] {
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(min)) - 1; exponent <= Math.ceil(Math.log10(max)); exponent++) {
    for (const step of STEPS_OF_A_DECADE) {
      // From text: 5 * 10 ** -2 is 0.05 only there.
      const tick = Number(`${step}e${exponent}`);
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  return ticks;
}

function roundDown(value: number): number {
  const exponent = Math.floor(Math.log10(value));
  const step = STEPS_OF_A_DECADE.filter((factor) => Number(`${factor}e${exponent}`) <= value).at(-1) ?? 1;
  return Number(`${step}e${exponent}`);
}

function roundUp(value: number): number {
  const exponent = Math.floor(Math.log10(value));
  const step = STEPS_OF_A_DECADE.find((factor) => Number(`${factor}e${exponent}`) >= value);
  return step === undefined ? Number(`1e${exponent + 1}`) : Number(`${step}e${exponent}`);
}
