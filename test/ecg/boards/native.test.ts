import assert from 'node:assert/strict';
import { test } from 'node:test';
import { native } from '@rhythmd/ecg/boards/native.ts';
import { MAX_BLOCK, sealFrame, writeHello } from '@rhythmd/ecg/boards/native-frame.ts';
import { SampleFlag } from '@rhythmd/ecg/types.ts';
import fc from 'fast-check';
import { concat, cut, decodeAll, hex, leadOf, samplesOf, toHex } from '../../support/streams.ts';

/** A stream of `count` samples on two leads, 1 µV a step, cut after each frame's 0x00. */
function frames(count: number, from = 0, encoder = native.createEncoder()): Uint8Array[] {
  const ramp = Array.from({ length: count }, (_, i) => (from + i) / 1000);
  const bytes = encoder.encode(samplesOf([ramp, ramp.map((v) => -v)], 360)).slice();
  const ends = Array.from(bytes.keys()).filter((i) => bytes[i] === 0);
  return cut(
    bytes,
    ends.map((end) => end + 1),
  );
}

const microvolts = (values: number[]) => values.map((v) => Math.round(v * 1000));

test('garbage alone is counted, bounded and yields nothing', () => {
  const decoder = native.createDecoder();
  const noise = new Uint8Array(10_000).fill(0x55);
  const decoded = decodeAll(decoder, [noise, hex('00'), hex('03 01 02 00')]);
  assert.equal(decoded.stretches.length, 0);
  assert.equal(decoder.statistics.oversize, 1);
  assert.equal(decoder.statistics.badChecksum, 1);
  assert.equal(decoder.statistics.bytesDiscarded, 10_005);
});

test('a damaged frame is a loss of exactly its samples', () => {
  const decoder = native.createDecoder();
  const parts = frames(40);
  const damaged = parts[4]!.slice();
  damaged[5] = damaged[5]! ^ 0x10;
  parts[4] = damaged;
  const decoded = decodeAll(decoder, parts);
  assert.equal(decoder.statistics.lost, 1);
  assert.equal(decoder.statistics.samplesLost, 4);
  const after = decoded.stretches.find((stretch) => stretch.lost > 0);
  assert.equal(after?.first, 16);
  assert.equal(after?.lost, 4);
  assert.deepEqual(microvolts(after?.leads[0] ?? []), [16, 17, 18, 19]);
});

test('samples before the first hello mean nothing and are not passed on', () => {
  const decoder = native.createDecoder();
  const decoded = decodeAll(decoder, frames(40).slice(1));
  assert.equal(decoded.stretches.length, 0);
});

test('a frame received twice counts once', () => {
  const parts = frames(12);
  const decoder = native.createDecoder();
  const decoded = decodeAll(decoder, [parts[0]!, parts[1]!, parts[1]!, parts[2]!]);
  assert.deepEqual(microvolts(leadOf(decoded, 0)), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(decoder.statistics.duplicate, 1);
  assert.equal(decoder.statistics.lost, 0);
});

test('a loss longer than the sequence number reaches is measured by the device time', () => {
  const encoder = native.createEncoder();
  const decoder = native.createDecoder();
  decodeAll(decoder, frames(8, 0, encoder));
  const skipped = 4 * 70_000;
  for (let sent = 0; sent < skipped; sent += 4000) frames(4000, 0, encoder);
  const decoded = decodeAll(decoder, frames(8, 0, encoder));
  assert.equal(decoded.stretches[0]?.lost, skipped);
  assert.equal(decoded.stretches[0]?.first, 8 + skipped);
});

test('a board that starts again is a restart, not a loss of millions', () => {
  const decoder = native.createDecoder();
  decodeAll(decoder, frames(2000));
  const decoded = decodeAll(decoder, frames(8));
  assert.equal(decoder.statistics.restarts, 1);
  assert.equal(decoder.statistics.samplesLost, 0);
  assert.equal(decoded.stretches[0]?.first, 2000);
});

test('a restart is seen without its hello, too', () => {
  const decoder = native.createDecoder();
  decodeAll(decoder, frames(2000));
  const decoded = decodeAll(decoder, frames(8).slice(1));
  assert.equal(decoder.statistics.restarts, 1);
  assert.equal(decoded.stretches[0]?.first, 2000);
});

test('frames of an unknown version or type are counted and passed over', () => {
  const decoder = native.createDecoder();
  const frame = new Uint8Array(20);
  frame.set([9, 1]);
  const target = new Uint8Array(MAX_BLOCK + 1);
  const end = sealFrame(frame, 12, target, 0);
  decodeAll(decoder, [target.subarray(0, end)]);
  assert.equal(decoder.statistics.unknown, 1);
});

test('a hello describes the stream: hex fixture', () => {
  const frame = new Uint8Array(100);
  const hello = { rateHz: 360, microvoltsPerCount: 4, board: 'uno', firmware: '1.0', leadNames: ['I', 'II'] };
  const target = new Uint8Array(MAX_BLOCK + 1);
  const end = sealFrame(frame, writeHello(frame, hello, 7, 1_000_000), target, 0);
  const bytes = target.slice(0, end);
  assert.equal(toHex(bytes), '040102070440420f04407e0501011380400203756e6f03312e300149024949d88d00');
  const decoded = decodeAll(native.createDecoder(), [bytes]);
  assert.deepEqual(decoded.descriptions, [
    { board: 'uno', rateHz: 360, leadNames: ['I', 'II'], microvoltsPerCount: [4, 4], firmware: '1.0' },
  ]);
});

test('flags hold for their own samples only', () => {
  const encoder = native.createEncoder();
  const off = SampleFlag.leadOffPlus;
  const bytes = concat([
    encoder.encode(samplesOf([[0, 0, 0]], 360)).slice(),
    encoder.encode(samplesOf([[0, 0, 0, 0, 0]], 360, 3, off)).slice(),
    encoder.encode(samplesOf([[0, 0, 0, 0]], 360, 8)).slice(),
  ]);
  const { stretches } = decodeAll(native.createDecoder(), [bytes]);
  assert.deepEqual(
    stretches.map((stretch) => [stretch.first, stretch.flags, stretch.leads[0]?.length]),
    [
      [0, 0, 3],
      [3, off, 5],
      [8, 0, 4],
    ],
  );
});

test('any samples, cut into any chunks, survive the round trip', () => {
  const value = fc.integer({ min: -8_000_000, max: 8_000_000 });
  const samples = fc.array(value, { minLength: 4, maxLength: 1600 });
  const cuts = fc.array(fc.nat(60_000), { maxLength: 200 });
  fc.assert(
    fc.property(samples, cuts, (values, positions) => {
      const whole = values.slice(0, values.length - (values.length % 4));
      const encoder = native.createEncoder({ leadNames: ['A'] });
      const bytes = encoder.encode(samplesOf([whole.map((v) => v / 1000)], 360));
      const decoder = native.createDecoder();
      const decoded = decodeAll(decoder, cut(bytes, positions));
      assert.deepEqual(microvolts(leadOf(decoded, 0)), whole);
      assert.equal(decoder.statistics.bytesDiscarded + decoder.statistics.lost, 0);
    }),
  );
});

test('any garbage between frames costs at most two frames', () => {
  const parts = frames(400);
  const garbage = fc.uint8Array({ maxLength: 3000 });
  fc.assert(
    fc.property(garbage, fc.integer({ min: 1, max: parts.length - 4 }), (noise, where) => {
      const decoder = native.createDecoder();
      const decoded = decodeAll(decoder, [...parts.slice(0, where), noise, ...parts.slice(where)]);
      const lost = decoder.statistics.lost;
      assert.ok(lost <= 2, `lost ${lost}`);
      const last = decoded.stretches.at(-1)!;
      assert.equal(last.first + last.leads[0]!.length, 400);
      assert.equal(microvolts(last.leads[0]!).at(-1), 399);
    }),
  );
});
