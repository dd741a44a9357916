/**
 * The WFDB header (`.hea`): what a record's signal files hold. Text, LF or CRLF, `#` starts a comment.
 * Source: header(5) of the WFDB Applications Guide.
 *
 *   record line   name[/segments] signals [rate[/counter rate[(base counter)]] [samples [time [date]]]]
 *   signal line   file format[xN][:skew][+offset] [gain[(baseline)][/units] [bits [zero [first value
 *                 [checksum [block size [description]]]]]]]
 */
import { RhythmdError } from '../errors.ts';

export interface SignalHeader {
  readonly fileName: string;
  /** 212, 16, 80: see signal-formats.ts. */
  readonly format: number;
  /** Bytes before the first sample in the file. */
  readonly byteOffset: number;
  /** ADC units per physical unit, as it is to be used: 200 where the header says 0 or nothing. */
  readonly gain: number;
  /** false: the header gives no gain, so physical values are a convention, not a measurement. */
  readonly calibrated: boolean;
  /** The ADC value of 0 physical units. */
  readonly baseline: number;
  /** The baseline was written out, and is to be written back. */
  readonly baselineGiven: boolean;
  /** `mV` where the header says nothing. */
  readonly units: string;
  readonly adcBits: number;
  readonly adcZero: number;
  /** null: the header does not say. */
  readonly firstValue: number | null;
  /** The sum of all samples as a signed 16-bit number; null: the header does not say. */
  readonly checksum: number | null;
  readonly blockSize: number;
  /** Often the name of the lead; empty when there is none. */
  readonly description: string;
}

export interface RecordHeader {
  readonly name: string;
  readonly rateHz: number;
  /** Samples per signal; null: as many as the files hold. */
  readonly sampleCount: number | null;
  /** `HH:MM:SS`, the time of the first sample; null when unknown. */
  readonly baseTime: string | null;
  /** `DD/MM/YYYY`. */
  readonly baseDate: string | null;
  readonly signals: readonly SignalHeader[];
  /** Comment lines without their `#`. */
  readonly comments: readonly string[];
}

/** What WFDB assumes of a header that names no rate, and of a signal without a gain. */
export const DEFAULT_RATE_HZ = 250;
export const DEFAULT_GAIN = 200;

/** No record has more; a header that claims so is damaged. */
const MAX_SIGNALS = 256;

/** @throws RhythmdError E_WFDB_HEADER (damaged), E_WFDB_UNSUPPORTED (multi-segment and such); both name the file. */
export function parseHeader(text: string, name: string): RecordHeader {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const comments = lines.filter((line) => line.startsWith('#')).map((line) => line.slice(1));
  const [recordLine, ...signalLines] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (recordLine === undefined) throw damaged(name, 'the record line is missing');

  const [recordName = '', signalField, rateField, countField, baseTime, baseDate] = recordLine.split(/\s+/);
  if (recordName.includes('/')) throw unsupported(name, 'the record has several segments');
  const signalCount = Number(signalField);
  if (!Number.isInteger(signalCount) || signalCount < 0 || signalCount > MAX_SIGNALS) {
    throw damaged(name, `"${signalField ?? ''}" is no number of signals`);
  }
  if (signalLines.length < signalCount) {
    throw damaged(name, `${signalCount} signals are announced, ${signalLines.length} described`);
  }
  return {
    name: recordName,
    rateHz: parseRate(rateField, name),
    sampleCount: parseSampleCount(countField, name),
    baseTime: baseTime ?? null,
    baseDate: baseDate ?? null,
    signals: signalLines.slice(0, signalCount).map((line) => parseSignalLine(line, name)),
    comments,
  };
}

function parseRate(field: string | undefined, name: string): number {
  if (field === undefined) return DEFAULT_RATE_HZ;
  // `360/72(0)`: the counter after the slash only labels printed positions.
  const rateHz = Number(field.split('/')[0]);
  if (!Number.isFinite(rateHz) || rateHz <= 0) throw damaged(name, `"${field}" is no sample rate`);
  return rateHz;
}

function parseSampleCount(field: string | undefined, name: string): number | null {
  if (field === undefined) return null;
  const count = Number(field);
  if (!Number.isInteger(count) || count < 0) throw damaged(name, `"${field}" is no number of samples`);
  // header(5): 0 means the same as leaving it out.
  return count === 0 ? null : count;
}

const FORMAT_FIELD = /^(\d+)(?:x(\d+))?(?::(\d+))?(?:\+(\d+))?$/;
const GAIN_FIELD = /^([^(/]+)(?:\((-?\d+)\))?(?:\/(\S+))?$/;

function parseSignalLine(line: string, name: string): SignalHeader {
  const fields = line.split(/\s+/);
  const [fileName = '', formatField = ''] = fields;
  const format = FORMAT_FIELD.exec(formatField);
  if (!format) throw damaged(name, `"${formatField}" is no signal format`);
  if (Number(format[2] ?? 1) !== 1) throw unsupported(name, 'a signal has several samples per frame');
  if (Number(format[3] ?? 0) !== 0) throw unsupported(name, 'a signal is skewed');

  const gainField = fields[2] ?? '0';
  const gainMatch = GAIN_FIELD.exec(gainField);
  const gain = Number(gainMatch?.[1]);
  if (!gainMatch || !Number.isFinite(gain)) throw damaged(name, `"${gainField}" is no gain`);
  const adcZero = integerField(fields[4], 0, 'ADC zero', name);
  return {
    fileName,
    format: Number(format[1]),
    byteOffset: Number(format[4] ?? 0),
    gain: gain === 0 ? DEFAULT_GAIN : gain,
    calibrated: gain !== 0,
    baseline: gainMatch[2] === undefined ? adcZero : Number(gainMatch[2]),
    baselineGiven: gainMatch[2] !== undefined,
    units: gainMatch[3] ?? 'mV',
    adcBits: integerField(fields[3], 0, 'ADC resolution', name),
    adcZero,
    firstValue: integerField(fields[5], null, 'first value', name),
    checksum: integerField(fields[6], null, 'checksum', name),
    blockSize: integerField(fields[7], 0, 'block size', name),
    description: fields.slice(8).join(' '),
  };
}

function integerField<Missing>(
  field: string | undefined,
  missing: Missing,
  what: string,
  name: string,
): number | Missing {
  if (field === undefined) return missing;
  const value = Number(field);
  if (!Number.isInteger(value)) throw damaged(name, `"${field}" is no ${what}`);
  return value;
}

/** The header as text with LF line ends; `parseHeader` of it gives the same header. */
export function formatHeader(header: RecordHeader): string {
  const recordLine = [header.name, header.signals.length, header.rateHz];
  if (header.sampleCount !== null || header.baseTime !== null) recordLine.push(header.sampleCount ?? 0);
  if (header.baseTime !== null) recordLine.push(header.baseTime);
  if (header.baseTime !== null && header.baseDate !== null) recordLine.push(header.baseDate);
  const lines = [recordLine.join(' '), ...header.signals.map(formatSignalLine)];
  for (const comment of header.comments) lines.push(`#${comment}`);
  return `${lines.join('\n')}\n`;
}

function formatSignalLine(signal: SignalHeader): string {
  const format = signal.byteOffset === 0 ? `${signal.format}` : `${signal.format}+${signal.byteOffset}`;
  let gain = String(signal.calibrated ? signal.gain : 0);
  if (signal.baselineGiven) gain += `(${signal.baseline})`;
  if (signal.units !== 'mV') gain += `/${signal.units}`;
  const fields = [signal.fileName, format, gain, signal.adcBits, signal.adcZero];
  // The fields are positional: one that is unknown ends the line.
  if (signal.firstValue === null) return fields.join(' ');
  fields.push(signal.firstValue);
  if (signal.checksum === null) return fields.join(' ');
  fields.push(signal.checksum, signal.blockSize);
  if (signal.description !== '') fields.push(signal.description);
  return fields.join(' ');
}

function damaged(name: string, what: string): RhythmdError {
  return new RhythmdError('E_WFDB_HEADER', `${name}: ${what}`, 'The header file is damaged; fetch it again');
}

function unsupported(name: string, what: string): RhythmdError {
  return new RhythmdError('E_WFDB_UNSUPPORTED', `${name}: ${what}, which is not supported`);
}
