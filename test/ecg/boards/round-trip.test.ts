/** What holds for every board with frames: any cuts, any garbage, any counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Board } from '@rhythmd/ecg/boards/board.ts';
import { boards } from '@rhythmd/ecg/boards/registry.ts';
import { SampleFlag } from '@rhythmd/ecg/types.ts';
import fc from 'fast-check';
import { cut, decodeAll, leadOf, samplesOf } from '../../support/streams.ts';

/** Native has properties of its own (`native.test.ts`); text and paced boards have no fixed spacing. */
const framed = boards.filter((board) => !['native', 'ad8232', 'max30003', 'ads1293'].includes(board.name));
/** Frames a decoder may hold back until more follow. */
const LOOKAHEAD = 8;

function encode(board: Board, counts: readonly number[]): Uint8Array {
  const encoder = board.createEncoder();
  encoder.command(board.startCommand ?? new Uint8Array(0));
  assert.equal(encoder.streaming, true);
  encoder.switchOn();
  const millivolts = counts.map((count) => (count * board.microvoltsPerCount) / 1000);
  return encoder.encode(samplesOf([millivolts], board.rateHz)).slice();
}

/** Distinct, small, never saturated. */
const ramp = (count: number) => Array.from({ length: count }, (_, i) => (i % 400) - 200);

for (const board of framed) {
  const counts = (decoded: ReturnType<typeof decodeAll>) =>
    leadOf(decoded, 0).map((millivolts) => Math.round((millivolts * 1000) / board.microvoltsPerCount));

  test(`${board.name}: garbage alone yields nothing and does not grow`, () => {
    const decoder = board.createDecoder();
    const noise = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7919) & 0xff);
    assert.equal(decodeAll(decoder, [noise]).stretches.length, 0);
    assert.equal(decoder.statistics.bytes, 20_000);
    assert.ok(decoder.statistics.bytesDiscarded > 19_000);
  });

  test(`${board.name}: any samples, cut into any chunks, survive the round trip`, () => {
    const values = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, fc.array(fc.nat(12_000), { maxLength: 100 }), (sent, positions) => {
        const bytes = encode(board, [...sent, ...ramp(LOOKAHEAD)]);
        const decoder = board.createDecoder();
        const decoded = decodeAll(decoder, cut(bytes, positions));
        assert.deepEqual(counts(decoded).slice(0, sent.length), sent);
        assert.equal(decoder.statistics.bytesDiscarded + decoder.statistics.lost, 0);
        assert.equal(decoded.descriptions.length, 1);
      }),
      { numRuns: 50 },
    );
  });

  test(`${board.name}: any garbage between frames costs at most two frames`, () => {
    const bytes = encode(board, ramp(200));
    const frame = bytes.length / 200;
    const where = fc.integer({ min: 10, max: 150 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 1500 }), where, (noise, frames) => {
        const decoder = board.createDecoder();
        const at = frames * frame;
        const decoded = decodeAll(decoder, [bytes.subarray(0, at), noise, bytes.subarray(at)]);
        const received = counts(decoded);
        assert.ok(received.length >= 198 - LOOKAHEAD, `${received.length} of 200`);
        assert.ok(received.length <= 202, `${received.length} of 200`);
        assert.ok(decoder.statistics.resynchronised <= 2);
        const last = received.at(-1)! + 200;
        assert.ok(last >= 199 - LOOKAHEAD && last <= 199, `last ${last}`);
      }),
      { numRuns: 100 },
    );
  });

  test(`${board.name}: a stream joined in the middle of a frame`, () => {
    const bytes = encode(board, ramp(100));
    const decoder = board.createDecoder();
    const received = counts(decodeAll(decoder, [bytes.subarray(Math.round((bytes.length / 100) * 1.4))]));
    assert.ok(received.length >= 98 - LOOKAHEAD);
    assert.equal(decoder.statistics.lost, 0);
  });

  test(`${board.name}: at its limit for longer than a wave it says saturated`, () => {
    const second = Math.round(board.rateHz);
    const bytes = encode(board, [...ramp(second), ...new Array(second).fill(1e9), ...ramp(second)]);
    const decoded = decodeAll(board.createDecoder(), [bytes]);
    const saturated = decoded.stretches.filter((s) => (s.flags & SampleFlag.saturated) !== 0);
    const samples = saturated.reduce((sum, s) => sum + s.leads[0]!.length, 0);
    assert.ok(Math.abs(samples - 0.9 * second) <= 1, `${samples}`);
  });
}
