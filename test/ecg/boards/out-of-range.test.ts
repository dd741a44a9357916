/** A value that the board's converter cannot give is a bad frame, in every decoder. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Board } from '@rhythmd/ecg/boards/board.ts';
import { boards, findBoard } from '@rhythmd/ecg/boards/registry.ts';
import { decodeAll, leadOf, samplesOf } from '../../support/streams.ts';

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const textLines = (values: readonly (string | number)[]) =>
  ascii(values.map((value) => `${value}\n`).join(''));
const plausible = (count: number) => Array.from({ length: count }, (_, i) => 500 + (i % 7));

for (const garbage of ['9'.repeat(19), '9'.repeat(60), '-99999999', '65536', '1.5e9']) {
  test(`ad8232: a line ${garbage.slice(0, 20)} is no sample`, () => {
    const decoder = findBoard('ad8232').createDecoder({ speed: Number.POSITIVE_INFINITY });
    const decoded = decodeAll(decoder, [
      textLines(plausible(400)),
      textLines([garbage]),
      textLines(plausible(400)),
    ]);
    const values = leadOf(decoded, 0);
    assert.ok(values.length > 700);
    assert.ok(
      values.every((value) => Math.abs(value) < 5),
      `${Math.max(...values)} mV`,
    );
    const { outOfRange, unknown } = decoder.statistics;
    assert.equal(outOfRange + unknown, 1);
  });
}

test('ad8232: a time beside the value is no value, however large', () => {
  const lines = Array.from({ length: 200 }, (_, i) => `${4_294_000_000 + i},${500 + (i % 7)}`);
  const decoder = findBoard('ad8232').createDecoder({ speed: Number.POSITIVE_INFINITY });
  decodeAll(decoder, [textLines(lines)]);
  assert.equal(decoder.statistics.outOfRange, 0);
});

/** Frames of a board with one value written over. */
function withValue(board: Board, at: number, bytes: readonly number[]): Uint8Array {
  const encoder = board.createEncoder();
  const frames = encoder
    .encode(samplesOf([plausible(20).map((value) => value / 1000)], board.rateHz))
    .slice();
  frames.set(bytes, (frames.length / 20) * 10 + at);
  return frames;
}

for (const [name, at, bytes] of [
  // 20 bits where 18 are measured; header of five bytes.
  ['healthypi5', 5, [0, 0, 8, 0]],
  ['healthypi5', 5, [0xff, 0xff, 0xff, 0x7f]],
  // 16 bits where no model has more than 14.
  ['chords', 3, [0xff, 0xff]],
] as const) {
  test(`${name}: ${bytes.join(' ')} is a bad frame, and its time a loss`, () => {
    const board = findBoard(name);
    const decoder = board.createDecoder();
    const decoded = decodeAll(decoder, [withValue(board, at, bytes)]);
    assert.equal(decoder.statistics.outOfRange, 1);
    const afterLoss = decoded.stretches.find(({ lost }) => lost > 0);
    assert.deepEqual([afterLoss?.first, afterLoss?.lost], [11, 1]);
  });
}

test('whatever bytes come, what comes out is finite and within the board’s range', () => {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (const board of boards) {
    const encoder = board.createEncoder();
    encoder.command(board.startCommand ?? new Uint8Array(0));
    const frames = encoder
      .encode(samplesOf([plausible(2000).map((value) => value / 1000)], board.rateHz))
      .slice();
    for (let round = 0; round < 20; round++) {
      const bytes = frames.slice();
      for (let flips = 0; flips < 200; flips++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const decoded = decodeAll(board.createDecoder({ speed: Number.POSITIVE_INFINITY }), [
        encoder.switchOn(),
        bytes,
      ]);
      // The widest: 24 bits of a Cyton, 188 mV; an AD8232 line of 16 bits is 290 mV.
      for (const { leads } of decoded.stretches) {
        for (const lead of leads)
          assert.ok(
            lead.every((value) => Math.abs(value) < 1000),
            board.name,
          );
      }
    }
  }
});

test('a second of bytes that hold no sample says nothing about the pace: the next sample is not at the end of time', () => {
  const board = findBoard('max30003');
  const frames = board
    .createEncoder()
    .encode(samplesOf([plausible(40).map((value) => value / 1000)], board.rateHz));
  const noise = new Uint8Array(61).fill(0xaa);
  const chunks = [...Array.from({ length: 40 }, () => noise), frames.slice(), noise, frames.slice()];
  const decoded = decodeAll(board.createDecoder(), chunks, (chunk) => chunk * 50);
  const values = leadOf(decoded, 0);
  assert.ok(values.length < 1000, `${values.length} samples`);
  assert.ok(values.every(Number.isFinite));
});
