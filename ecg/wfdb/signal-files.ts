/** Which signals lie in which file, and how: the samples of a file's signals are interleaved, frame by frame. */
import { RhythmdError } from '../errors.ts';
import { NOTHING, type RecordHeader } from './header.ts';
import { findFormat, isLost } from './signal-formats.ts';

export interface SignalPlace {
  /** Which signal of the header it is. */
  readonly index: number;
  /** Of its first sample in a frame. */
  readonly offset: number;
  readonly samplesPerFrame: number;
  /** Frame i of the record holds what lies `skew` frames later in the file. */
  readonly skew: number;
}

/** The signals of one file; they share format and byte offset. */
export interface SignalFile {
  readonly fileName: string;
  readonly format: number;
  readonly byteOffset: number;
  readonly frameSamples: number;
  readonly signals: readonly SignalPlace[];
}

/** The files a header names, in its order; none for null signals. @throws RhythmdError E_WFDB_HEADER when one file mixes formats. */
export function signalFiles(header: RecordHeader): SignalFile[] {
  const files = new Map<string, { -readonly [Key in keyof SignalFile]: SignalFile[Key] }>();
  for (const [index, signal] of header.signals.entries()) {
    const { fileName, format, byteOffset, samplesPerFrame, skew } = signal;
    if (fileName === NOTHING) continue;
    const file = files.get(fileName);
    if (!file) {
      const signals = [{ index, offset: 0, samplesPerFrame, skew }];
      files.set(fileName, { fileName, format, byteOffset, frameSamples: samplesPerFrame, signals });
    } else if (file.format === format && (byteOffset === 0 || byteOffset === file.byteOffset)) {
      file.signals = [...file.signals, { index, offset: file.frameSamples, samplesPerFrame, skew }];
      file.frameSamples += samplesPerFrame;
    } else {
      throw new RhythmdError('E_WFDB_HEADER', `${header.name}: ${fileName} mixes signal formats`);
    }
  }
  return [...files.values()];
}

/**
 * The bytes of one signal file: `signals` (all of the same length) interleaved, a lost sample as the format's own value for it.
 * @throws RhythmdError E_WFDB_RANGE when a value does not fit: nothing is clipped silently.
 */
export function encodeSignals(
  format: number,
  signals: readonly ArrayLike<number>[],
  name: string,
): Uint8Array {
  const { bytesFor, encode, min, max, invalid } = findFormat(format, name);
  if (encode === null) throw unwritable(format, name);
  const count = signals[0]?.length ?? 0;
  const interleaved = new Int32Array(count * signals.length);
  for (const [place, values] of signals.entries()) {
    for (let i = 0, to = place; i < count; i++, to += signals.length) {
      const value = isLost(values[i]!) ? (invalid ?? Number.NaN) : values[i]!;
      if (!(value >= min && value <= max)) {
        throw new RhythmdError(
          'E_WFDB_RANGE',
          `${name}: sample ${i} of signal ${place} is ${value}, outside ${min}..${max} of format ${format}`,
          'Write format 16 or 32',
        );
      }
      interleaved[to] = value;
    }
  }
  const bytes = new Uint8Array(bytesFor(interleaved.length));
  encode(interleaved, bytes);
  return bytes;
}

function unwritable(format: number, name: string): RhythmdError {
  return new RhythmdError('E_WFDB_UNSUPPORTED', `${name}: signal format ${format} is read, not written`);
}

/**
 * The header's checksum: the sum of all samples as a signed 16-bit number.
 * @param invalid what the format stores for a lost sample
 */
export function checksumOf(values: ArrayLike<number>, start = 0, invalid: number | null = null): number {
  let sum = start;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    sum = (sum + (isLost(value) ? (invalid ?? 0) : value)) | 0;
  }
  return (sum << 16) >> 16;
}
