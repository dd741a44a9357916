/** A piece as CSV: one line a sample, or one line an annotation. Yields blocks of text, so that hours fit in memory. */
import { isBeatCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { Piece } from './piece.ts';

/** `sample,time_s[,time_utc],<lead>_<unit>...`; a lost sample is empty. */
export function* signalsCsv({ leads, rateHz, first, startMs, blocks }: Piece): Generator<string> {
  const wall = startMs === null ? [] : ['time_utc'];
  const head = ['sample', 'time_s', ...wall, ...leads.map(({ name, units }) => quoted(`${name}_${units}`))];
  yield `${head.join(',')}\n`;
  for (const block of blocks()) {
    let lines = '';
    for (let i = 0; i < block.count; i++) {
      const inPiece = block.first + i;
      const at = first + inPiece;
      lines += `${at},${(at / rateHz).toFixed(4)}`;
      if (startMs !== null) lines += `,${wallTime(startMs, inPiece / rateHz)}`;
      for (const values of block.values) {
        const value = values[i]!;
        lines += Number.isNaN(value) ? ',' : `,${value.toFixed(4)}`;
      }
      lines += '\n';
    }
    yield lines;
  }
}

/**
 * `sample,time_s[,time_utc],code,beat,rr_ms,text`; rr_ms to the beat before, empty where there is none in the piece. The
 * wall time is there where the record has one.
 */
export function annotationsCsv({ annotations, rateHz, first, startMs }: Piece): string {
  const wall = startMs === null ? [] : ['time_utc'];
  const lines = [['sample', 'time_s', ...wall, 'code', 'beat', 'rr_ms', 'text'].join(',')];
  let beatBefore: number | null = null;
  for (const { sample, code, aux } of annotations) {
    const isBeat = isBeatCode(code);
    const rr =
      isBeat && beatBefore !== null ? String(Math.round(((sample - beatBefore) / rateHz) * 1000)) : '';
    if (isBeat) beatBefore = sample;
    const at = first + sample;
    const times = [(at / rateHz).toFixed(4)];
    if (startMs !== null) times.push(wallTime(startMs, sample / rateHz));
    lines.push([at, ...times, quoted(mnemonicOf(code)), isBeat ? 1 : 0, rr, quoted(aux ?? '')].join(','));
  }
  return `${lines.join('\n')}\n`;
}

function wallTime(startMs: number, secondsAfter: number): string {
  return new Date(Math.round(startMs + secondsAfter * 1000)).toISOString();
}

/** RFC 4180; and a spreadsheet must not take a text for a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@]./.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
