/** Leads of an open record, a stretch or a sample at a time, from one block in memory: for whoever plays a record. */
import { toPhysical } from '@rhythmd/ecg/wfdb/units.ts';
import { BLOCK_SAMPLES, type RecordReader } from './record-reader.ts';

export class LeadWindow {
  readonly sampleCount: number;
  readonly #reader: RecordReader;
  readonly #signals: readonly number[];
  #first = 0;
  #leads: Float32Array[] = [];

  /** @param signals of the record, in the order they are wanted; the reader stays the caller's to close */
  constructor(reader: RecordReader, signals: readonly number[]) {
    this.#reader = reader;
    this.#signals = signals;
    this.sampleCount = reader.sampleCount;
  }

  /**
   * @returns one array per lead, each of at most `count` samples and at least one: as many as the block holds from there on.
   * They are valid until the next call.
   */
  stretch(first: number, count: number): Float32Array[] {
    const at = this.#load(first);
    return this.#leads.map((lead) => lead.subarray(at, at + count));
  }

  /** NaN where it was lost. */
  at(lead: number, sample: number): number {
    const at = this.#load(sample);
    return this.#leads[lead]![at]!;
  }

  #load(sample: number): number {
    const at = sample - this.#first;
    if (at >= 0 && at < (this.#leads[0]?.length ?? 0)) return at;
    this.#first = sample - (sample % BLOCK_SAMPLES);
    const adc = this.#reader.read(this.#first, BLOCK_SAMPLES);
    this.#leads = this.#signals.map((signal) =>
      toPhysical(adc[signal]!, this.#reader.header.signals[signal]!),
    );
    return sample - this.#first;
  }
}

/** Samples from the start of these arrays on of which nothing was recorded in any lead. */
export function lostAtStart(leads: readonly Float32Array[]): number {
  const count = leads[0]?.length ?? 0;
  let lost = 0;
  while (lost < count && leads.every((lead) => Number.isNaN(lead[lost]))) lost++;
  return lost;
}
