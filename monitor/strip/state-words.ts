/** What a lead that cannot be read is called on the paper. */
import type { LeadQuality } from '@rhythmd/ecg/types.ts';

export const STATE_WORDS: Readonly<Record<Exclude<LeadQuality, 'good'>, string>> = {
  noisy: 'UNREADABLE',
  flat: 'FLAT',
  saturated: 'SATURATED',
  off: 'LEAD OFF',
  settling: 'SETTLING',
  stalled: 'STALLED',
};
