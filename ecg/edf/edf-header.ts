/**
 * The header of EDF, EDF+ and BDF files. Source: Kemp et al. 1992 and Kemp and Olivan 2003 (www.edfplus.info), BioSemi's
 * description of BDF.
 *
 *   bytes  field                 bytes a signal  field
 *   8      version: "0", BDF \xFF"BIOSEMI"   16  label
 *   80     patient                           80  transducer
 *   80     recording                          8  physical dimension
 *   8      start date dd.mm.yy                8  physical minimum
 *   8      start time hh.mm.ss                8  physical maximum
 *   8      bytes of the header                8  digital minimum
 *   44     EDF+C, EDF+D, 24BIT, BDF+C...      8  digital maximum
 *   8      number of data records (-1: unknown)  80  prefiltering
 *   8      duration of one, in seconds        8  samples in a data record
 *   4      number of signals                 32  reserved
 *
 * A data record holds each signal's samples one signal after the other: 16 bits (BDF: 24), little-endian.
 */
import { RhythmdError } from '../errors.ts';
import { utcMilliseconds } from '../wfdb/record-time.ts';

export interface EdfSignal {
  readonly label: string;
  readonly transducer: string;
  readonly units: string;
  readonly physicalMin: number;
  readonly physicalMax: number;
  readonly digitalMin: number;
  readonly digitalMax: number;
  readonly prefilter: string;
  /** Samples in a data record. */
  readonly samples: number;
  /** Time-stamped annotation lists in place of samples. */
  readonly isAnnotations: boolean;
}

export interface EdfHeader {
  readonly kind: 'EDF' | 'BDF';
  /** EDF+D: data records need not follow on each other; their lists say when each begins. */
  readonly isDiscontinuous: boolean;
  readonly isPlus: boolean;
  readonly headerBytes: number;
  /** null: as many as the file holds. */
  readonly records: number | null;
  readonly recordS: number;
  readonly recordBytes: number;
  readonly bytesPerSample: 2 | 3;
  /** Milliseconds since 1970, whole seconds; null where the date is none. */
  readonly startMs: number | null;
  readonly signals: readonly EdfSignal[];
}

export const EDF_FIXED_BYTES = 256;
const MAX_SIGNALS = 1024;
/** EDF recommends 61,440; a record has to fit in memory. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;

const FIELD_WIDTHS = [16, 80, 8, 8, 8, 8, 8, 80, 8, 32] as const;

/** How many bytes the whole header has, from its first 256. @throws RhythmdError E_EDF_HEADER */
export function edfHeaderBytes(bytes: Uint8Array, name: string): number {
  if (bytes.length < EDF_FIXED_BYTES) throw damaged(name, 'it ends inside its header');
  const signals = Number(text(bytes, 252, 4));
  if (!Number.isInteger(signals) || signals < 1 || signals > MAX_SIGNALS) {
    throw damaged(name, `"${text(bytes, 252, 4)}" is no number of signals`);
  }
  return EDF_FIXED_BYTES * (signals + 1);
}

/** @param bytes of the whole header. @throws RhythmdError E_EDF_HEADER */
export function parseEdfHeader(bytes: Uint8Array, name: string): EdfHeader {
  const headerBytes = edfHeaderBytes(bytes, name);
  if (bytes.length < headerBytes) throw damaged(name, 'it ends inside its header');
  const kind = bytes[0] === 0xff ? 'BDF' : 'EDF';
  const reserved = text(bytes, 192, 44);
  const recordS = number(bytes, 244, 8, 'duration of a data record', name);
  const records = number(bytes, 236, 8, 'number of data records', name);
  const count = headerBytes / EDF_FIXED_BYTES - 1;
  const signals = Array.from({ length: count }, (_, index) => parseSignal(bytes, index, count, kind, name));
  const bytesPerSample = kind === 'BDF' ? 3 : 2;
  const recordBytes = bytesPerSample * signals.reduce((sum, { samples }) => sum + samples, 0);
  if (recordBytes === 0 || recordBytes > MAX_RECORD_BYTES) {
    throw damaged(name, `a data record would have ${recordBytes} bytes`);
  }
  const hasSamples = signals.some(({ isAnnotations, samples }) => !isAnnotations && samples > 0);
  if (!hasSamples) throw damaged(name, 'it holds annotations only, no signal');
  if (!(recordS > 0)) throw damaged(name, `a data record lasts ${recordS} s`);
  return {
    kind,
    isPlus: /^(?:EDF|BDF)\+/.test(reserved),
    isDiscontinuous: /^(?:EDF|BDF)\+D/.test(reserved),
    headerBytes,
    records: Number.isInteger(records) && records >= 0 ? records : null,
    recordS,
    recordBytes,
    bytesPerSample,
    startMs: startOf(text(bytes, 168, 8), text(bytes, 176, 8), text(bytes, 88, 80)),
    signals,
  };
}

function parseSignal(
  bytes: Uint8Array,
  index: number,
  count: number,
  kind: EdfHeader['kind'],
  name: string,
): EdfSignal {
  let at = EDF_FIXED_BYTES;
  const places = FIELD_WIDTHS.map((width) => {
    const place = at + width * index;
    at += width * count;
    return [place, width] as const;
  });
  const textOf = (field: number) => text(bytes, places[field]![0], places[field]![1]);
  const numberOf = (field: number, what: string) =>
    number(bytes, places[field]![0], places[field]![1], `${what} of signal ${index}`, name);
  const label = textOf(0);
  const samples = numberOf(8, 'samples');
  if (!Number.isInteger(samples) || samples < 0)
    throw damaged(name, `signal ${index} has ${samples} samples`);
  const isAnnotations = label === `${kind} Annotations`;
  return {
    label,
    transducer: textOf(1),
    units: textOf(2),
    // Nobody fills these of annotations with care.
    physicalMin: isAnnotations ? -1 : numberOf(3, 'physical minimum'),
    physicalMax: isAnnotations ? 1 : numberOf(4, 'physical maximum'),
    digitalMin: isAnnotations ? -32768 : numberOf(5, 'digital minimum'),
    digitalMax: isAnnotations ? 32767 : numberOf(6, 'digital maximum'),
    prefilter: textOf(7),
    samples,
    isAnnotations,
  };
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

/** The two digits of the year mean 1985 to 2084; EDF+ has all four in the recording's field. */
function startOf(date: string, time: string, recording: string): number | null {
  const clock = /^(\d{1,2})[.:](\d{1,2})[.:](\d{1,2})/.exec(time)?.slice(1).map(Number);
  const hours = (clock ?? [0, 0, 0]) as [number, number, number];
  const long = /^Startdate (\d{1,2})-([A-Za-z]{3})-(\d{4})\b/.exec(recording);
  const month = MONTHS.indexOf((long?.[2] ?? '').toUpperCase());
  if (long && month >= 0) return utcMilliseconds([Number(long[3]), month + 1, Number(long[1])], hours);
  const short = /^(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{2})$/.exec(date)?.slice(1).map(Number);
  if (short === undefined || clock === undefined) return null;
  const [day, shortMonth, year] = short as [number, number, number];
  // What writers put where they know no date.
  if (/^Startdate X\b/.test(recording)) return null;
  return utcMilliseconds([year >= 85 ? 1900 + year : 2000 + year, shortMonth, day], hours);
}

function text(bytes: Uint8Array, at: number, length: number): string {
  let out = '';
  for (let i = at; i < at + length; i++) out += bytes[i] === 0 ? ' ' : String.fromCharCode(bytes[i]!);
  return out.trim();
}

/** Some writers use a decimal comma. */
function number(bytes: Uint8Array, at: number, length: number, what: string, name: string): number {
  const field = text(bytes, at, length);
  const value = field === '' ? Number.NaN : Number(field.replace(',', '.'));
  if (Number.isFinite(value)) return value;
  throw damaged(name, `"${field}" is no ${what}`);
}

function damaged(name: string, what: string): RhythmdError {
  return new RhythmdError('E_EDF_HEADER', `${name}: ${what}`, 'The file is damaged; copy it again');
}
