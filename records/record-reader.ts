/** A record that is open, whatever its container: what each signal is, and any stretch of it in bounded memory. */
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';

export type ContainerName = 'WFDB' | 'EDF' | 'BDF' | 'CSV' | 'ISHNE';

export interface RecordReader {
  /** For people and for the names of files made from it: without folder and extension. */
  readonly name: string;
  /** Absolute; of a WFDB record without extension. */
  readonly path: string;
  readonly container: ContainerName;
  /** In WFDB's words, whatever the container. */
  readonly header: RecordHeader;
  /** Samples a second of every signal as it is delivered here; `header.rateHz` is the clock of WFDB annotations. */
  readonly rateHz: number;
  readonly sampleCount: number;
  /** `signal 0` where a signal has no name. */
  readonly leadNames: readonly string[];
  /** The container's own, at the delivered rate; null where annotations lie in files beside it. */
  readonly annotations: readonly Annotation[] | null;
  /**
   * ADC values, one array per signal of the header; LOST_SAMPLE where nothing is. Fewer than `count` only at the end.
   * @throws RhythmdError E_RECORD_READ and what is wrong with a file that is only opened now
   */
  read(first: number, count: number): Int32Array<ArrayBuffer>[];
  close(): void;
}

/** Takes what is odd but can be read all the same, one sentence with the record's or the file's name in it. */
export type Warn = (warning: string) => void;

/** Samples read at once by whoever reads a whole record: 10 s at 400 Hz. */
export const BLOCK_SAMPLES = 4096;

export function leadNamesOf({ signals }: Pick<RecordHeader, 'signals'>): string[] {
  return signals.map(({ description }, index) => description.trim() || `signal ${index}`);
}
