/** A piece of a record with everything that belongs to it: what strips and exports are made of. */
import { basename } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { clockTime } from '../score/clock-time.ts';

export interface Piece {
  /** The record it was cut from. */
  readonly record: string;
  readonly header: RecordHeader;
  readonly rateHz: number;
  /** Of the piece in the record. */
  readonly first: number;
  readonly count: number;
  /** Wall time of the piece's first sample; null when the record has none. */
  readonly startMs: number | null;
  readonly leads: readonly PieceLead[];
  /** Positions from the piece's start; the rhythm and quality that hold there stand at 0. Empty without an annotator. */
  readonly annotations: readonly Annotation[];
}

export interface PieceLead {
  readonly name: string;
  /** Millivolts, NaN where lost. */
  readonly samples: Float32Array;
  readonly adc: Int16Array;
}

export interface PieceRequest {
  readonly record: string;
  readonly fromS: number;
  /** null: to the end. */
  readonly seconds: number | null;
  /** null: none; `atr` is left out silently where the record has none. */
  readonly annotator: string | null;
  readonly folders: readonly string[];
}

/** @throws RhythmdError as readRecord and readAnnotations, E_PIECE when it lies outside the record */
export function readPiece({ record: name, fromS, seconds, annotator, folders }: PieceRequest): Piece {
  const record = readRecord(name, folders);
  const { rateHz, sampleCount } = record;
  const first = Math.round(fromS * rateHz);
  if (first >= sampleCount) {
    throw new RhythmdError(
      'E_PIECE',
      `record ${record.name} ends at ${clockTime(sampleCount / rateHz)}, before ${clockTime(fromS)}`,
      'Choose an earlier time',
    );
  }
  const count = Math.min(sampleCount - first, Math.round((seconds ?? sampleCount / rateHz) * rateHz));
  const recordStartMs = startOf(record.header);
  return {
    record: basename(record.path),
    header: record.header,
    rateHz,
    first,
    count,
    startMs: recordStartMs === null ? null : recordStartMs + (first / rateHz) * 1000,
    leads: record.leads.map((samples, index) => ({
      name: record.leadNames[index] ?? '',
      samples: samples.subarray(first, first + count),
      adc: record.adc[index]!.subarray(first, first + count),
    })),
    annotations: annotator === null ? [] : cut(annotationsOf(record.path, annotator), first, count),
  };
}

function annotationsOf(path: string, annotator: string): Annotation[] {
  try {
    return readAnnotations(path, annotator);
  } catch (error) {
    const isOptional = error instanceof RhythmdError && error.code === 'E_RECORD_READ' && annotator === 'atr';
    if (isOptional) return [];
    throw error;
  }
}

/** What says how to read everything after it. */
const HOLDING_CODES: readonly number[] = [AnnotationCode.rhythm, AnnotationCode.signalQuality];

function cut(annotations: readonly Annotation[], first: number, count: number): Annotation[] {
  const holding = HOLDING_CODES.flatMap((code) => {
    const before = annotations.findLast((mark) => mark.code === code && mark.sample < first);
    return before ? [{ ...before, sample: 0 }] : [];
  });
  const inside = annotations
    .filter(({ sample }) => sample >= first && sample < first + count)
    .map((mark) => ({ ...mark, sample: mark.sample - first }));
  return [...holding, ...inside];
}

/** `2026-11-22 15:00:01 UTC`, or the time within the record. */
export function pieceTime({ startMs, first, rateHz }: Piece): string {
  return startMs === null
    ? clockTime(first / rateHz)
    : `${new Date(startMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
