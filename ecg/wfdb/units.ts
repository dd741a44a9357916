/**
 * Units as headers write them. A voltage is known by its unit alone: whatever else a record holds (mmHg, /min, NU, adu) is
 * a number that is never taken for one.
 */
import type { SignalHeader } from './header.ts';
import { isLost } from './signal-formats.ts';

/** WFDB's name, and what recorders and EDF write: upper and lower case, both micro signs, whole words. */
const VOLTAGE = /^(m|u|\u00b5|\u03bc|\u00c2\u00b5|n|milli|micro|nano)? ?(?:v|volts?)$/i;

const MILLIVOLTS_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1000,
  m: 1,
  milli: 1,
  u: 1e-3,
  '\u00b5': 1e-3,
  '\u03bc': 1e-3,
  // A micro sign that was encoded twice.
  '\u00e2\u00b5': 1e-3,
  micro: 1e-3,
  n: 1e-6,
  nano: 1e-6,
};

/** null: the unit is no voltage. */
export function millivoltsPerUnit(units: string): number | null {
  const match = VOLTAGE.exec(units.trim());
  if (match === null) return null;
  return MILLIVOLTS_PER_UNIT[(match[1] ?? '').toLowerCase()] ?? null;
}

export function isVoltage({ units }: Pick<SignalHeader, 'units'>): boolean {
  return millivoltsPerUnit(units) !== null;
}

/** The unit of `toPhysical`: mV for every voltage, else the header's own. */
export function physicalUnits({ units }: Pick<SignalHeader, 'units'>): string {
  return millivoltsPerUnit(units) === null ? units : 'mV';
}

/** A signal in `physicalUnits`; NaN where a sample was lost. */
export function toPhysical(
  adc: ArrayLike<number>,
  signal: Pick<SignalHeader, 'units' | 'gain' | 'baseline'>,
): Float32Array<ArrayBuffer> {
  const unitsPerCount = (millivoltsPerUnit(signal.units) ?? 1) / signal.gain;
  const { baseline } = signal;
  const out = new Float32Array(adc.length);
  for (let i = 0; i < adc.length; i++) {
    const value = adc[i]!;
    out[i] = isLost(value) ? Number.NaN : (value - baseline) * unitsPerCount;
  }
  return out;
}
