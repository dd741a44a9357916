/** Listens to a source for some seconds and remembers what the doctor wants to know. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { LEAD_OFF_FLAGS, SampleFlag, type Samples, type StreamDescription } from '@rhythmd/ecg/types.ts';
import type { Source, SourceStatistics } from '../source/source.ts';
import { LeadFigures, type LeadReading } from './lead-figures.ts';

export interface Heard {
  readonly description: StreamDescription | null;
  /** The first trouble, warnings of a running stream left out; null when there was none. */
  readonly trouble: RhythmdError | null;
  readonly samples: number;
  /** Share of the samples with the flag set. */
  readonly leadOff: number;
  readonly saturated: number;
  readonly leads: readonly LeadReading[];
  readonly statistics: SourceStatistics;
  readonly about: string;
}

/** @param seconds counted from the first sample, and at most twice that in all */
export async function listenTo(source: Source, seconds: number, signal: AbortSignal): Promise<Heard> {
  const ear = new Ear();
  const done = new AbortController();
  const stopAt = AbortSignal.any([signal, done.signal, AbortSignal.timeout(2000 * seconds)]);
  try {
    await source.start({
      description: (description) => ear.describe(description),
      samples: (samples) => {
        ear.samples(samples);
        if (ear.seconds >= seconds) done.abort();
      },
      status: ({ state, problem }) => {
        if (problem !== null && state !== 'streaming') ear.trouble ??= problem;
        // What cannot be opened now is the finding; the daemon would go on trying.
        if (state === 'waiting' && ear.seconds === 0) done.abort();
      },
      end: () => done.abort(),
    });
    await sleep(2000 * seconds, undefined, { signal: stopAt }).catch(() => {});
  } catch (error) {
    if (!(error instanceof RhythmdError)) throw error;
    ear.trouble ??= error;
  }
  const statistics = source.statistics();
  const about = source.about();
  await source.stop();
  return { ...ear.heard(), statistics, about };
}

class Ear {
  trouble: RhythmdError | null = null;
  #description: StreamDescription | null = null;
  #figures: LeadFigures[] = [];
  #samples = 0;
  #leadOff = 0;
  #saturated = 0;

  get seconds(): number {
    return this.#description === null ? 0 : this.#samples / this.#description.rateHz;
  }

  describe(description: StreamDescription): void {
    this.#description = description;
    this.#figures = description.leadNames.map((name) => new LeadFigures(name, description.rateHz));
  }

  samples(samples: Samples): void {
    this.#samples += samples.count;
    if ((samples.flags & LEAD_OFF_FLAGS) !== 0) this.#leadOff += samples.count;
    else for (const [k, figures] of this.#figures.entries()) figures.push(samples.leads[k]!, samples.count);
    if ((samples.flags & SampleFlag.saturated) !== 0) this.#saturated += samples.count;
  }

  heard(): Omit<Heard, 'statistics' | 'about'> {
    const samples = this.#samples;
    return {
      description: this.#description,
      trouble: this.trouble,
      samples,
      leadOff: samples === 0 ? 0 : this.#leadOff / samples,
      saturated: samples === 0 ? 0 : this.#saturated / samples,
      leads: this.#figures.map((figures) => figures.reading()),
    };
  }
}
