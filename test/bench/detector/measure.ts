/** Figures over a set of records: errors per record and summed, place and delay of the peaks. */
import { STANDARD_START_S } from '@rhythmd/ecg/ec57/compare-beats.ts';
import type { Peak } from '@rhythmd/ecg/types.ts';
import { resample } from '@rhythmd/trainer/detector/augment.ts';
import { compare, detect, type Errors, type ReferencedRecord } from '@rhythmd/trainer/detector/beats.ts';
import { gate } from './gated.ts';

export interface RecordFigures {
  readonly record: string;
  readonly standard: Errors;
  readonly whole: Errors;
}

export interface Figures {
  readonly records: readonly RecordFigures[];
  readonly standard: Errors;
  readonly whole: Errors;
  /** Distance to the reference less the record's median distance, of matched beats: 95th percentile, ms. */
  readonly placeP95Ms: number;
  /** The same less one median for all records. */
  readonly placeOneOffsetP95Ms: number;
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
}

export interface MeasureOptions {
  readonly leads: number;
  readonly gated: boolean;
  /** Weights for a record; the shipped ones where absent. */
  readonly weightsFor?: (record: string) => Float32Array | null;
  /** What to detect in, where it is not the record's own leads. */
  readonly leadsOf?: (record: ReferencedRecord) => readonly Float32Array[];
  /** Leads are resampled to this rate before the detector sees them. */
  readonly rateHz?: number;
}

export function measure(records: readonly ReferencedRecord[], options: MeasureOptions): Figures {
  const figures: RecordFigures[] = [];
  const signed: number[] = [];
  const place: number[] = [];
  const delays: number[] = [];
  for (const record of records) {
    const { rateHz = record.rateHz } = options;
    const recorded = (options.leadsOf?.(record) ?? record.leads).slice(0, options.leads);
    const leads = recorded.map((lead) =>
      rateHz === record.rateHz ? lead : resample(lead, record.rateHz, rateHz),
    );
    const weights = options.weightsFor?.(record.name);
    const all = detect(leads, rateHz, weights);
    const { peaks, marks } = options.gated
      ? gate(leads, rateHz, all, weights ?? undefined)
      : { peaks: all, marks: [] };
    const standard = compare(record, peaks, STANDARD_START_S, marks).errors;
    const { comparison, errors: whole } = compare(record, peaks, 0, marks);
    figures.push({ record: record.name, standard, whole });
    const distances: number[] = [];
    for (const { reference, test } of comparison.pairs) {
      if (reference && test) distances.push(((test.sample - reference.sample) * 1000) / record.rateHz);
    }
    const median = quantile(distances, 0.5);
    for (const distance of distances) {
      signed.push(distance);
      place.push(Math.abs(distance - median));
    }
    for (const peak of all) delays.push(delayMs(peak, record.rateHz));
  }
  const median = quantile(signed, 0.5);
  return {
    records: figures,
    standard: sum(figures.map(({ standard }) => standard)),
    whole: sum(figures.map(({ whole }) => whole)),
    placeP95Ms: quantile(place, 0.95),
    placeOneOffsetP95Ms: quantile(
      signed.map((distance) => Math.abs(distance - median)),
      0.95,
    ),
    delayP50Ms: quantile(delays, 0.5),
    delayP99Ms: quantile(delays, 0.99),
  };
}

function delayMs({ sample, knownAt }: Peak, rateHz: number): number {
  return ((knownAt - sample) * 1000) / rateHz;
}

function sum(all: readonly Errors[]): Errors {
  const total = { tp: 0, fn: 0, fp: 0, shutdown: 0 };
  for (const { tp, fn, fp, shutdown } of all) {
    total.tp += tp;
    total.fn += fn;
    total.fp += fp;
    total.shutdown += shutdown;
  }
  return total;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
