import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitalino, crc4 } from '@rhythmd/ecg/boards/bitalino.ts';
import { decodeAll, hex, leadOf, samplesOf, toHex } from '../../support/streams.ts';

/** The table the BITalino API uses, nibble by nibble: an independent way to the same checksum. */
const TABLE = [0, 3, 6, 5, 12, 15, 10, 9, 11, 8, 13, 14, 7, 4, 1, 2];

function crcByTable(frame: Uint8Array): number {
  let crc = 0;
  for (const [i, byte] of frame.entries()) {
    crc = TABLE[crc]! ^ (byte >> 4);
    crc = TABLE[crc]! ^ (i === frame.length - 1 ? 0 : byte & 0x0f);
  }
  return crc;
}

test('the checksum is the one of the BITalino API', () => {
  for (let seed = 1; seed < 500; seed++) {
    const frame = Uint8Array.from({ length: 4 }, (_, i) => (seed * 97 + i * 31 * seed) & 0xff);
    assert.equal(crc4(frame, 0, 4), crcByTable(frame));
  }
});

test('a frame by hand: A1 = 0x2A5, A2 = 0x13C, sequence 9', () => {
  const bytes = hex('3C 95 0A 90');
  bytes[3]! |= crcByTable(bytes);
  const encoder = bitalino.createEncoder({ microvoltsPerCount: 1000 });
  const sent = encoder.encode(
    samplesOf([new Array(10).fill(0x2a5 - 512), new Array(10).fill(0x13c - 512)], 1000),
  );
  assert.equal(toHex(sent.subarray(36, 40)), toHex(bytes));
  const decoded = decodeAll(bitalino.createDecoder({ microvoltsPerCount: 1000 }), [sent]);
  assert.equal(leadOf(decoded, 0)[0], 0x2a5 - 512);
  assert.equal(leadOf(decoded, 1)[0], 0x13c - 512);
});

test('a damaged frame is a loss of one or two, by the sequence', () => {
  const encoder = bitalino.createEncoder();
  const bytes = encoder.encode(samplesOf([new Array(40).fill(0.1)], 1000)).slice();
  bytes[4 * 20] = bytes[4 * 20]! ^ 0x10;
  const decoder = bitalino.createDecoder();
  decodeAll(decoder, [bytes]);
  assert.ok(decoder.statistics.lost >= 1 && decoder.statistics.lost <= 2);
  assert.ok(decoder.statistics.badChecksum >= 1);
});
