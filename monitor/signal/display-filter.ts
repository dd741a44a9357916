/**
 * What the eye gets. Only for display: detection and recording see the signal as received. Whatever is on
 * is written on the paper.
 */
import { Biquad, highPass, lowPass, notch } from '@rhythmd/ecg/signal/biquad.ts';

export type FilterBand = 'off' | 'monitor';
export type Mains = 'none' | '50' | '60';

/** The band of bedside monitors (IEC 60601-2-27, monitoring mode); it flattens baselines and slow ST changes. */
const MONITOR_BAND_HZ = { low: 0.5, high: 40 } as const;
/** About 2 Hz wide: narrow enough to leave the QRS alone, wide enough for mains that drifts. */
const NOTCH_QUALITY = 25;

export function describeFilter(band: FilterBand, mains: Mains): string {
  const pass = band === 'monitor' ? `${MONITOR_BAND_HZ.low}–${MONITOR_BAND_HZ.high} Hz` : 'unfiltered';
  return mains === 'none' ? pass : `${pass}, ${mains} Hz notch`;
}

export class DisplayFilter {
  readonly #sections: Biquad[] = [];
  #settled = false;

  constructor(band: FilterBand, mains: Mains, rateHz: number) {
    if (band === 'monitor') {
      this.#sections.push(new Biquad(highPass(MONITOR_BAND_HZ.low / rateHz)));
      this.#sections.push(new Biquad(lowPass(MONITOR_BAND_HZ.high / rateHz)));
    }
    if (mains !== 'none') this.#sections.push(new Biquad(notch(Number(mains) / rateHz, NOTCH_QUALITY)));
  }

  /** In place of `input`; after a gap (NaN) it starts afresh instead of ringing over it. */
  process(input: Float32Array, output: Float32Array): void {
    for (let i = 0; i < input.length; i++) {
      let value = input[i]!;
      if (Number.isNaN(value)) {
        this.#settled = false;
        output[i] = value;
        continue;
      }
      for (const section of this.#sections)
        value = this.#settled ? section.push(value) : section.settleAt(value);
      this.#settled = true;
      output[i] = value;
    }
  }

  /** The stream jumps: what comes next does not follow what came last. */
  interrupt(): void {
    this.#settled = false;
  }
}
