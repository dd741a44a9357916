/** WFDB files to disk. Each is written beside its place and renamed: a reader never meets half a file. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type Annotation, formatAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { formatHeader, type RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { checksumOf, encodeSignals } from '@rhythmd/ecg/wfdb/signal-formats.ts';

/** What the caller says of one signal; the rest of its header line is computed. */
export interface SignalToWrite {
  readonly name: string;
  readonly adc: ArrayLike<number>;
  /** ADC units per millivolt, and the ADC value of 0 mV. */
  readonly gain: number;
  readonly baseline: number;
}

export interface RecordToWrite {
  readonly rateHz: number;
  readonly signals: readonly SignalToWrite[];
  /** 16 holds everything; 212 takes a quarter less space for 12-bit signals. */
  readonly format: 16 | 212 | 80;
  readonly baseTime?: string;
  readonly baseDate?: string;
  readonly comments?: readonly string[];
}

const BITS_OF_FORMAT = { 16: 16, 212: 12, 80: 8 } as const;

/**
 * Writes `<path>.dat`, then `<path>.hea`.
 * @throws RhythmdError E_WFDB_RANGE, E_RECORD_WRITE
 */
export function writeRecord(path: string, record: RecordToWrite): RecordHeader {
  const name = basename(path);
  const { signals, format } = record;
  const bytes = encodeSignals(
    format,
    signals.map((signal) => signal.adc),
    name,
  );
  const header: RecordHeader = {
    name,
    rateHz: record.rateHz,
    sampleCount: signals[0]?.adc.length ?? 0,
    baseTime: record.baseTime ?? null,
    baseDate: record.baseDate ?? null,
    signals: signals.map((signal) => ({
      fileName: `${name}.dat`,
      format,
      byteOffset: 0,
      gain: signal.gain,
      calibrated: true,
      baseline: signal.baseline,
      baselineGiven: true,
      units: 'mV',
      adcBits: BITS_OF_FORMAT[format],
      adcZero: 0,
      firstValue: signal.adc[0] ?? 0,
      checksum: checksumOf(signal.adc),
      blockSize: 0,
      description: signal.name,
    })),
    comments: record.comments ?? [],
  };
  replaceFile(`${path}.dat`, bytes);
  replaceFile(`${path}.hea`, formatHeader(header));
  return header;
}

/** Writes `<path>.<annotator>`. @throws RhythmdError E_WFDB_ANNOTATIONS, E_RECORD_WRITE */
export function writeAnnotations(path: string, annotator: string, annotations: readonly Annotation[]): void {
  replaceFile(`${path}.${annotator}`, formatAnnotations(annotations));
}

function replaceFile(path: string, content: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new RhythmdError('E_RECORD_WRITE', `${path} cannot be written: ${(cause as Error).message}`, '', {
      cause,
    });
  }
}
