import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthypi6 } from '@rhythmd/ecg/boards/healthypi6.ts';
import { crc32 } from '@rhythmd/ecg/crc32.ts';
import { SampleFlag } from '@rhythmd/ecg/types.ts';
import { decodeAll, hex, leadOf, samplesOf, toHex } from '../../support/streams.ts';

/** As the board sends it: sixteen samples, I counting up in microvolts, II twice that, V1 its negative. */
function ecgBlock(block: number, leadOff = 0): Buffer {
  const bytes = Buffer.alloc(28 + 16 * 20 + 4);
  bytes.write('DBLK');
  bytes.writeUInt32LE(bytes.length, 4);
  bytes.writeUInt32LE(2 * block, 8);
  bytes.writeBigUInt64LE(BigInt(5_000_000_000 + 32 * block), 12);
  bytes[20] = 1;
  bytes.writeUInt16LE(16, 22);
  for (let i = 0; i < 16; i++) {
    const microvolts = 16 * block + i;
    for (const [c, value] of [7, microvolts, 2 * microvolts, -microvolts].entries()) {
      bytes.writeInt32LE(value, 28 + 20 * i + 4 * c);
    }
    bytes[28 + 20 * i + 16] = leadOff;
  }
  bytes.writeUInt32LE(crc32(bytes, 0, bytes.length - 4), bytes.length - 4);
  return bytes;
}

/** The pulse wave, between them. */
function pulseBlock(block: number): Buffer {
  const bytes = Buffer.alloc(28 + 16 * 12 + 4, 9);
  bytes.write('DBLK');
  bytes.writeUInt32LE(bytes.length, 4);
  bytes.writeUInt32LE(2 * block + 1, 8);
  bytes.writeBigUInt64LE(BigInt(5_000_000_000 + 32 * block), 12);
  bytes[20] = 2;
  bytes.writeUInt16LE(16, 22);
  bytes.writeUInt32LE(crc32(bytes, 0, bytes.length - 4), bytes.length - 4);
  return bytes;
}

test('blocks of sixteen samples, the pulse wave between them, three leads in microvolts', () => {
  const decoder = healthypi6.createDecoder();
  const decoded = decodeAll(
    decoder,
    [0, 1, 2].flatMap((block) => [ecgBlock(block), pulseBlock(block)]),
  );
  const microvolts = (lead: number) => leadOf(decoded, lead).map((value) => Math.round(value * 1000));
  const counted = Array.from({ length: 48 }, (_, i) => i);
  assert.deepEqual(microvolts(0), counted);
  assert.deepEqual(
    microvolts(1),
    counted.map((i) => 2 * i),
  );
  assert.deepEqual(decoded.descriptions[0]?.leadNames, ['I', 'II', 'V1']);
  assert.deepEqual([decoder.statistics.good, decoder.statistics.lost], [6, 0]);
});

test('a lost block of the ECG is sixteen samples by its time, one of the pulse wave is none', () => {
  const decoder = healthypi6.createDecoder();
  const decoded = decodeAll(decoder, [ecgBlock(0), pulseBlock(0), ecgBlock(1), ecgBlock(3)]);
  assert.deepEqual(
    decoded.stretches.map(({ first, lost }) => [first, lost]),
    [
      [0, 0],
      [16, 0],
      [48, 16],
    ],
  );
});

test('a damaged block is no block', () => {
  const decoder = healthypi6.createDecoder();
  const damaged = ecgBlock(1);
  damaged[100]! ^= 1;
  const decoded = decodeAll(decoder, [ecgBlock(0), damaged, ecgBlock(2)]);
  assert.equal(leadOf(decoded, 0).length, 32);
  assert.equal(decoder.statistics.badChecksum, 1);
  assert.equal(decoded.stretches.at(-1)?.lost, 16);
});

test('a board that starts again says so', () => {
  const decoder = healthypi6.createDecoder();
  const decoded = decodeAll(decoder, [ecgBlock(9), ecgBlock(0), ecgBlock(1)]);
  assert.equal(decoder.statistics.restarts, 1);
  assert.equal(leadOf(decoded, 0).length, 48);
});

test('RA off is the common minus, LA or LL off a plus; V1 says nothing of I', () => {
  const { leadOffMinus, leadOffPlus } = SampleFlag;
  for (const [mask, flags] of [
    [1, leadOffMinus],
    [2, leadOffPlus],
    [4, leadOffPlus],
    [7, leadOffMinus | leadOffPlus],
    [8, 0],
  ] as const) {
    const decoded = decodeAll(healthypi6.createDecoder(), [ecgBlock(0, mask)]);
    assert.equal(decoded.stretches[0]?.flags, flags, String(mask));
  }
});

test('the simulated board: a block of one sample, in hex', () => {
  const frame = healthypi6.createEncoder().encode(samplesOf([[0.001], [-0.002], [0.3]], 500));
  const head = '44424c4b 34000000 00000000 0000000000000000 01 00 0100 00000000';
  const sample = '00000000 01000000 feffffff 2c010000 00 00 0000';
  const before = hex(head + sample);
  assert.equal(toHex(frame.subarray(0, 48)), toHex(before));
  assert.equal(Buffer.from(frame).readUInt32LE(48), crc32(before));
});
