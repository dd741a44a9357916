/** Sizes as they are compared in reports: the file, and the file in a ZIP archive (the paper's measure). */
import { deflateRawSync } from 'node:zlib';
import { crc32 } from '@rhythmd/ecg/crc32.ts';

/**
 * Zlib's memory levels are how long the blocks of a deflated stream are, each with a code of its own. Where most weights
 * are zero, short blocks follow the layers, which are differently sparse: an integer model's archive is a tenth smaller.
 * Where few are, codes repeated so often cost 2 %. The shortest of them all is taken.
 */
const MEMORY_LEVELS = [5, 6, 8];

/** As APPNOTE.TXT 6.3 numbers them. */
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL = 0x06054b50;
const VERSION_NEEDED = 20;
const DEFLATED = 8;
/** Members carry a fixed time, 2000-01-01, so that the same model gives the same bytes. */
const FIXED_DATE = ((2000 - 1980) << 9) | (1 << 5) | 1;

/** @param members by name, in ASCII; each below 4 GB */
export function archive(members: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(members)) {
    const deflated = shortest(MEMORY_LEVELS.map((memLevel) => deflateRawSync(bytes, { level: 9, memLevel })));
    const described = description(bytes, deflated.length, name);
    const local = Buffer.concat([numbers([LOCAL_HEADER, 4]), described, Buffer.from(name)]);
    const attributes = numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]);
    const version = numbers([CENTRAL_HEADER, 4], [VERSION_NEEDED, 2]);
    central.push(version, described, attributes, Buffer.from(name));
    parts.push(local, deflated);
    offset += local.length + deflated.length;
  }
  const size = central.reduce((sum, { length }) => sum + length, 0);
  const count = Object.keys(members).length;
  const end = numbers(
    [END_OF_CENTRAL, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [size, 4],
    [offset, 4],
    [0, 2],
  );
  return new Uint8Array(Buffer.concat([...parts, ...central, end]));
}

function shortest(streams: readonly Buffer[]): Buffer {
  return streams.reduce((best, stream) => (stream.length < best.length ? stream : best));
}

/** What the local and the central header say alike, the extra field's length included. */
function description(bytes: Uint8Array, deflatedLength: number, name: string): Buffer {
  return numbers(
    [VERSION_NEEDED, 2],
    [0, 2],
    [DEFLATED, 2],
    [0, 2],
    [FIXED_DATE, 2],
    [crc32(bytes), 4],
    [deflatedLength, 4],
    [bytes.length, 4],
    [name.length, 2],
    [0, 2],
  );
}

/** Little-endian numbers of so many bytes each. */
function numbers(...values: (readonly [value: number, size: number])[]): Buffer {
  const buffer = Buffer.alloc(values.reduce((sum, [, size]) => sum + size, 0));
  let at = 0;
  for (const [value, size] of values) at = buffer.writeUIntLE(value, at, size);
  return buffer;
}
