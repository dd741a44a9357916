/**
 * WFDB signal files (`.dat`): the signals of one file are interleaved, sample by sample.
 * Source: signal(5) of the WFDB Applications Guide.
 *
 *   212   two 12-bit two's complement samples in three bytes:
 *         byte 0: low 8 of the first; byte 1: high 4 of the first (low nibble), of the second (high nibble);
 *         byte 2: low 8 of the second. An odd last sample takes two bytes.
 *   16    16-bit two's complement, little-endian
 *   80    8-bit offset binary: byte - 128
 *
 * The lowest value of each format means "no sample here".
 */
import { RhythmdError } from '../errors.ts';
import type { RecordHeader } from './header.ts';

export interface SignalFormat {
  readonly bytesFor: (samples: number) => number;
  readonly samplesIn: (bytes: number) => number;
  readonly min: number;
  readonly max: number;
  /** Stands for a sample that was lost. */
  readonly invalid: number;
  readonly decode: (bytes: Uint8Array, offset: number, out: Int16Array) => void;
  readonly encode: (values: Int16Array, bytes: Uint8Array) => void;
}

const FORMATS: ReadonlyMap<number, SignalFormat> = new Map([
  [
    212,
    {
      bytesFor: (samples) => Math.ceil(samples * 1.5),
      samplesIn: (bytes) => Math.floor(bytes / 1.5),
      min: -2048,
      max: 2047,
      invalid: -2048,
      decode: decode212,
      encode: encode212,
    },
  ],
  [
    16,
    {
      bytesFor: (samples) => samples * 2,
      samplesIn: (bytes) => bytes >> 1,
      min: -32768,
      max: 32767,
      invalid: -32768,
      decode: (bytes, offset, out) => {
        for (let i = 0, b = offset; i < out.length; i++, b += 2) out[i] = bytes[b]! | (bytes[b + 1]! << 8);
      },
      encode: (values, bytes) => {
        for (let i = 0, b = 0; i < values.length; i++, b += 2) {
          bytes[b] = values[i]! & 0xff;
          bytes[b + 1] = (values[i]! >> 8) & 0xff;
        }
      },
    },
  ],
  [
    80,
    {
      bytesFor: (samples) => samples,
      samplesIn: (bytes) => bytes,
      min: -128,
      max: 127,
      invalid: -128,
      decode: (bytes, offset, out) => {
        for (let i = 0; i < out.length; i++) out[i] = bytes[offset + i]! - 128;
      },
      encode: (values, bytes) => {
        for (let i = 0; i < values.length; i++) bytes[i] = values[i]! + 128;
      },
    },
  ],
]);

function decode212(bytes: Uint8Array, offset: number, out: Int16Array): void {
  for (let i = 0, b = offset; i < out.length; i += 2, b += 3) {
    const middle = bytes[b + 1]!;
    out[i] = ((bytes[b]! | ((middle & 0x0f) << 8)) << 20) >> 20;
    // Past the end of an odd-length array this write is ignored.
    out[i + 1] = ((bytes[b + 2]! | ((middle & 0xf0) << 4)) << 20) >> 20;
  }
}

function encode212(values: Int16Array, bytes: Uint8Array): void {
  for (let i = 0, b = 0; i < values.length; i += 2, b += 3) {
    const first = values[i]!;
    const second = values[i + 1] ?? 0;
    bytes[b] = first & 0xff;
    bytes[b + 1] = ((first >> 8) & 0x0f) | ((second >> 4) & 0xf0);
    if (b + 2 < bytes.length) bytes[b + 2] = second & 0xff;
  }
}

/** @throws RhythmdError E_WFDB_UNSUPPORTED */
export function findFormat(format: number, name: string): SignalFormat {
  const found = FORMATS.get(format);
  if (found) return found;
  throw new RhythmdError(
    'E_WFDB_UNSUPPORTED',
    `${name}: signal format ${format} is not supported`,
    `Convert the record to format ${[...FORMATS.keys()].join(', ')}`,
  );
}

/** The signals of one file, by their place in the header; they share format and offset. */
export interface SignalFile {
  readonly fileName: string;
  readonly format: number;
  readonly byteOffset: number;
  readonly signals: readonly number[];
}

/** The files a header names, in its order. @throws RhythmdError E_WFDB_HEADER when one file mixes formats. */
export function signalFiles(header: RecordHeader): SignalFile[] {
  const files = new Map<string, SignalFile & { signals: number[] }>();
  for (const [index, signal] of header.signals.entries()) {
    const file = files.get(signal.fileName);
    if (!file) {
      const { fileName, format, byteOffset } = signal;
      files.set(fileName, { fileName, format, byteOffset, signals: [index] });
    } else if (file.format === signal.format && file.byteOffset === signal.byteOffset) {
      file.signals.push(index);
    } else {
      throw new RhythmdError('E_WFDB_HEADER', `${header.name}: ${signal.fileName} mixes signal formats`);
    }
  }
  return [...files.values()];
}

/**
 * ADC values, one array per signal of the header, all of the header's length (or, where it gives none, of
 * the shortest file's).
 * @throws RhythmdError E_WFDB_TRUNCATED, E_WFDB_UNSUPPORTED, E_WFDB_HEADER
 */
export function decodeSignals(
  header: RecordHeader,
  bytesByFile: ReadonlyMap<string, Uint8Array>,
): Int16Array<ArrayBuffer>[] {
  const files = signalFiles(header);
  let count = header.sampleCount ?? Number.POSITIVE_INFINITY;
  for (const file of files) {
    const bytes = bytesByFile.get(file.fileName)?.length ?? 0;
    const { samplesIn } = findFormat(file.format, header.name);
    const held = Math.floor(samplesIn(Math.max(0, bytes - file.byteOffset)) / file.signals.length);
    if (header.sampleCount === null) count = Math.min(count, held);
    else if (held < count) {
      throw new RhythmdError(
        'E_WFDB_TRUNCATED',
        `${file.fileName} holds ${held} of the ${count} samples its header announces`,
        'The signal file is cut off; fetch or copy it again',
      );
    }
  }
  if (!Number.isFinite(count)) count = 0;
  const decoded = header.signals.map(() => new Int16Array(count));
  for (const file of files) {
    const bytes = bytesByFile.get(file.fileName) ?? new Uint8Array(0);
    const { decode } = findFormat(file.format, header.name);
    if (file.signals.length === 1) {
      decode(bytes, file.byteOffset, decoded[file.signals[0]!]!);
      continue;
    }
    const interleaved = new Int16Array(count * file.signals.length);
    decode(bytes, file.byteOffset, interleaved);
    for (const [place, signal] of file.signals.entries()) {
      const out = decoded[signal]!;
      for (let i = 0, from = place; i < count; i++, from += file.signals.length) out[i] = interleaved[from]!;
    }
  }
  return decoded;
}

/**
 * The bytes of one signal file: `signals` (all of the same length) interleaved.
 * @throws RhythmdError E_WFDB_RANGE when a value does not fit: nothing is clipped silently.
 */
export function encodeSignals(
  format: number,
  signals: readonly ArrayLike<number>[],
  name: string,
): Uint8Array {
  const { bytesFor, encode, min, max } = findFormat(format, name);
  const count = signals[0]?.length ?? 0;
  const interleaved = new Int16Array(count * signals.length);
  for (const [place, values] of signals.entries()) {
    for (let i = 0, to = place; i < count; i++, to += signals.length) {
      const value = values[i]!;
      if (!(value >= min && value <= max)) {
        throw new RhythmdError(
          'E_WFDB_RANGE',
          `${name}: sample ${i} of signal ${place} is ${value}, outside ${min}..${max} of format ${format}`,
          'Write format 16',
        );
      }
      interleaved[to] = value;
    }
  }
  const bytes = new Uint8Array(bytesFor(interleaved.length));
  encode(interleaved, bytes);
  return bytes;
}

/** The header's checksum: the sum of all samples as a signed 16-bit number. */
export function checksumOf(values: ArrayLike<number>, start = 0): number {
  let sum = start;
  for (let i = 0; i < values.length; i++) sum = (sum + values[i]!) | 0;
  return (sum << 16) >> 16;
}
