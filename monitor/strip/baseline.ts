/**
 * Unfiltered signals may sit far from 0 mV (electrode offset). Their line is centred by its median, which moves
 * it and changes nothing else; filtered ones need nothing.
 */
import type { StripLead } from './strip-signal.ts';

const SAMPLED = 400;

export function medianMv(lead: StripLead, from: number, to: number): number {
  const values: number[] = [];
  const step = Math.max(1, Math.floor((to - from) / SAMPLED));
  for (let i = Math.floor(from); i < to; i += step) {
    const value = lead.shown.at(i);
    if (!Number.isNaN(value)) values.push(value);
  }
  if (values.length === 0) return 0;
  values.sort((a, b) => a - b);
  return values[values.length >> 1]!;
}
