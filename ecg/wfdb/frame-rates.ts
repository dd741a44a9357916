/**
 * Signals of different rates in one record. A frame (WFDB) or a data record (EDF) holds a whole number of samples of each;
 * they are delivered at one rate, that of the fastest ECG lead: slower ones stand still between their samples, of faster
 * ones the mean is taken.
 */
import { ecgSignals } from '../lead-names.ts';
import type { SignalHeader } from './header.ts';
import { isLost, LOST_SAMPLE } from './signal-formats.ts';
import { isVoltage } from './units.ts';

/** Samples per frame at which all signals are delivered. */
export function deliveredPerFrame(signals: readonly SignalHeader[]): number {
  const leads = ecgSignals(
    signals.map((signal) => ({ name: signal.description, isVoltage: isVoltage(signal) })),
  );
  const rates = (leads.length > 0 ? leads.map((lead) => signals[lead]!) : signals).map(
    ({ samplesPerFrame }) => samplesPerFrame,
  );
  return Math.max(1, ...rates);
}

/**
 * @param stored one signal's samples from the start of some frame on, `perFrame` a frame
 * @param skip samples at the delivered rate between that start and the first one wanted
 */
export function deliver(
  stored: Int32Array,
  perFrame: number,
  delivered: number,
  skip: number,
  count: number,
): Int32Array<ArrayBuffer> {
  const out = new Int32Array(count);
  if (perFrame === delivered) {
    for (let i = 0; i < count; i++) out[i] = stored[skip + i]!;
    return out;
  }
  const step = perFrame / delivered;
  if (step <= 1 || !Number.isInteger(step)) {
    for (let i = 0; i < count; i++) out[i] = stored[Math.floor((skip + i) * step)]!;
    return out;
  }
  for (let i = 0, from = skip * step; i < count; i++, from += step) {
    let sum = 0;
    for (let k = from; k < from + step; k++) {
      const value = stored[k]!;
      if (isLost(value)) {
        sum = LOST_SAMPLE * step;
        break;
      }
      sum += value;
    }
    out[i] = Math.round(sum / step);
  }
  return out;
}
