/** A piece as a WFDB record of its own, with its samples, units, scale and annotations unchanged. */
import { isAbsolute, resolve } from 'node:path';
import { formatStart, withoutStart } from '@rhythmd/ecg/wfdb/record-time.ts';
import {
  WRITABLE_FORMATS,
  type WritableFormat,
  writeAnnotations,
  writeLongRecord,
} from '@rhythmd/records/write-record.ts';
import { clockTime } from '../score/clock-time.ts';
import type { Piece } from './piece.ts';

/** @param path without extension. @throws RhythmdError E_RECORD_WRITE, E_WFDB_RANGE */
export function writePiece(path: string, piece: Piece, annotator: string | null): void {
  const { header, leads, rateHz, startMs, record, first, count } = piece;
  const absolute = isAbsolute(path) ? path : resolve(path);
  const start = startMs === null ? null : formatStart(startMs);
  writeLongRecord(absolute, {
    rateHz,
    format: formatFor(piece),
    signals: leads.map(({ signal }) => ({
      name: signal.description,
      gain: signal.gain,
      baseline: signal.baseline,
      units: signal.units,
      calibrated: signal.calibrated,
      adcBits: signal.adcBits,
      adcZero: signal.adcZero,
    })),
    blocks: blocksOf(piece),
    ...(start === null ? {} : { baseTime: start.baseTime, baseDate: start.baseDate }),
    comments: [
      ` cut from record ${record}, ${clockTime(first / rateHz)} to ${clockTime((first + count) / rateHz)}`,
      ...(start === null ? [] : [start.comment]),
      ...withoutStart(header.comments),
    ],
    encoding: header.encoding,
  });
  if (annotator !== null) writeAnnotations(absolute, annotator, piece.annotations);
}

/** The record's own where it has one that we write; else the smallest that holds what any of its formats can. */
function formatFor({ header: { signals, segments } }: Piece): WritableFormat {
  // Segments with gains of their own are brought to one: their counts may grow.
  if (segments !== null) return 32;
  const formats = new Set(signals.map(({ format }) => format));
  const own = WRITABLE_FORMATS.find((format) => formats.size === 1 && formats.has(format));
  if (own !== undefined) return own;
  if (formats.has(32)) return 32;
  return formats.has(24) || formats.has(524) ? 24 : 16;
}

function* blocksOf(piece: Piece): Generator<readonly Int32Array[]> {
  for (const { adc } of piece.blocks()) yield adc;
}
