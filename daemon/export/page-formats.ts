/** What the page exports: a file that is made in memory, and how long a stretch each format may hold of it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { type Content, FORMATS } from './formats.ts';
import type { Piece } from './piece.ts';
import { writePiece } from './wfdb.ts';

export interface PageFormat {
  readonly extension: string;
  readonly type: string;
  /** What stays below some tens of megabytes, on a computer that has few of them. */
  readonly longestMs: number;
  readonly content: (piece: Piece, device: string) => Content;
}

const HOUR_MS = 3600_000;
const TEXT_MS = 10 * 60_000;

const PAGE_FORMATS: Readonly<Record<string, PageFormat>> = {
  edf: { extension: 'edf', type: 'application/octet-stream', longestMs: HOUR_MS, content: FORMATS.edf },
  wfdb: {
    extension: 'zip',
    type: 'application/zip',
    longestMs: HOUR_MS,
    content: (piece) => [zippedRecord(piece)],
  },
  beats: {
    extension: 'beats.csv',
    type: 'text/csv; charset=utf-8',
    longestMs: HOUR_MS,
    content: FORMATS.beats,
  },
  csv: { extension: 'csv', type: 'text/csv; charset=utf-8', longestMs: TEXT_MS, content: FORMATS.csv },
  fhir: { extension: 'json', type: 'application/fhir+json', longestMs: TEXT_MS, content: FORMATS.fhir },
  dicom: { extension: 'dcm', type: 'application/dicom', longestMs: HOUR_MS, content: FORMATS.dicom },
};

/** @returns null: there is no such format */
export function pageFormat(name: string | null): PageFormat | null {
  return name !== null && Object.hasOwn(PAGE_FORMATS, name) ? PAGE_FORMATS[name]! : null;
}

/** A WFDB record is some files that belong together. */
function zippedRecord(piece: Piece): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-export-'));
  try {
    writePiece(join(folder, 'ecg'), piece, 'atr');
    const files = readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]);
    return zipSync(Object.fromEntries(files) as Record<string, Uint8Array>, { level: 6 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
