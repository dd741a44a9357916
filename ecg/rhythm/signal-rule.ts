/**
 * What is alarmed about the signal itself: an electrode off (any lead), and the analysed lead unreadable for any
 * other reason. Off is the more precise word, so a lead that is off is not also called unreadable.
 *
 * A monitor that cannot see must say so louder the longer it lasts: of low priority at once, medium after
 * `unreadableMediumSeconds`; and high when an alarm of high priority stood, or the rhythm network saw a dangerous rhythm, as
 * the signal went, and no alarm stands for it any longer. It stays high until the signal is back: nobody knows what
 * became of the patient.
 */
import type { AlertPriority, LeadQuality, QualityChange } from '../types.ts';
import { HeldCondition } from './held-condition.ts';
import type { AlertIssuer } from './issuer.ts';
import type { RhythmSettings } from './settings.ts';

const REASONS: Readonly<Record<LeadQuality, string>> = {
  good: 'The signal can be read',
  noisy: 'Too noisy to read',
  flat: 'No signal: a dead line, or no samples',
  saturated: 'The amplifier is saturated',
  off: 'An electrode is off',
  settling: 'The signal is settling',
  stalled: 'No samples arrive',
};

/** What is known of the patient as the signal goes. */
export interface Danger {
  /** An alarm of high priority stands, or the rhythm network is about to make one. */
  readonly isSeen: () => boolean;
  /** Whether an alert of this kind stands. */
  readonly isTold: () => boolean;
}

export class SignalRule {
  readonly #off: HeldCondition;
  readonly #poor: HeldCondition;
  readonly #leadNames: readonly string[];
  readonly #analysedLead: number;
  readonly #states: LeadQuality[];
  readonly #settlingSamples: number;
  readonly #mediumSamples: number;
  readonly #danger: Danger;
  /** The patient was in danger when the signal went. */
  #wentInDanger = false;
  #isHigh = false;
  #isBlind = false;
  #settlingSince: number | null = 0;

  constructor(
    issuer: AlertIssuer,
    settings: RhythmSettings,
    rateHz: number,
    leadNames: readonly string[],
    analysedLead: number,
    danger: Danger,
  ) {
    const off = settings.leadOffSeconds * rateHz;
    const poor = settings.poorSignalSeconds * rateHz;
    this.#off = new HeldCondition('lead_off', issuer, off, off);
    this.#poor = new HeldCondition('poor_signal', issuer, poor, poor);
    this.#mediumSamples = settings.unreadableMediumSeconds * rateHz;
    this.#danger = danger;
    this.#leadNames = leadNames;
    this.#analysedLead = analysedLead;
    this.#states = leadNames.map(() => 'settling');
    this.#settlingSamples = settings.settlingSeconds * rateHz;
  }

  change(change: QualityChange): void {
    if (change.lead < 0 || change.lead >= this.#states.length) return;
    this.#states[change.lead] = change.quality;
    if (change.lead === this.#analysedLead) this.#noteDanger(change.quality);
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
    this.#off.setPriority(this.#mustBeHigh() ? 'high' : undefined, now);
    this.#poor.setPriority(this.#poorPriority(now), now);
    this.#off.tick(now);
    this.#poor.tick(now);
  }

  #noteDanger(quality: LeadQuality): void {
    const isBlind = quality !== 'good' && quality !== 'settling';
    if (isBlind && !this.#isBlind) this.#wentInDanger = this.#danger.isSeen();
    if (quality === 'good') this.#wentInDanger = false;
    // A lead that settles after it was off is not back yet.
    if (quality !== 'settling') this.#isBlind = isBlind;
  }

  /** The alarm that stood is gone with the signal: this one takes its place. */
  #mustBeHigh(): boolean {
    this.#isHigh = this.#wentInDanger && (this.#isHigh || !this.#danger.isTold());
    return this.#isHigh;
  }

  #poorPriority(now: number): AlertPriority | undefined {
    if (this.#mustBeHigh()) return 'high';
    return this.#poor.lasted(now) >= this.#mediumSamples ? 'medium' : undefined;
  }

  #setPoor(quality: LeadQuality, sample: number): void {
    const unreadable = quality !== 'good' && quality !== 'off' && quality !== 'stalled';
    this.#poor.set(unreadable, sample, REASONS[quality], {
      quality,
      lead: this.#leadNames[this.#analysedLead] ?? null,
    });
  }
}
