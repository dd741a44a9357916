/** The last minute and a half of every lead, to cut strips from. Lost samples are NaN. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { RingBuffer } from '@rhythmd/ecg/signal/ring-buffer.ts';
import { PIPELINE_RATE_HZ, type Samples } from '@rhythmd/ecg/types.ts';
import type { StripEvent } from '@rhythmd/protocol/events.ts';

/** 91 s at 360 Hz: the longest strip that can be asked for is a minute. */
const REMEMBERED_SAMPLES = 2 ** 15;

export interface StripFacts {
  /** Empty for a strip somebody asked for. */
  readonly alertId: string;
  readonly lead: number;
  readonly first: number;
  readonly count: number;
  readonly timeMs: number;
}

export class WaveMemory {
  readonly #leadNames: readonly string[];
  readonly #rings: RingBuffer[];

  /** @param capacity samples of each lead that are kept */
  constructor(leadNames: readonly string[], capacity = REMEMBERED_SAMPLES) {
    this.#leadNames = leadNames;
    this.#rings = leadNames.map(() => new RingBuffer(capacity));
  }

  /** Index after the newest sample. */
  get end(): number {
    return this.#rings[0]?.end ?? 0;
  }

  /** Index of the oldest sample held. */
  get start(): number {
    return this.#rings[0]?.start ?? 0;
  }

  push(samples: Samples): void {
    for (let lead = 0; lead < this.#rings.length; lead++) {
      const ring = this.#rings[lead]!;
      const lost = samples.first - ring.end;
      if (ring.start === ring.end || lost < 0 || lost >= ring.capacity) ring.reset(samples.first);
      else for (let i = 0; i < lost; i++) ring.push(Number.NaN);
      ring.pushAll(samples.leads[lead]!, samples.count);
    }
  }

  /** The newest samples of a lead, at most `count`, those that were lost left out. */
  latest(lead: number, count: number): Float32Array {
    const ring = this.#rings[lead];
    if (ring === undefined) return new Float32Array(0);
    const first = Math.max(ring.start, ring.end - count);
    const samples = Float32Array.from({ length: ring.end - first }, (_, i) => ring.at(first + i));
    return samples.filter((value) => !Number.isNaN(value));
  }

  /** @throws E_STRIP_GONE when nothing of it is held any more (or yet) */
  strip({ alertId, lead, first, count, timeMs }: StripFacts): StripEvent {
    const ring = this.#rings[lead];
    if (ring === undefined || first >= ring.end || first + count <= ring.start) {
      throw new RhythmdError(
        'E_STRIP_GONE',
        `samples ${first} to ${first + count} are not in memory (${this.start} to ${this.end})`,
        'Older signal is in the recordings: `rhythmd strip`.',
      );
    }
    const microvolts: string[] = [];
    for (let sample = first; sample < first + count; sample++) {
      const value = ring.at(sample);
      // FHIR SampledData: E is an error, a sample without a value.
      microvolts.push(Number.isNaN(value) ? 'E' : String(Math.round(1000 * value)));
    }
    return {
      v: 1,
      alert_id: alertId,
      t_ms: Math.round(timeMs),
      first_sample: first,
      lead: this.#leadNames[lead]!,
      period: 1000 / PIPELINE_RATE_HZ,
      origin: { value: 0, unit: 'uV' },
      factor: 1,
      dimensions: 1,
      data: microvolts.join(' '),
    };
  }
}
