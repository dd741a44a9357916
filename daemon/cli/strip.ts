/** `rhythmd strip`: a piece of a record as a WFDB record, or on ECG paper as SVG or PDF. */
import { writeFileSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { toSvg } from '@rhythmd/ecg/paper/svg.ts';
import { locateRecord } from '@rhythmd/records/open-record.ts';
import { OWN_ANNOTATOR } from '@rhythmd/records/read-annotations.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import { readPiece } from '../export/piece.ts';
import { stripAbout } from '../export/strip-about.ts';
import { drawPiece } from '../export/strip-of-piece.ts';
import { writePiece } from '../export/wfdb.ts';
import { A4_LANDSCAPE, toPdf } from '../paper/pdf.ts';
import { paginate, stack } from '../paper/strip-pages.ts';
import { COMMANDS } from './commands.ts';
import { csvOptions, readSpan, warnOnce } from './record-arguments.ts';

/** Ten minutes are sixty rows; more is no strip any more. */
const MAX_DRAWN_S = 600;
const PAGE_HEIGHT_MM = A4_LANDSCAPE.heightMm - 20;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS.strip, io.err);
  const { out, annotator = null } = values;
  const span = readSpan(operands[0]!, values, io.environment);
  const isDrawn = /\.(svg|pdf)$/.test(out);
  if (isDrawn && (span.seconds ?? Number.POSITIVE_INFINITY) > MAX_DRAWN_S) {
    refuseUsage(`a drawn strip has at most ${MAX_DRAWN_S} seconds`);
  }
  const piece = readPiece({ ...span, annotator, csv: csvOptions(values), warn: warnOnce(io) });
  try {
    const about = isDrawn ? await stripAbout(piece, locateRecord(span.record, span.folders), '') : undefined;
    if (out.endsWith('.svg')) writeOut(out, toSvg(stack([...drawPiece(piece, about)])));
    else if (out.endsWith('.pdf')) writeOut(out, toPdf(paginate(drawPiece(piece, about), PAGE_HEIGHT_MM)));
    else writePiece(out.replace(/\.(hea|dat)$/, ''), piece, annotator ?? OWN_ANNOTATOR);
    io.out(`${out}: ${(piece.count / piece.rateHz).toFixed(1)} s of record ${piece.record}`);
  } finally {
    piece.close();
  }
  return EXIT_DONE;
}

function writeOut(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (cause) {
    throw new RhythmdError('E_OUT', `${path} cannot be written: ${(cause as Error).message}`, '', { cause });
  }
}
