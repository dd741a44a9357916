/**
 * The WFDB header (`.hea`): what a record's signal files hold. Text with any line ends, `#` starts a comment.
 * Source: header(5) of the WFDB Applications Guide.
 *
 *   record line    name[/segments] signals [rate[/counter rate[(base counter)]] [samples [time [date]]]
 *   signal line    see signal-line.ts
 *   segment line   name samples           (a record of several segments has these instead of signal lines)
 */
import { decodeText, type TextEncoding } from './header-text.ts';
import { damagedHeader, formatSignalLine, parseSignalLine, type SignalHeader } from './signal-line.ts';

export type { SignalHeader } from './signal-line.ts';

/** A stretch of a record that is a record of its own. */
export interface SegmentHeader {
  /** `~`: nothing was recorded. */
  readonly name: string;
  /** 0: the layout, which names all signals of a record whose segments differ. */
  readonly sampleCount: number;
}

export interface RecordHeader {
  readonly name: string;
  /** Frames per second: the rate of every signal that has one sample a frame, and the clock of annotations. */
  readonly rateHz: number;
  /** Frames; null: as many as the files hold. */
  readonly sampleCount: number | null;
  /** `HH:MM:SS`, the time of the first sample; null when unknown. */
  readonly baseTime: string | null;
  /** `DD/MM/YYYY`. */
  readonly baseDate: string | null;
  /** Empty where there are segments: their own headers have them. */
  readonly signals: readonly SignalHeader[];
  /** null: the record is one piece. */
  readonly segments: readonly SegmentHeader[] | null;
  /** Comment lines without their `#`. */
  readonly comments: readonly string[];
  /** How comments and descriptions are written back. */
  readonly encoding: TextEncoding;
}

/** What WFDB assumes of a header that names no rate. */
const DEFAULT_RATE_HZ = 250;
/** In place of a segment's or a signal file's name: there is none. */
export const NOTHING = '~';

/** No record has more; a header that claims so is damaged. */
const MAX_SIGNALS = 1024;
const MAX_SEGMENTS = 100_000;

/** A slash with digits after it counts segments; any other slash is part of the name. */
const SEGMENTED_NAME = /^(.+)\/(\d+)$/;

/** @throws RhythmdError E_WFDB_HEADER (damaged), naming the file. */
export function parseHeader(content: string | Uint8Array, name: string): RecordHeader {
  const { text, encoding } =
    typeof content === 'string' ? { text: content, encoding: 'utf8' as const } : decodeText(content);
  const lines = text.split(/\r\n|\n|\r/);
  const comments = lines.filter((line) => line.startsWith('#')).map((line) => line.slice(1));
  const [recordLine, ...otherLines] = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (recordLine === undefined) throw damagedHeader(name, 'the record line is missing');

  const [nameField = '', signalField, rateField, countField, baseTime, baseDate] = recordLine.split(/\s+/);
  const segmented = SEGMENTED_NAME.exec(nameField);
  const signalCount = wholeNumber(signalField, MAX_SIGNALS, 'number of signals', name);
  const segmentCount = segmented ? wholeNumber(segmented[2], MAX_SEGMENTS, 'number of segments', name) : null;
  const announced = segmentCount ?? signalCount;
  if (otherLines.length < announced) {
    const what = segmentCount === null ? 'signals' : 'segments';
    throw damagedHeader(name, `${announced} ${what} are announced, ${otherLines.length} described`);
  }
  const described = otherLines.slice(0, announced);
  return {
    name: segmented?.[1] ?? nameField,
    rateHz: parseRate(rateField, name),
    sampleCount: parseSampleCount(countField, name),
    baseTime: baseTime ?? null,
    baseDate: baseDate ?? null,
    signals: segmentCount === null ? described.map((line) => parseSignalLine(line, name)) : [],
    segments: segmentCount === null ? null : described.map((line) => parseSegmentLine(line, name)),
    comments,
    encoding,
  };
}

function wholeNumber(field: string | undefined, max: number, what: string, name: string): number {
  const value = /^\d+$/.test(field ?? '') ? Number(field) : Number.NaN;
  if (value >= 0 && value <= max) return value;
  throw damagedHeader(name, `"${field ?? ''}" is no ${what}`);
}

function parseRate(field: string | undefined, name: string): number {
  if (field === undefined) return DEFAULT_RATE_HZ;
  // `360/72(0)`: the counter after the slash only labels printed positions.
  const rateHz = Number(field.split('/')[0]);
  if (!Number.isFinite(rateHz) || rateHz <= 0) throw damagedHeader(name, `"${field}" is no sample rate`);
  return rateHz;
}

function parseSampleCount(field: string | undefined, name: string): number | null {
  if (field === undefined) return null;
  // header(5): 0 means the same as leaving it out.
  return wholeNumber(field, Number.MAX_SAFE_INTEGER, 'number of samples', name) || null;
}

function parseSegmentLine(line: string, name: string): SegmentHeader {
  const [segmentName = '', countField] = line.split(/\s+/);
  const sampleCount = wholeNumber(countField, Number.MAX_SAFE_INTEGER, 'number of samples', name);
  return { name: segmentName, sampleCount };
}

/** The header as text with LF line ends; `parseHeader` of it gives the same header. */
export function formatHeader(header: RecordHeader): string {
  const { segments } = header;
  const name = segments === null ? header.name : `${header.name}/${segments.length}`;
  const recordLine = [name, header.signals.length, header.rateHz];
  if (header.sampleCount !== null || header.baseTime !== null) recordLine.push(header.sampleCount ?? 0);
  if (header.baseTime !== null) recordLine.push(header.baseTime);
  if (header.baseTime !== null && header.baseDate !== null) recordLine.push(header.baseDate);
  const lines = [recordLine.join(' '), ...header.signals.map(formatSignalLine)];
  for (const segment of segments ?? []) lines.push(`${segment.name} ${segment.sampleCount}`);
  for (const comment of header.comments) lines.push(`#${comment}`);
  return `${lines.join('\n')}\n`;
}
