/**
 * How WFDB signal files (`.dat`, `.mat`) store samples. Source: signal(5) of the WFDB Applications Guide.
 *
 *   8     8-bit differences from the sample before of the same signal; the first is from the header's first value
 *   16    16-bit two's complement, little-endian; 61 the same, big-endian; 160 offset binary (value + 32768)
 *   24    24-bit, 32 32-bit two's complement, little-endian
 *   80    8-bit offset binary (value + 128)
 *   212   two 12-bit samples in three bytes:
 *         byte 0: low 8 of the first; byte 1: high 4 of the first (low nibble), of the second (high nibble);
 *         byte 2: low 8 of the second. An odd last sample takes two bytes.
 *   310   three 10-bit samples in two little-endian words: bits 1..10 of word 0 and of word 1 are the first and the second,
 *         bits 11..15 of word 0 the low, of word 1 the high half of the third
 *   311   three 10-bit samples in the low 30 bits of a little-endian double word, the first lowest
 *
 *   508   FLAC of 8, 516 of 16, 524 of 24 bits: a file of its own kind, each signal a channel (ecg/flac)
 *
 * The lowest value of each format means "no sample here"; format 8 has none.
 */
import { RhythmdError } from '../errors.ts';

/**
 * A sample that was lost, whatever the format. A gap between segments has no format at all, so readers give this value;
 * only format 32 can hold it, and there it means the same.
 */
export const LOST_SAMPLE = -0x80000000;

export function isLost(value: number): boolean {
  return value === LOST_SAMPLE;
}

export interface SignalFormat {
  readonly bits: number;
  readonly min: number;
  readonly max: number;
  /** Stands for a sample that was lost; null: nothing does. */
  readonly invalid: number | null;
  /** Samples are packed together in groups: decoding starts at one. */
  readonly groupSamples: number;
  readonly groupBytes: number;
  /** Values are differences: only a read from the start is right. */
  readonly differences: boolean;
  /** The file is a FLAC stream: neither its size nor its bytes say anything before it is decoded. */
  readonly isFlac: boolean;
  readonly samplesIn: (bytes: number) => number;
  /** Fills `out` from a group's first byte on; bytes beyond the end are zeros. */
  readonly decode: (bytes: Uint8Array, offset: number, out: Int32Array) => void;
  /** null: read only. */
  readonly encode: ((values: ArrayLike<number>, bytes: Uint8Array) => void) | null;
  readonly bytesFor: (samples: number) => number;
}

type Codec = Pick<SignalFormat, 'decode' | 'encode'>;

function whole(bits: number, groupBytes: number, codec: Codec): SignalFormat {
  const min = -(2 ** (bits - 1));
  return {
    bits,
    min,
    max: -min - 1,
    invalid: min,
    groupSamples: 1,
    groupBytes,
    differences: false,
    isFlac: false,
    samplesIn: (bytes) => Math.floor(bytes / groupBytes),
    bytesFor: (samples) => samples * groupBytes,
    ...codec,
  };
}

/** Little-endian two's complement of any whole number of bytes. */
function littleEndian(size: number): Codec {
  const unused = 32 - 8 * size;
  return {
    decode: (bytes, offset, out) => {
      for (let i = 0, b = offset; i < out.length; i++) {
        let value = 0;
        for (let shift = 0; shift < 8 * size; shift += 8) value |= bytes[b++]! << shift;
        out[i] = (value << unused) >> unused;
      }
    },
    encode: (values, bytes) => {
      for (let i = 0, b = 0; i < values.length; i++) {
        for (let shift = 0; shift < 8 * size; shift += 8) bytes[b++] = (values[i]! >> shift) & 0xff;
      }
    },
  };
}

/** Sixteen bits are what nearly all recordings have. */
const words: Codec = {
  decode: (bytes, offset, out) => {
    for (let i = 0, b = offset; i < out.length; i++, b += 2) {
      out[i] = ((bytes[b]! | (bytes[b + 1]! << 8)) << 16) >> 16;
    }
  },
  encode: (values, bytes) => {
    for (let i = 0, b = 0; i < values.length; i++, b += 2) {
      bytes[b] = values[i]! & 0xff;
      bytes[b + 1] = (values[i]! >> 8) & 0xff;
    }
  },
};

const FORMATS: ReadonlyMap<number, SignalFormat> = new Map<number, SignalFormat>([
  [
    8,
    {
      ...whole(8, 1, {
        decode: (bytes, offset, out) => {
          for (let i = 0; i < out.length; i++) out[i] = (bytes[offset + i]! << 24) >> 24;
        },
        encode: null,
      }),
      // Of the sums, not of the differences.
      min: -32768,
      max: 32767,
      invalid: null,
      differences: true,
    },
  ],
  [16, whole(16, 2, words)],
  [24, whole(24, 3, littleEndian(3))],
  [32, whole(32, 4, littleEndian(4))],
  [
    61,
    whole(16, 2, {
      decode: (bytes, offset, out) => {
        for (let i = 0, b = offset; i < out.length; i++, b += 2) {
          out[i] = ((bytes[b + 1]! | (bytes[b]! << 8)) << 16) >> 16;
        }
      },
      encode: null,
    }),
  ],
  [
    80,
    whole(8, 1, {
      decode: (bytes, offset, out) => {
        for (let i = 0; i < out.length; i++) out[i] = bytes[offset + i]! - 128;
      },
      encode: (values, bytes) => {
        for (let i = 0; i < values.length; i++) bytes[i] = values[i]! + 128;
      },
    }),
  ],
  [
    160,
    whole(16, 2, {
      decode: (bytes, offset, out) => {
        for (let i = 0, b = offset; i < out.length; i++, b += 2) {
          out[i] = (bytes[b]! | (bytes[b + 1]! << 8)) - 32768;
        }
      },
      encode: null,
    }),
  ],
  [
    212,
    {
      ...whole(12, 3, { decode: decode212, encode: encode212 }),
      groupSamples: 2,
      samplesIn: (bytes) => Math.floor(bytes / 1.5),
      bytesFor: (samples) => Math.ceil(samples * 1.5),
    },
  ],
  [310, packedTens(decode310)],
  [311, packedTens(decode311)],
  [508, flac(8)],
  [516, flac(16)],
  [524, flac(24)],
]);

function flac(bits: number): SignalFormat {
  const nothing = {
    decode: (_bytes: Uint8Array, _offset: number, out: Int32Array) => out.fill(0),
    encode: null,
  };
  return { ...whole(bits, bits / 8, nothing), isFlac: true, samplesIn: () => 0 };
}

function decode212(bytes: Uint8Array, offset: number, out: Int32Array): void {
  for (let i = 0, b = offset; i < out.length; i += 2, b += 3) {
    const middle = bytes[b + 1]!;
    out[i] = ((bytes[b]! | ((middle & 0x0f) << 8)) << 20) >> 20;
    // Past the end of an odd-length array this write is ignored.
    out[i + 1] = ((bytes[b + 2]! | ((middle & 0xf0) << 4)) << 20) >> 20;
  }
}

function encode212(values: ArrayLike<number>, bytes: Uint8Array): void {
  for (let i = 0, b = 0; i < values.length; i += 2, b += 3) {
    const first = values[i]!;
    const second = values[i + 1] ?? 0;
    bytes[b] = first & 0xff;
    bytes[b + 1] = ((first >> 8) & 0x0f) | ((second >> 4) & 0xf0);
    if (b + 2 < bytes.length) bytes[b + 2] = second & 0xff;
  }
}

function packedTens(decode: SignalFormat['decode']): SignalFormat {
  return {
    ...whole(10, 4, { decode, encode: null }),
    groupSamples: 3,
    // Two bytes hold a first sample, the other two are needed for any more.
    samplesIn: (bytes) => 3 * Math.floor(bytes / 4) + (bytes % 4 >= 2 ? 1 : 0),
    bytesFor: (samples) => 4 * Math.floor(samples / 3) + (samples % 3 === 0 ? 0 : samples % 3 === 1 ? 2 : 4),
  };
}

const ten = (value: number): number => (value << 22) >> 22;

function decode310(bytes: Uint8Array, offset: number, out: Int32Array): void {
  for (let i = 0, b = offset; i < out.length; i += 3, b += 4) {
    const first = bytes[b]! | (bytes[b + 1]! << 8);
    const second = bytes[b + 2]! | (bytes[b + 3]! << 8);
    out[i] = ten(first >> 1);
    out[i + 1] = ten(second >> 1);
    out[i + 2] = ten((first >> 11) | ((second >> 11) << 5));
  }
}

function decode311(bytes: Uint8Array, offset: number, out: Int32Array): void {
  for (let i = 0, b = offset; i < out.length; i += 3, b += 4) {
    const both = bytes[b]! | (bytes[b + 1]! << 8) | (bytes[b + 2]! << 16) | (bytes[b + 3]! << 24);
    out[i] = ten(both);
    out[i + 1] = ten(both >> 10);
    out[i + 2] = ten(both >> 20);
  }
}

/** @throws RhythmdError E_WFDB_UNSUPPORTED, naming `name` and the formats that are read */
export function findFormat(format: number, name: string): SignalFormat {
  const found = FORMATS.get(format);
  if (found) return found;
  throw new RhythmdError(
    'E_WFDB_UNSUPPORTED',
    `${name}: signal format ${format} is not supported`,
    `Convert the record to one of the formats ${[...FORMATS.keys()].join(', ')}`,
  );
}
