/** Inputs made from inputs: bits, lengths, numbers at their limits, words of the grammar, pieces of each other. */
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';

/** Longer inputs are cut: what breaks a parser breaks it in a few kilobytes. */
export const MAX_INPUT_BYTES = 8192;
const MOST_STEPS = 6;
const INTEGERS = [
  0,
  1,
  -1,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1e999',
  '-1e999',
  'NaN',
  'Infinity',
  '9'.repeat(19),
  '9'.repeat(60),
  '1e-320',
  '0x10',
];
const LETTERS = ['\0', '\n', '\r\n', '"', '\\', '/', '..', '%', '{', '[', '\ufffd', '__proto__', ' '];

type Step = (
  bytes: number[],
  random: SeededRandom,
  others: readonly Uint8Array[],
  words: readonly string[],
) => void;

const below = (random: SeededRandom, limit: number): number => Math.floor(random.uniform() * limit);
const oneOf = <T>(random: SeededRandom, list: readonly T[]): T => list[below(random, list.length)]!;
const insert = (bytes: number[], at: number, more: Iterable<number>) => bytes.splice(at, 0, ...more);
const put = (bytes: number[], at: number, text: string) => insert(bytes, at, Buffer.from(text));

const STEPS: readonly Step[] = [
  (bytes, random) => {
    if (bytes.length > 0) bytes[below(random, bytes.length)]! ^= 1 << below(random, 8);
  },
  (bytes, random) => {
    if (bytes.length > 0) bytes[below(random, bytes.length)] = below(random, 256);
  },
  // A whole number of two or four bytes, as a length or a count would be.
  (bytes, random) => {
    const [at, size] = [below(random, bytes.length + 1), oneOf(random, [1, 2, 4])];
    const value = oneOf(random, INTEGERS);
    for (let i = 0; i < size && at + i < bytes.length; i++) bytes[at + i] = (value / 256 ** i) & 255;
  },
  (bytes, random) => {
    const at = below(random, bytes.length + 1);
    bytes.splice(at, 1 + below(random, 32));
  },
  (bytes, random) => {
    const at = below(random, bytes.length + 1);
    const piece = bytes.slice(at, at + 1 + below(random, 64));
    for (let copies = oneOf(random, [1, 2, 50]); copies > 0; copies--) insert(bytes, at, piece);
  },
  (bytes, random, others) => {
    const other = oneOf(random, others);
    const from = below(random, other.length);
    insert(bytes, below(random, bytes.length + 1), other.subarray(from, from + 1 + below(random, 256)));
  },
  (bytes, random, others) => {
    const other = oneOf(random, others);
    bytes.splice(
      below(random, bytes.length + 1),
      bytes.length,
      ...other.subarray(below(random, other.length)),
    );
  },
  (bytes, random, _others, words) => put(bytes, below(random, bytes.length + 1), oneOf(random, words)),
  (bytes, random) => put(bytes, below(random, bytes.length + 1), oneOf(random, LETTERS)),
  // A number that is written out, by another.
  (bytes, random) => {
    const digits = bytes.flatMap((byte, at) => (byte >= 0x30 && byte <= 0x39 ? [at] : []));
    if (digits.length === 0) return;
    const at = oneOf(random, digits);
    let end = at;
    while (bytes[end]! >= 0x30 && bytes[end]! <= 0x39) end++;
    bytes.splice(at, end - at, ...Buffer.from(oneOf(random, NUMBERS)));
  },
  (bytes, random) => {
    bytes.length = below(random, bytes.length + 1);
  },
];

/** @param corpus at least one input */
export function mutated(
  random: SeededRandom,
  corpus: readonly Uint8Array[],
  words: readonly string[],
): Uint8Array {
  const bytes = [...oneOf(random, corpus)];
  const steps = 1 + below(random, MOST_STEPS);
  for (let step = 0; step < steps; step++) {
    oneOf(random, STEPS)(bytes, random, corpus, words.length > 0 ? words : ['0']);
    if (bytes.length > MAX_INPUT_BYTES) bytes.length = MAX_INPUT_BYTES;
  }
  return Uint8Array.from(bytes);
}
