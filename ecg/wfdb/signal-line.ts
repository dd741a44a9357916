/**
 * One signal in a WFDB header. Source: header(5) of the WFDB Applications Guide.
 *
 *   file format[xN][:skew][+offset] [gain[(baseline)][/units] [bits [zero [first value [checksum [block size
 *   [description]]]]]]]
 */
import { RhythmdError } from '../errors.ts';

export interface SignalHeader {
  /** `~`: nothing of this signal was recorded. */
  readonly fileName: string;
  /** 212, 16, 80...: see signal-formats.ts. */
  readonly format: number;
  /** Samples in each of the record's frames. */
  readonly samplesPerFrame: number;
  /** Frames by which this signal lies later in the file than the others. */
  readonly skew: number;
  /** Bytes before the first sample in the file. */
  readonly byteOffset: number;
  /** ADC units per physical unit, as it is to be used: 200 where the header says 0 or nothing. Negative: upside down. */
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
  /** The sum of all samples modulo 65,536, signed or not; null: the header does not say. */
  readonly checksum: number | null;
  readonly blockSize: number;
  /** Often the name of the lead; empty when there is none. */
  readonly description: string;
  /** What other containers say beside it: the electrodes' material, the filters the signal has been through. */
  readonly transducer?: string;
  readonly prefilter?: string;
}

/** What WFDB assumes of a signal without a gain. */
const DEFAULT_GAIN = 200;
/** More is no recorder, and a frame has to fit in memory. */
const MAX_SAMPLES_PER_FRAME = 100_000;

const FORMAT_FIELD = /^(\d{1,4})(?:x(\d{1,9}))?(?::(\d{1,9}))?(?:\+(\d{1,12}))?$/;
const GAIN_FIELD = /^([^(/]+)(?:\(([-+]?\d+(?:\.\d*)?)\))?(?:\/(\S+))?$/;
const LINE = /^(\S+)\s*(\S*)\s*(\S*)\s*(\S*)\s*(\S*)\s*(\S*)\s*(\S*)\s*(\S*)\s*(.*)$/;

/** @throws RhythmdError E_WFDB_HEADER, naming the header file */
export function parseSignalLine(line: string, name: string): SignalHeader {
  const [fileName = '', formatField = '', gainField = '', ...fields] = LINE.exec(line)?.slice(1) ?? [];
  const format = FORMAT_FIELD.exec(formatField);
  if (!format) throw damagedHeader(name, `"${formatField}" is no signal format`);
  const samplesPerFrame = Number(format[2] ?? 1);
  if (samplesPerFrame < 1 || samplesPerFrame > MAX_SAMPLES_PER_FRAME) {
    throw damagedHeader(name, `a signal has ${samplesPerFrame} samples in a frame`);
  }
  const gainMatch = GAIN_FIELD.exec(gainField === '' ? '0' : gainField);
  const gain = Number(gainMatch?.[1]);
  if (!gainMatch || !Number.isFinite(gain)) throw damagedHeader(name, `"${gainField}" is no gain`);
  const adcZero = integerField(fields[1], 0, 'ADC zero', name);
  return {
    fileName,
    format: Number(format[1]),
    samplesPerFrame,
    skew: Number(format[3] ?? 0),
    byteOffset: Number(format[4] ?? 0),
    gain: gain === 0 ? DEFAULT_GAIN : gain,
    calibrated: gain !== 0,
    baseline: gainMatch[2] === undefined ? adcZero : Number(gainMatch[2]),
    baselineGiven: gainMatch[2] !== undefined,
    units: gainMatch[3] ?? 'mV',
    adcBits: integerField(fields[0], 0, 'ADC resolution', name),
    adcZero,
    firstValue: integerField(fields[2], null, 'first value', name),
    checksum: integerField(fields[3], null, 'checksum', name),
    blockSize: integerField(fields[4], 0, 'block size', name),
    description: fields[5] ?? '',
  };
}

function integerField<Missing>(
  field: string | undefined,
  missing: Missing,
  what: string,
  name: string,
): number | Missing {
  if (field === undefined || field === '') return missing;
  const value = Number(field);
  if (!Number.isInteger(value)) throw damagedHeader(name, `"${field}" is no ${what}`);
  return value;
}

/** The line, its numbers with the fewest digits that read back the same. */
export function formatSignalLine(signal: SignalHeader): string {
  let format = String(signal.format);
  if (signal.samplesPerFrame !== 1) format += `x${signal.samplesPerFrame}`;
  if (signal.skew !== 0) format += `:${signal.skew}`;
  if (signal.byteOffset !== 0) format += `+${signal.byteOffset}`;
  let gain = String(signal.calibrated ? signal.gain : 0);
  if (signal.baselineGiven) gain += `(${Math.round(signal.baseline)})`;
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

export function damagedHeader(name: string, what: string): RhythmdError {
  return new RhythmdError('E_WFDB_HEADER', `${name}: ${what}`, 'The header file is damaged; fetch it again');
}
