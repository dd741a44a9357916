/** A piece as a WFDB record of its own, with its samples and annotations unchanged. */
import { isAbsolute, resolve } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { formatStart, withoutStart } from '@rhythmd/ecg/wfdb/record-time.ts';
import { writeAnnotations, writeRecord } from '@rhythmd/records/write-record.ts';
import { clockTime } from '../score/clock-time.ts';
import type { Piece } from './piece.ts';

const FORMATS = [16, 80, 212] as const;

/** @param path without extension. @throws RhythmdError E_RECORD_WRITE, E_WFDB_UNSUPPORTED */
export function writePiece(path: string, piece: Piece, annotator: string | null): void {
  const { header, leads, rateHz, startMs, record, first, count } = piece;
  const numbers = new Set(header.signals.map(({ format }) => format));
  const format = FORMATS.find((known) => numbers.size === 1 && numbers.has(known));
  if (format === undefined) {
    throw new RhythmdError(
      'E_WFDB_UNSUPPORTED',
      `record ${record} mixes signal formats`,
      'Write CSV instead',
    );
  }
  const absolute = isAbsolute(path) ? path : resolve(path);
  const start = startMs === null ? null : formatStart(startMs);
  writeRecord(absolute, {
    rateHz,
    format,
    signals: leads.map(({ name, adc }, index) => ({
      name,
      adc,
      gain: header.signals[index]!.gain,
      baseline: header.signals[index]!.baseline,
    })),
    ...(start === null ? {} : { baseTime: start.baseTime, baseDate: start.baseDate }),
    comments: [
      ` cut from record ${record}, ${clockTime(first / rateHz)} to ${clockTime((first + count) / rateHz)}`,
      ...(start === null ? [] : [start.comment]),
      ...withoutStart(header.comments),
    ],
  });
  if (annotator !== null) writeAnnotations(absolute, annotator, piece.annotations);
}
