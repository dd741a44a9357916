/** What a piece can be written as for other programs. */
import { annotationsCsv, signalsCsv } from './csv.ts';
import { dicomEcg } from './dicom.ts';
import { edfPlus } from './edf-plus.ts';
import { fhirObservation } from './fhir.ts';
import type { Piece } from './piece.ts';

/** A part after the other, so that hours fit in memory. */
export type Content = Iterable<string | Uint8Array>;

/** @param device what the file says it comes from */
type Writer = (piece: Piece, device: string) => Content;

export const FORMATS = {
  fhir: (piece, device) => [`${JSON.stringify(fhirObservation(piece, device))}\n`],
  csv: (piece) => signalsCsv(piece),
  beats: (piece) => [annotationsCsv(piece)],
  edf: (piece) => edfPlus(piece),
  dicom: (piece, device) => dicomEcg(piece, device),
} as const satisfies Readonly<Record<string, Writer>>;
