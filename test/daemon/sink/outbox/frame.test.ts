import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame, MAX_FRAME_BYTES, scanFrames } from '@rhythmd/daemon/sink/outbox/frame.ts';
import type { OutboxMessage } from '@rhythmd/daemon/sink/outbox/message.ts';
import fc from 'fast-check';

function message(sequence: number, payload = `payload ${sequence}`): OutboxMessage {
  return {
    sequence,
    lane: 'beat',
    topic: 'ecg/d1/beat',
    payload: Buffer.from(payload),
    tMs: 1000 + sequence,
  };
}

function scan(bytes: Buffer) {
  const sequences: number[] = [];
  const result = scanFrames(bytes, 0, 'beat', ({ sequence }) => sequences.push(sequence) > 0);
  return { sequences, ...result };
}

const three = Buffer.concat([1, 2, 3].map((sequence) => encodeFrame(message(sequence))));
const oneFrame = three.length / 3;

for (const [name, bytes, sequences, end] of [
  ['nothing', Buffer.alloc(0), [], 0],
  ['zeros, as an unwritten page leaves them', Buffer.alloc(4096), [], 0],
  ['a length beyond the end', Buffer.from('ffffff0000000000'.repeat(8), 'hex'), [], 0],
  ['a length beyond any message', Buffer.alloc(MAX_FRAME_BYTES + 100, 0x11), [], 0],
  ['a write cut at its last byte', three.subarray(0, -1), [1, 2], 2 * oneFrame],
  ['a write cut within the header', three.subarray(0, 2 * oneFrame + 5), [1, 2], 2 * oneFrame],
  ['zeros behind whole messages', Buffer.concat([three, Buffer.alloc(100)]), [1, 2, 3], 3 * oneFrame],
] as const) {
  test(`read up to the last whole message: ${name}`, () => {
    const result = scan(bytes);
    assert.deepEqual(result.sequences, sequences);
    assert.equal(result.end, end);
    assert.equal(result.damaged, 0);
  });
}

test('a flipped bit costs one message', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: oneFrame - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
      const bytes = Buffer.from(three);
      bytes[oneFrame + at] = (bytes[oneFrame + at] ?? 0) ^ (1 << bit);
      assert.deepEqual(scan(bytes).sequences, [1, 3]);
      assert.equal(scan(bytes).damaged, 1);
    }),
  );
});

test('garbage between messages costs none of them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
      const bytes = Buffer.concat([three.subarray(0, oneFrame), garbage, three.subarray(oneFrame)]);
      assert.deepEqual(scan(bytes).sequences, [1, 2, 3]);
      assert.equal(scan(bytes).damaged, garbage.length > 0 ? 1 : 0);
    }),
  );
});

test('what looks like frames all the way is not searched for ever', () => {
  // Each of its 64 K places announces a frame to the end of the file.
  const bytes = Buffer.alloc(256 * 1024);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(128 * 1024, at);
  assert.deepEqual(scan(bytes).sequences, []);
});

test('every message comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.nat(),
      fc.double({ noNaN: true }),
      (topic, payload, sequence, tMs) => {
        const original: OutboxMessage = {
          sequence,
          lane: 'alert',
          topic,
          payload: Buffer.from(payload),
          tMs,
        };
        const read: OutboxMessage[] = [];
        scanFrames(encodeFrame(original), 0, 'alert', (found) => read.push(found) > 0);
        // Lone surrogates are no UTF-8; a topic has none.
        assert.equal(read[0]?.topic, Buffer.from(topic).toString());
        assert.deepEqual({ ...read[0], topic }, original);
      },
    ),
  );
});
