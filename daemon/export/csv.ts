/** A piece as CSV: one line a sample, or one line an annotation. Yields blocks of text, so that hours fit in memory. */
import { isBeatCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { Piece } from './piece.ts';

const LINES_PER_BLOCK = 10_000;

/** `sample,time_s,<lead>_mV...`; a lost sample is empty. */
export function* signalsCsv({ leads, rateHz, first, count }: Piece): Generator<string> {
  const head = ['sample', 'time_s', ...leads.map(({ name }) => quoted(`${name}_mV`))];
  yield `${head.join(',')}\n`;
  let lines: string[] = [];
  for (let i = 0; i < count; i++) {
    let line = `${first + i},${((first + i) / rateHz).toFixed(4)}`;
    for (const { samples } of leads) {
      const value = samples[i]!;
      line += Number.isNaN(value) ? ',' : `,${value.toFixed(4)}`;
    }
    lines.push(line);
    if (lines.length === LINES_PER_BLOCK || i === count - 1) {
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
  }
}

/** `sample,time_s,code,beat,rr_ms,text`; rr_ms to the beat before, empty where there is none in the piece. */
export function annotationsCsv({ annotations, rateHz, first }: Piece): string {
  const lines = ['sample,time_s,code,beat,rr_ms,text'];
  let beatBefore: number | null = null;
  for (const { sample, code, aux } of annotations) {
    const isBeat = isBeatCode(code);
    const rr =
      isBeat && beatBefore !== null ? String(Math.round(((sample - beatBefore) / rateHz) * 1000)) : '';
    if (isBeat) beatBefore = sample;
    const at = first + sample;
    const time = (at / rateHz).toFixed(4);
    lines.push([at, time, quoted(mnemonicOf(code)), isBeat ? 1 : 0, rr, quoted(aux ?? '')].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** RFC 4180; and a spreadsheet must not take a text for a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@]./.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
