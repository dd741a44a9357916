/**
 * What the columns of a CSV or TSV file are: by its header rows where it has any, else by what the caller says.
 *
 *   sample,time_s,MLII_mV,V5_mV          as written here
 *   'Elapsed time','MLII','V5'           as PhysioNet's LightWAVE and rdsamp write it,
 *   'seconds','mV','mV'                  with the units in a row of their own
 *   Time [s];ECG (uV)                    spreadsheets, with a decimal comma
 *   0.12,0.13                            numbers alone: rate and unit have to be told
 */
import { RhythmdError } from '../errors.ts';
import { millivoltsPerUnit } from '../wfdb/units.ts';

export interface CsvColumns {
  readonly delimiter: string;
  /** Numbers have a comma before their fraction. */
  readonly decimalComma: boolean;
  /** Lines before the first sample. */
  readonly headLines: number;
  /** Columns of the time and of the sample number; null where there is none. */
  readonly time: { readonly column: number; readonly secondsPerUnit: number } | null;
  readonly sample: number | null;
  readonly signals: readonly { readonly column: number; readonly name: string; readonly units: string }[];
}

/** More is no ECG, and every line would be cut into as many pieces. */
const MAX_COLUMNS = 300;
const HEAD_LINES = 30;

const TIME = /^(?:elapsed ?|relative ?)?(?:time|t|timestamp|zeit|sec|secs|seconds|ms|millis|milliseconds)$/i;
const SAMPLE = /^(?:sample|sample ?(?:#|no|number|index)|index|idx|i|n|#|)$/i;
/** Wall time and marks are no signals. */
const IGNORED = /^(?:time_utc|utc|date|datetime|annotation|label|beat|event|marker|comment|note)s?$/i;
/** `ECG_mV`, `ECG (mV)`, `ECG [mV]`, `ECG, mV`. */
const WITH_UNIT = /^(.*?)(?:_([A-Za-z\u00b5\u03bc%/]+)|[ ,]*[([]\s*([^)\]]+?)\s*[)\]])$/;

/** @throws RhythmdError E_CSV for a file without a column of numbers */
export function findColumns(lines: readonly string[], name: string): CsvColumns {
  const head = lines.slice(0, HEAD_LINES);
  const { delimiter, decimalComma, first } = findNumbers(head, name);
  const headRows = head.slice(0, first).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const width = splitLine(head[first]!, delimiter).length;
  const rows = headRows.map((line) => splitLine(line, delimiter)).filter((row) => row.length === width);
  const unitRow =
    rows.length > 1 && rows.at(-1)!.some((cell) => millivoltsPerUnit(cell) !== null) ? rows.at(-1)! : null;
  const nameRow = unitRow === null ? rows.at(-1) : rows.at(-2);
  const values = splitLine(head[first]!, delimiter);
  let time: CsvColumns['time'] = null;
  let sample: number | null = null;
  const signals: { column: number; name: string; units: string }[] = [];
  for (let column = 0; column < width; column++) {
    const { label, units } = labelOf(nameRow?.[column] ?? '', unitRow?.[column]);
    const hasName = nameRow !== undefined;
    // A column that begins without a number is one of signals when its head says in which unit.
    const holdsSignal = (cell: string) =>
      isNumber(cell, decimalComma) || (isMissing(cell) && (units !== '' || !hasName));
    if (hasName && time === null && TIME.test(label))
      time = { column, secondsPerUnit: secondsPer(units, label) };
    else if (hasName && column === 0 && sample === null && SAMPLE.test(label)) sample = column;
    else if (!IGNORED.test(label) && holdsSignal(values[column]!)) {
      signals.push({ column, name: label, units });
    }
  }
  if (signals.length === 0) throw refused(name, 'no column holds a signal');
  return { delimiter, decimalComma, headLines: first, time, sample, signals };
}

function labelOf(cell: string, unitCell: string | undefined): { label: string; units: string } {
  if (unitCell !== undefined) return { label: cell, units: unitCell };
  const match = WITH_UNIT.exec(cell);
  const units = match?.[2] ?? match?.[3];
  if (match === null || units === undefined) return { label: cell, units: '' };
  // `lead_left` has no unit; a word in brackets is always taken for one.
  const isUnit = match[3] !== undefined || KNOWN_UNIT.test(units) || millivoltsPerUnit(units) !== null;
  return isUnit ? { label: match[1]!.trim(), units } : { label: cell, units: '' };
}

const KNOWN_UNIT = /^(?:s|sec|seconds|ms|us|adu|counts?|mmHg|bpm|NU|%|l|lpm|g|Hz|ohms?)$/i;

function secondsPer(units: string, label: string): number {
  if (/^(?:ms|millis|milliseconds)$/i.test(units) || /^(?:ms|millis|milliseconds)$/i.test(label)) return 1e-3;
  return /^(?:us|\u00b5s|\u03bcs|microseconds)$/i.test(units) ? 1e-6 : 1;
}

/** Delimiter, decimal sign and first line of numbers: the reading that gives a line of numbers first, and most columns. */
function findNumbers(lines: readonly string[], name: string) {
  let best: { delimiter: string; decimalComma: boolean; first: number; width: number } | null = null;
  for (const [delimiter, decimalComma] of [
    ['\t', false],
    [';', false],
    [',', false],
    ['\t', true],
    [';', true],
    [' ', false],
  ] as const) {
    const first = lines.findIndex((line) => isRowOfNumbers(splitLine(line, delimiter), decimalComma));
    if (first < 0) continue;
    const width = splitLine(lines[first]!, delimiter).length;
    const isBetter = best === null || width > best.width || (width === best.width && first < best.first);
    if (isBetter) best = { delimiter, decimalComma, first, width };
  }
  if (best === null) throw refused(name, `none of its first ${HEAD_LINES} lines is a line of numbers`);
  if (best.width > MAX_COLUMNS) throw refused(name, `it has ${best.width} columns`);
  return best;
}

/** A time or a missing value may stand among them; one at least is a number, and none is a word. */
function isRowOfNumbers(cells: readonly string[], decimalComma: boolean): boolean {
  return (
    cells.some((cell) => isNumber(cell, decimalComma)) &&
    cells.every((cell) => isNumber(cell, decimalComma) || isMissing(cell) || parseClock(cell) !== null)
  );
}

const POINT = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?$/i;
const COMMA = /^[-+]?(?:\d+,?\d*|,\d+)(?:e[-+]?\d{1,3})?$/i;

export function isNumber(cell: string, decimalComma: boolean): boolean {
  return (decimalComma ? COMMA : POINT).test(cell);
}

/** What programs write for a sample that is not there. */
export function isMissing(cell: string): boolean {
  return cell === '' || cell === '-' || /^(?:nan|na|null|n\/a|none)$/i.test(cell);
}

/**
 * Seconds of `[[h:]m:]s.mmm`, with or without brackets and a date in front: only differences of it are used.
 * null: it is no time.
 */
export function parseClock(cell: string): number | null {
  const match =
    /^\[?(?:(\d{4})-(\d\d)-(\d\d)[T ])?(?:(\d{1,5}):)?(\d{1,5}):(\d{1,2}(?:[.,]\d{1,9})?)(?:Z|[-+]\d\d:?\d\d)?(?: \d\d\/\d\d\/\d{4})?\]?$/.exec(
      cell,
    );
  if (match === null) return null;
  const day =
    match[1] === undefined ? 0 : Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / 1000;
  return day + Number(match[4] ?? 0) * 3600 + Number(match[5]) * 60 + Number(match[6]!.replace(',', '.'));
}

/** Cells without quotes and outer spaces; a quoted cell may hold the delimiter. */
export function splitLine(line: string, delimiter: string): string[] {
  if (!/["']/.test(line)) {
    const cells = delimiter === ' ' ? line.trim().split(/\s+/) : line.split(delimiter);
    return cells.map((cell) => cell.trim());
  }
  const cells: string[] = [];
  let cell = '';
  let quote = '';
  for (const character of delimiter === ' ' ? line.trim() : line) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else cell += character;
    } else if ((character === '"' || character === "'") && cell.trim() === '') quote = character;
    else if (character === delimiter) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  cells.push(cell.trim());
  return cells;
}

function refused(name: string, what: string): RhythmdError {
  return new RhythmdError(
    'E_CSV',
    `${name}: ${what}`,
    'A CSV file of signals has one line a sample, numbers separated by commas, semicolons, tabs or spaces',
  );
}
