/** Records, references and peaks as the detector's benchmarks use them. */
import { type BeatComparison, compareBeats, STANDARD_START_S } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { statisticsOf } from '@rhythmd/ecg/ec57/statistics.ts';
import type { Interval } from '@rhythmd/ecg/ec57/timeline.ts';
import { timelineOf } from '@rhythmd/ecg/ec57/timeline.ts';
import { QrsDetector } from '@rhythmd/ecg/signal/qrs/detector.ts';
import type { Peak, Samples } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';

export interface ReferencedRecord {
  readonly name: string;
  readonly rateHz: number;
  readonly leads: readonly Float32Array[];
  readonly reference: readonly Annotation[];
  /** Beats outside flutter, in samples. */
  readonly beats: Int32Array;
  readonly flutter: readonly Interval[];
}

export function readReferenced(name: string): ReferencedRecord {
  const { rateHz, leads } = readRecord(name);
  const reference = readAnnotations(name, 'atr');
  const { beats, flutter } = timelineOf(reference);
  return { name, rateHz, leads, reference, beats: Int32Array.from(beats, ({ sample }) => sample), flutter };
}

/** Feeds whole leads to anything that takes `Samples`, in blocks of a second. */
export function stream(
  leads: readonly Float32Array[],
  rateHz: number,
  take: (samples: Samples) => void,
): void {
  const length = leads[0]?.length ?? 0;
  const block = Math.round(rateHz);
  for (let first = 0; first < length; first += block) {
    const count = Math.min(block, length - first);
    const parts = leads.map((lead) => lead.subarray(first, first + count));
    take({ first, rateHz, leads: parts, count, flags: 0, lost: 0 });
  }
}

export function detect(
  leads: readonly Float32Array[],
  rateHz: number,
  weights?: Float32Array | null,
): Peak[] {
  const detector = new QrsDetector({
    rateHz,
    leads: leads.length,
    ...(weights === undefined ? {} : { weights }),
  });
  const peaks: Peak[] = [];
  const onPeak = (peak: Peak): void => void peaks.push(peak);
  stream(leads, rateHz, (samples) => detector.push(samples, onPeak));
  detector.flush(onPeak);
  return peaks;
}

export interface Errors {
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  /** Missed beats inside a shutdown, of `fn`. */
  readonly shutdown: number;
}

/** QRS counts as EC57 has them; `shutdowns` are marks to go with the peaks. */
export function compare(
  record: ReferencedRecord,
  peaks: readonly Peak[],
  fromS: number = STANDARD_START_S,
  shutdowns: readonly Annotation[] = [],
): { comparison: BeatComparison; errors: Errors } {
  const test = [...peaks.map(({ sample }) => annotationAt(sample)), ...shutdowns];
  test.sort((a, b) => a.sample - b.sample);
  const comparison = compareBeats(record.reference, test, {
    rateHz: record.rateHz,
    fromSample: fromS * record.rateHz,
    endSample: record.leads[0]!.length,
  });
  const { tp, fn, fp } = statisticsOf(comparison.matrix).qrs;
  const shutdown = comparison.pairs.filter((pair) => pair.reference !== null && pair.shutdown).length;
  return { comparison, errors: { tp, fn, fp, shutdown } };
}

function annotationAt(sample: number): Annotation {
  return { sample, code: AnnotationCode.normal, subtype: 0, channel: 0, num: 0, aux: null };
}
