/** Between ADC values and millivolts. */
import type { SignalHeader } from './header.ts';
import { findFormat } from './signal-formats.ts';

const MILLIVOLTS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['mV', 1],
  ['V', 1000],
  ['uV', 0.001],
  ['µV', 0.001],
  ['nV', 1e-6],
]);

/**
 * A signal in millivolts; NaN where a sample was lost. Units that are no voltage stay as they are: a
 * pressure in mmHg is a number per mmHg, and `header.units` says so.
 */
export function toMillivolts(adc: ArrayLike<number>, signal: SignalHeader): Float32Array<ArrayBuffer> {
  const { invalid } = findFormat(signal.format, signal.fileName);
  const millivoltsPerCount = (MILLIVOLTS_PER_UNIT.get(signal.units) ?? 1) / signal.gain;
  const out = new Float32Array(adc.length);
  for (let i = 0; i < adc.length; i++) {
    const value = adc[i]!;
    out[i] = value === invalid ? Number.NaN : (value - signal.baseline) * millivoltsPerCount;
  }
  return out;
}
