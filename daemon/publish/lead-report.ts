/** The state of the leads as one message: what is connected, and in words why not. */
import type { LeadQuality, QualityChange } from '@rhythmd/ecg/types.ts';
import type { LeadEvent } from '@rhythmd/protocol/events.ts';

const REASONS: Readonly<Record<Exclude<LeadQuality, 'good'>, string>> = {
  noisy: 'the signal is too noisy to read: check the electrodes and keep still',
  flat: 'the signal is flat: check that the electrodes are on and the cable is plugged in',
  saturated: 'the amplifier is saturated: check the electrodes and wait for it to settle',
  off: 'an electrode has no contact',
  settling: 'the signal has just begun: listening before judging',
  stalled: 'no samples arrive',
};

export class LeadReport {
  readonly #names: readonly string[];
  readonly #qualities: LeadQuality[];
  readonly #analysed: number;
  #stalledReason: string | null = null;
  readonly #wallAt: (monotonicMs: number) => number;
  /** On the clock that nobody sets: should the other be set, it is told anew. */
  #sinceMs: number;
  #sinceSample: number | null = null;

  /** @param sinceMs on the clock that nobody sets, as all times here; @param wallAt from there to wall time */
  constructor(
    names: readonly string[],
    analysedLead: number,
    sinceMs: number,
    wallAt: (monotonicMs: number) => number,
  ) {
    this.#names = names;
    this.#qualities = names.map(() => 'settling');
    this.#analysed = analysedLead;
    this.#sinceMs = sinceMs;
    this.#wallAt = wallAt;
  }

  /** @param atMs when `change.sample` arrived */
  change(change: QualityChange, atMs: number): LeadEvent {
    this.#qualities[change.lead] = change.quality;
    if (change.lead === this.#analysed) {
      this.#sinceMs = atMs;
      this.#sinceSample = change.sample;
    }
    return this.event();
  }

  /** @param reason a sentence; null when samples arrive again */
  stalled(reason: string | null, nowMs: number): LeadEvent {
    this.#stalledReason = reason;
    this.#sinceMs = nowMs;
    this.#sinceSample = null;
    return this.event();
  }

  event(): LeadEvent {
    const isStalled = this.#stalledReason !== null;
    const quality = isStalled ? 'stalled' : (this.#qualities[this.#analysed] ?? 'settling');
    return {
      v: 1,
      connected: quality !== 'off' && quality !== 'stalled',
      quality,
      reason: this.#stalledReason ?? (quality === 'good' ? null : REASONS[quality]),
      analysed: this.#names[this.#analysed] ?? null,
      since_ms: Math.round(this.#wallAt(this.#sinceMs)),
      since_sample: this.#sinceSample,
      leads: this.#names.map((name, lead) => ({
        name,
        quality: isStalled ? 'stalled' : (this.#qualities[lead] ?? 'settling'),
      })),
    };
  }
}
