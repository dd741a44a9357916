/** What goes wrong before the board's converter: contacts, amplifier, mains, noise. */
import { SampleFlag } from '@rhythmd/ecg/types.ts';
import type { Schedule } from './schedule.ts';

const FLAG_OF: Readonly<Record<string, number>> = {
  plus: SampleFlag.leadOffPlus,
  minus: SampleFlag.leadOffMinus,
  reference: SampleFlag.referenceOff,
};

/** One lead's noise at the board's rate, ready to be added. */
export interface LeadNoise {
  at(index: number): number;
  readonly length: number;
  /** Millivolts per noise unit at 0 dB. */
  readonly gainAt0Db: number;
}

export interface SignalFaultsOptions {
  readonly schedule: Schedule;
  readonly rateHz: number;
  /** By record name, per lead; loaded only for scripts that use it. */
  readonly noise: ReadonlyMap<string, readonly LeadNoise[]>;
}

export class SignalFaults {
  readonly #options: SignalFaultsOptions;

  constructor(options: SignalFaultsOptions) {
    this.#options = options;
  }

  /**
   * Changes a block in place; no fault begins or ends inside it.
   * @returns SampleFlag bits the board shows
   */
  apply(leads: readonly Float32Array[], first: number, count: number): number {
    const { schedule, rateHz } = this.#options;
    const timeS = first / rateHz;
    this.#addNoise(leads, first, count, timeS);
    const hum = schedule.active('hum', timeS);
    if (hum !== null) {
      const { mv, hz } = hum.parameters as { mv: number; hz: number };
      each(leads, count, (v, i) => v + mv * Math.sin((2 * Math.PI * hz * (first + i)) / rateHz));
    }
    const saturation = schedule.active('saturation', timeS);
    if (saturation !== null) each(leads, count, (v) => v + Number(saturation.parameters.mv));
    const leadOff = schedule.active('lead-off', timeS);
    if (leadOff === null) return 0;
    // An open input drifts to the rail's middle in these amplifiers: no heart in it.
    each(leads, count, () => 0);
    return FLAG_OF[String(leadOff.parameters.electrode)] ?? 0;
  }

  #addNoise(leads: readonly Float32Array[], first: number, count: number, timeS: number): void {
    const { schedule, rateHz, noise } = this.#options;
    const fault = schedule.active('noise', timeS);
    if (fault === null) return;
    const tracks = noise.get(String(fault.parameters.record)) ?? [];
    const origin = Math.round(schedule.begunAt(fault, timeS) * rateHz);
    for (const [k, lead] of leads.entries()) {
      const track = tracks[k % Math.max(1, tracks.length)];
      if (track === undefined) continue;
      const gain = track.gainAt0Db * 10 ** (-Number(fault.parameters.snr_db) / 20);
      // Relative to its value at the start, so that no step appears (the recipe of the database).
      const zero = track.at(origin % track.length);
      for (let i = 0; i < count; i++) {
        lead[i] = lead[i]! + gain * (track.at((first + i) % track.length) - zero);
      }
    }
  }
}

function each(
  leads: readonly Float32Array[],
  count: number,
  change: (value: number, i: number) => number,
): void {
  for (const lead of leads) for (let i = 0; i < count; i++) lead[i] = change(lead[i]!, i);
}
