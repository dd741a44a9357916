/**
 * A piece as EDF+ (Kemp and Olivan 2003, www.edfplus.info): 16-bit signals in data records of one second, and
 * annotations as time-stamped lists (TAL) in a signal of their own.
 *
 *   header   256 bytes, then 256 for each signal, ASCII padded with spaces (FIELDS below)
 *   record   each signal's samples, little-endian; then the annotation signal:
 *            +onset 14 14 00 (when the record begins), then +onset [15 duration] 14 text 14 00 ..., padded with 00
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { isBeatCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { Piece } from './piece.ts';

const DIGITAL_MIN = -32768;
const DIGITAL_MAX = 32767;
/** EDF+ recommends data records below this. */
const MAX_RECORD_BYTES = 61_440;
const ANNOTATION_LABEL = 'EDF Annotations';
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

interface Mark {
  readonly onsetS: number;
  readonly durationS: number | null;
  readonly text: string;
}

/** @throws RhythmdError E_EDF for a rate or number of leads that EDF+ cannot hold */
export function edfPlus(piece: Piece): Uint8Array {
  const { rateHz, leads, count } = piece;
  if (!Number.isInteger(rateHz) || rateHz * leads.length * 2 > MAX_RECORD_BYTES) {
    throw new RhythmdError(
      'E_EDF',
      `${leads.length} leads at ${rateHz} Hz do not fit into EDF+ data records of one second`,
      'Export as WFDB or CSV',
    );
  }
  const records = Math.ceil(count / rateHz);
  const lists = annotationLists(piece, records);
  const annotationBytes = 2 * Math.ceil(Math.max(...lists.map((list) => list.length)) / 2);
  const header = edfHeader(piece, records, annotationBytes / 2);
  const recordBytes = leads.length * rateHz * 2 + annotationBytes;
  const bytes = new Uint8Array(header.length + records * recordBytes);
  bytes.set(header);
  const view = new DataView(bytes.buffer);
  for (let record = 0; record < records; record++) {
    let at = header.length + record * recordBytes;
    for (const [index, lead] of leads.entries()) {
      const nothing = piece.header.signals[index]?.baseline ?? 0;
      for (let i = record * rateHz; i < (record + 1) * rateHz; i++, at += 2) {
        // EDF has no value for "lost" or "after the end": 0 V, and an annotation that says so.
        const isThere = i < count && !Number.isNaN(lead.samples[i]);
        view.setInt16(at, isThere ? lead.adc[i]! : nothing, true);
      }
    }
    bytes.set(lists[record]!, at);
  }
  return bytes;
}

function edfHeader(
  { startMs, leads, header, rateHz, record }: Piece,
  records: number,
  annotationSamples: number,
): Uint8Array {
  const start = startMs === null ? null : new Date(startMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = start
    ? `${two(start.getUTCDate())}.${two(start.getUTCMonth() + 1)}.${two(start.getUTCFullYear() % 100)}`
    : '01.01.85';
  const time = start
    ? `${two(start.getUTCHours())}.${two(start.getUTCMinutes())}.${two(start.getUTCSeconds())}`
    : '00.00.00';
  const date = start
    ? `${two(start.getUTCDate())}-${MONTHS[start.getUTCMonth()]}-${start.getUTCFullYear()}`
    : 'X';
  const signals = leads.length + 1;
  const eachLead = (of: (index: number) => string, ofAnnotations: string) => [
    ...leads.map((_, index) => of(index)),
    ofAnnotations,
  ];
  const physical = (digital: number, index: number) => {
    const { gain, baseline } = header.signals[index]!;
    return eightCharacters(((digital - baseline) / gain) * 1000);
  };
  const fields: readonly (readonly [width: number, values: readonly string[]])[] = [
    [8, ['0']],
    [80, ['X X X X']],
    [80, [`Startdate ${date} X X rhythmd_${record}`]],
    [8, [day]],
    [8, [time]],
    [8, [String(256 * (signals + 1))]],
    [44, ['EDF+C']],
    [8, [String(records)]],
    [8, ['1']],
    [4, [String(signals)]],
    [16, eachLead((index) => `ECG ${leads[index]?.name}`, ANNOTATION_LABEL)],
    [80, eachLead(() => '', '')],
    [8, eachLead(() => 'uV', '')],
    [8, eachLead((index) => physical(DIGITAL_MIN, index), '-1')],
    [8, eachLead((index) => physical(DIGITAL_MAX, index), '1')],
    [8, eachLead(() => String(DIGITAL_MIN), String(DIGITAL_MIN))],
    [8, eachLead(() => String(DIGITAL_MAX), String(DIGITAL_MAX))],
    [80, eachLead(() => '', '')],
    [8, eachLead(() => String(rateHz), String(annotationSamples))],
    [32, eachLead(() => '', '')],
  ];
  const text = fields
    .flatMap(([width, values]) => values.map((value) => ascii(value).slice(0, width).padEnd(width)))
    .join('');
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** As many digits as eight characters hold. */
function eightCharacters(value: number): string {
  for (let digits = 6; digits >= 0; digits--) {
    const text = String(Number(value.toFixed(digits)));
    if (text.length <= 8) return text;
  }
  throw new RhythmdError('E_EDF', `a signal's range of ${value} uV does not fit EDF's eight characters`);
}

function annotationLists(piece: Piece, records: number): Uint8Array[] {
  const marks = marksOf(piece).sort((a, b) => a.onsetS - b.onsetS);
  // The header's start has whole seconds only: the lists carry the rest.
  const startS = piece.startMs === null ? 0 : (piece.startMs % 1000) / 1000;
  let next = 0;
  return Array.from({ length: records }, (_, record) => {
    let text = `+${seconds(startS + record)}\x14\x14\x00`;
    for (; next < marks.length && (marks[next]!.onsetS < record + 1 || record === records - 1); next++) {
      const { onsetS, durationS, text: what } = marks[next]!;
      const duration = durationS === null ? '' : `\x15${seconds(durationS)}`;
      text += `+${seconds(startS + onsetS)}${duration}\x14${what}\x14\x00`;
    }
    return Buffer.from(text, 'utf8');
  });
}

function marksOf({ annotations, rateHz, leads, count }: Piece): Mark[] {
  const marks: Mark[] = annotations.map(({ sample, code, aux }) => ({
    onsetS: sample / rateHz,
    durationS: null,
    text: `${isBeatCode(code) ? 'beat ' : ''}${mnemonicOf(code)}${aux === null ? '' : ` ${printable(aux)}`}`,
  }));
  for (const { name, samples } of leads) {
    for (let i = 0; i < count; i++) {
      if (!Number.isNaN(samples[i])) continue;
      const from = i;
      while (i < count && Number.isNaN(samples[i])) i++;
      marks.push({
        onsetS: from / rateHz,
        durationS: (i - from) / rateHz,
        text: `signal lost in ${printable(name)}`,
      });
    }
  }
  if (count % rateHz !== 0) marks.push({ onsetS: count / rateHz, durationS: null, text: 'end of signal' });
  return marks;
}

function seconds(value: number): string {
  return String(Number(value.toFixed(4)));
}

function printable(text: string): string {
  return text.replace(/[^\x20-\uffff]/g, ' ');
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '_');
}
