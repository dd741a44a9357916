/**
 * What is alarmed about the signal itself: an electrode off (any lead), and the analysed lead unreadable for any
 * other reason. Off is the more precise word, so a lead that is off is not also called unreadable.
 */
import type { LeadQuality, QualityChange } from '../types.ts';
import { HeldCondition } from './held-condition.ts';
import type { AlertIssuer } from './issuer.ts';
import type { RhythmSettings } from './settings.ts';

const REASONS: Readonly<Record<LeadQuality, string>> = {
  good: 'The signal can be read',
  noisy: 'Too noisy to read',
  flat: 'No signal: the lead is flat',
  saturated: 'The amplifier is saturated',
  off: 'An electrode is off',
  settling: 'The signal is settling',
  stalled: 'No samples arrive',
};

export class SignalRule {
  readonly #off: HeldCondition;
  readonly #poor: HeldCondition;
  readonly #leadNames: readonly string[];
  readonly #analysedLead: number;
  readonly #states: LeadQuality[];
  readonly #settlingSamples: number;
  #settlingSince: number | null = 0;

  constructor(
    issuer: AlertIssuer,
    settings: RhythmSettings,
    rateHz: number,
    leadNames: readonly string[],
    analysedLead: number,
  ) {
    const off = settings.leadOffSeconds * rateHz;
    const poor = settings.poorSignalSeconds * rateHz;
    this.#off = new HeldCondition('lead_off', issuer, off, off);
    this.#poor = new HeldCondition('poor_signal', issuer, poor, poor);
    this.#leadNames = leadNames;
    this.#analysedLead = analysedLead;
    this.#states = leadNames.map(() => 'settling');
    this.#settlingSamples = settings.settlingSeconds * rateHz;
  }

  change(change: QualityChange): void {
    if (change.lead < 0 || change.lead >= this.#states.length) return;
    this.#states[change.lead] = change.quality;
    const off = this.#leadNames.filter((_, lead) => this.#states[lead] === 'off');
    this.#off.set(
      off.length > 0,
      change.sample,
      off.length > 0 ? `${REASONS.off}: ${off.join(', ')}` : 'All electrodes have contact',
      { leads: off },
    );
    if (change.lead !== this.#analysedLead) return;
    if (change.quality === 'settling') this.#settlingSince = change.sample;
    else {
      this.#settlingSince = null;
      this.#setPoor(change.quality, change.sample);
    }
  }

  tick(now: number): void {
    if (this.#settlingSince !== null && now - this.#settlingSince >= this.#settlingSamples) {
      this.#setPoor('settling', this.#settlingSince);
      this.#settlingSince = null;
    }
    this.#off.tick(now);
    this.#poor.tick(now);
  }

  #setPoor(quality: LeadQuality, sample: number): void {
    const unreadable = quality !== 'good' && quality !== 'off' && quality !== 'stalled';
    this.#poor.set(unreadable, sample, REASONS[quality], {
      quality,
      lead: this.#leadNames[this.#analysedLead] ?? null,
    });
  }
}
