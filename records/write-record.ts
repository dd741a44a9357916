/** WFDB files to disk. Each is written beside its place and renamed: a reader never meets half a file. */
import { basename } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type Annotation, formatAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { formatHeader, type RecordHeader, type SignalHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { encodeText, type TextEncoding } from '@rhythmd/ecg/wfdb/header-text.ts';
import { checksumOf, encodeSignals } from '@rhythmd/ecg/wfdb/signal-files.ts';
import { findFormat, isLost } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { writeWholeFileSync } from '@rhythmd/shell/whole-file.ts';

/** What the caller says of one signal; the rest of its header line is computed. */
export interface SignalToWrite {
  readonly name: string;
  /** ADC units per unit, and the ADC value of 0. */
  readonly gain: number;
  readonly baseline: number;
  /** `mV` where nothing is said. */
  readonly units?: string;
  /** false: the gain is a convention, and the header says so. */
  readonly calibrated?: boolean;
  readonly adcBits?: number;
  readonly adcZero?: number;
}

export interface RecordToWrite {
  readonly rateHz: number;
  readonly signals: readonly (SignalToWrite & { readonly adc: ArrayLike<number> })[];
  readonly format: WritableFormat;
  readonly baseTime?: string;
  readonly baseDate?: string;
  readonly comments?: readonly string[];
  readonly encoding?: TextEncoding;
}

/** The same, with the samples as they come. */
export interface LongRecordToWrite extends Omit<RecordToWrite, 'signals'> {
  readonly signals: readonly SignalToWrite[];
  /** One array per signal, all of one length: an even number of samples in every block but the last. */
  readonly blocks: Iterable<readonly ArrayLike<number>[]>;
}

/** 16 holds nearly everything; 212 takes a quarter less space for 12-bit signals; 24 and 32 hold the rest. */
export const WRITABLE_FORMATS = [80, 212, 16, 24, 32] as const;
export type WritableFormat = (typeof WRITABLE_FORMATS)[number];

/**
 * Writes `<path>.dat`, then `<path>.hea`.
 * @throws RhythmdError E_WFDB_RANGE, E_RECORD_WRITE
 */
export function writeRecord(path: string, record: RecordToWrite): RecordHeader {
  return writeLongRecord(path, { ...record, blocks: [record.signals.map(({ adc }) => adc)] });
}

/** The same in bounded memory. @throws RhythmdError E_WFDB_RANGE, E_RECORD_WRITE, and what the blocks' own reader throws */
export function writeLongRecord(path: string, record: LongRecordToWrite): RecordHeader {
  const name = basename(path);
  const { signals, format } = record;
  const { invalid, bits } = findFormat(format, name);
  const firstValues: number[] = [];
  const sums = signals.map(() => 0);
  let sampleCount = 0;
  const encodedBlocks = function* () {
    for (const block of record.blocks) {
      yield encodeSignals(format, block, name);
      for (const [index, values] of block.entries()) {
        if (sampleCount === 0 && values.length > 0) {
          firstValues.push(isLost(values[0]!) ? (invalid ?? 0) : values[0]!);
        }
        sums[index] = checksumOf(values, sums[index], invalid);
      }
      sampleCount += block[0]?.length ?? 0;
    }
  };
  replaceFile(`${path}.dat`, encodedBlocks());
  const header: RecordHeader = {
    name,
    rateHz: record.rateHz,
    sampleCount,
    baseTime: record.baseTime ?? null,
    baseDate: record.baseDate ?? null,
    signals: signals.map(
      (signal, index): SignalHeader => ({
        fileName: `${name}.dat`,
        format,
        samplesPerFrame: 1,
        skew: 0,
        byteOffset: 0,
        gain: signal.gain,
        calibrated: signal.calibrated ?? true,
        baseline: Math.round(signal.baseline),
        baselineGiven: true,
        units: signal.units ?? 'mV',
        adcBits: signal.adcBits || bits,
        adcZero: signal.adcZero ?? 0,
        firstValue: firstValues[index] ?? 0,
        checksum: sums[index]!,
        blockSize: 0,
        description: signal.name,
      }),
    ),
    segments: null,
    comments: record.comments ?? [],
    encoding: record.encoding ?? 'utf8',
  };
  replaceFile(`${path}.hea`, [encodeText(formatHeader(header), header.encoding)]);
  return header;
}

/** Writes `<path>.<annotator>`. @throws RhythmdError E_WFDB_ANNOTATIONS, E_RECORD_WRITE */
export function writeAnnotations(path: string, annotator: string, annotations: readonly Annotation[]): void {
  replaceFile(`${path}.${annotator}`, [formatAnnotations(annotations)]);
}

/** @param content written one after the other, each made when the one before is on its way */
function replaceFile(path: string, content: Iterable<Uint8Array>): void {
  try {
    writeWholeFileSync(path, content);
  } catch (cause) {
    if (cause instanceof RhythmdError) throw cause;
    throw new RhythmdError('E_RECORD_WRITE', `${path} cannot be written: ${(cause as Error).message}`, '', {
      cause,
    });
  }
}
