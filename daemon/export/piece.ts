/** A piece of a record with everything that belongs to it: what strips and exports are made of. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type Annotation, rescaleAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { RecordHeader, SignalHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { isVoltage, physicalUnits, toPhysical } from '@rhythmd/ecg/wfdb/units.ts';
import { type OpenOptions, openRecord } from '@rhythmd/records/open-record.ts';
import { OWN_ANNOTATOR, readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { BLOCK_SAMPLES, type RecordReader, type Warn } from '@rhythmd/records/record-reader.ts';
import { standingAnnotations } from '../corrections/reviewed.ts';
import { clockTime } from '../score/clock-time.ts';

export interface Piece {
  /** The record it was cut from. */
  readonly record: string;
  readonly header: RecordHeader;
  readonly rateHz: number;
  /** Where the piece begins in the record. */
  readonly first: number;
  readonly count: number;
  /** Wall time of the piece's first sample; null when the record has none. */
  readonly startMs: number | null;
  readonly leads: readonly PieceLead[];
  /** Positions from the piece's start; the rhythm and quality that hold there stand at 0. Empty where there are none. */
  readonly annotations: readonly Annotation[];
  /** The samples in order, a few seconds at a time, as often as they are asked for. */
  readonly blocks: () => Iterable<PieceBlock>;
  readonly close: () => void;
}

export interface PieceLead {
  readonly name: string;
  /** mV, or the unit of what is no voltage. */
  readonly units: string;
  readonly isVoltage: boolean;
  readonly signal: SignalHeader;
}

export interface PieceBlock {
  /** Where the block begins in the piece. */
  readonly first: number;
  readonly count: number;
  /** As stored, LOST_SAMPLE where lost; and in the lead's unit, NaN where lost. One array per lead. */
  readonly adc: readonly Int32Array[];
  readonly values: readonly Float32Array[];
}

export interface PieceRequest {
  readonly record: string;
  readonly fromS: number;
  /** null: to the end. */
  readonly seconds: number | null;
  /** null: its own labels as they stand, with what a person corrected. A record that has none of its own has none. */
  readonly annotator: string | null;
  readonly folders: readonly string[];
  readonly csv?: OpenOptions['csv'];
  readonly warn?: Warn;
}

/** The caller closes it. @throws RhythmdError as openRecord and readAnnotations, E_PIECE when it lies outside the record */
export function readPiece({
  record: name,
  fromS,
  seconds,
  annotator,
  folders,
  csv,
  warn,
}: PieceRequest): Piece {
  const record = openRecord(name, { folders, csv, warn });
  try {
    const { rateHz, sampleCount, header } = record;
    const first = Math.round(fromS * rateHz);
    if (first >= sampleCount) {
      throw new RhythmdError(
        'E_PIECE',
        `record ${record.name} ends at ${clockTime(sampleCount / rateHz)}, before ${clockTime(fromS)}`,
        'Choose an earlier time',
      );
    }
    const count = Math.min(sampleCount - first, Math.round((seconds ?? sampleCount / rateHz) * rateHz));
    const recordStartMs = startOf(header);
    return {
      record: record.name,
      header,
      rateHz,
      first,
      count,
      startMs: recordStartMs === null ? null : recordStartMs + (first / rateHz) * 1000,
      leads: header.signals.map((signal, index) => ({
        name: record.leadNames[index]!,
        units: physicalUnits(signal),
        isVoltage: isVoltage(signal),
        signal,
      })),
      annotations: cut(annotationsFor(record, annotator, warn), first, count),
      blocks: () => blocksOf(record, first, count),
      close: () => record.close(),
    };
  } catch (error) {
    record.close();
    throw error;
  }
}

function* blocksOf(record: RecordReader, first: number, count: number): Generator<PieceBlock> {
  for (let at = 0; at < count; at += BLOCK_SAMPLES) {
    const length = Math.min(BLOCK_SAMPLES, count - at);
    const adc = record.read(first + at, length);
    const values = record.header.signals.map((signal, index) => toPhysical(adc[index]!, signal));
    yield { first: at, count: length, adc, values };
  }
}

/** Each lead in one array, for what needs a whole piece at once. */
export function wholeLeads({ leads, count, blocks }: Piece): Float32Array[] {
  const whole = leads.map(() => new Float32Array(count));
  for (const { first, values } of blocks()) {
    for (const [index, part] of values.entries()) whole[index]!.set(part, first);
  }
  return whole;
}

function annotationsFor(record: RecordReader, annotator: string | null, warn?: Warn): Annotation[] {
  const { path, header, rateHz } = record;
  return rescaleAnnotations(readFor(path, annotator, warn), header.rateHz, rateHz);
}

function readFor(path: string, annotator: string | null, warn?: Warn): readonly Annotation[] {
  if (annotator === null) return standingAnnotations(path, warn);
  try {
    return readAnnotations(path, annotator, undefined, warn);
  } catch (error) {
    const isOptional =
      error instanceof RhythmdError && error.code === 'E_RECORD_READ' && annotator === OWN_ANNOTATOR;
    if (isOptional) return [];
    throw error;
  }
}

/** What says how to read everything after it. */
const HOLDING_CODES: readonly number[] = [AnnotationCode.rhythm, AnnotationCode.signalQuality];

export function cut(annotations: readonly Annotation[], first: number, count: number): Annotation[] {
  const holding = HOLDING_CODES.flatMap((code) => {
    const before = annotations.findLast((mark) => mark.code === code && mark.sample < first);
    return before ? [{ ...before, sample: 0 }] : [];
  });
  const inside = annotations
    .filter(({ sample }) => sample >= first && sample < first + count)
    .map((mark) => ({ ...mark, sample: mark.sample - first }));
  return [...holding, ...inside];
}
