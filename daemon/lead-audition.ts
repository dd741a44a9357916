/**
 * Which lead of a stream is analysed: the one that is configured, or, where it may be any of many, the one with the clearest
 * beats in the first seconds. What arrives meanwhile is kept and pushed once it is known.
 */
import { clearestLead } from '@rhythmd/ecg/signal/clearest-lead.ts';
import type { Samples, StreamDescription } from '@rhythmd/ecg/types.ts';

/** Long enough for several beats of a slow heart. */
const LISTEN_S = 5;
/** Boards with one or two leads have them in a doctor's order: no need to wait. */
const LEADS_IN_ORDER = 2;

/** @param setting a lead's name, its number counted from 1, or auto. @returns null: it has to be found out */
export function configuredLead(setting: string, leadNames: readonly string[]): number | null {
  return namedLead(setting, leadNames) ?? (leadNames.length <= LEADS_IN_ORDER ? 0 : null);
}

/** Whether the stream has such a lead. */
export function namesLead(setting: string, leadNames: readonly string[]): boolean {
  return namedLead(setting, leadNames) !== null;
}

function namedLead(setting: string, leadNames: readonly string[]): number | null {
  const byName = leadNames.findIndex((name) => name.toLowerCase() === setting.toLowerCase());
  if (byName >= 0) return byName;
  const number = Number(setting);
  return Number.isInteger(number) && number >= 1 && number <= leadNames.length ? number - 1 : null;
}

interface KeptSamples {
  readonly samples: Samples;
  readonly arrivalMs: number;
}

export class LeadAudition {
  readonly description: StreamDescription;
  readonly #kept: KeptSamples[] = [];
  #count = 0;

  constructor(description: StreamDescription) {
    this.description = description;
  }

  /** Nothing that was kept is lost: push it after the choice. */
  get kept(): readonly KeptSamples[] {
    return this.#kept;
  }

  /** @returns whether enough was heard */
  push(samples: Samples, arrivalMs: number): boolean {
    const leads = samples.leads.map((lead) => lead.slice(0, samples.count));
    this.#kept.push({ samples: { ...samples, leads }, arrivalMs });
    this.#count += samples.count;
    return this.#count >= LISTEN_S * this.description.rateHz;
  }

  choose(): number {
    const leads = this.description.leadNames.map((_, lead) => {
      const whole = new Float32Array(this.#count);
      let at = 0;
      for (const { samples } of this.#kept) {
        whole.set(samples.leads[lead]!, at);
        at += samples.count;
      }
      return whole;
    });
    return clearestLead(leads, this.description.rateHz);
  }
}
