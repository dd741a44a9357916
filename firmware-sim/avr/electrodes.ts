/** What an AD8232 puts on an ADC pin: 2.5 V for 0 mV, gain 1100, clipped at its supply. */
import type { PlayedLead } from '../patient.ts';
import { Resampled } from '../resampled.ts';

const MIDDLE_V = 2.5;
const SUPPLY_V = 5;
const GAIN_V_PER_MV = 1.1;
/** The firmware's test pulse, through its divider. */
const TEST_PULSE_MV = 1;

export class Electrodes {
  readonly #leads: readonly Resampled[];
  readonly #rateHz: number;

  /** @param rateHz the rate the board samples at, so that its samples can be the record's */
  constructor(leads: readonly PlayedLead[], recordRateHz: number, rateHz: number) {
    this.#leads = leads.map((lead) => new Resampled(lead, recordRateHz, rateHz));
    this.#rateHz = rateHz;
  }

  get durationS(): number {
    return (this.#leads[0]?.length ?? 0) / this.#rateHz;
  }

  /** Between samples the line is straight; after its end the record begins again. */
  volts(channel: number, seconds: number, testPulse: boolean): number {
    const lead = this.#leads[channel];
    const millivolts = lead === undefined ? 0 : this.#at(lead, Math.max(0, seconds * this.#rateHz));
    const sum = millivolts + (testPulse ? TEST_PULSE_MV : 0);
    return Math.max(0, Math.min(SUPPLY_V, MIDDLE_V + sum * GAIN_V_PER_MV));
  }

  #at(lead: Resampled, position: number): number {
    const whole = Math.floor(position);
    const share = position - whole;
    const index = whole % lead.length;
    const following = (index + 1) % lead.length;
    return lead.at(index) * (1 - share) + lead.at(following) * share;
  }
}
