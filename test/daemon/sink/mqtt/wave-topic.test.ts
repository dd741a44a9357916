import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaveTopic } from '@rhythmd/daemon/sink/mqtt/wave-topic.ts';
import type { Samples } from '@rhythmd/ecg/types.ts';
import { decodeWaveFrame, WAVE_HEADER_BYTES } from '@rhythmd/protocol/wave-frame.ts';

const LEADS = 2;

/** Sample i of lead n is (i + n) / 100 mV, so that every place can be told. */
function samples(first: number, count: number): Samples {
  const leads = Array.from({ length: LEADS }, (_, lead) =>
    Float32Array.from({ length: count }, (_, i) => (first + i + lead) / 100),
  );
  return { first, rateHz: 360, leads, count, flags: 0, lost: 0 };
}

function collect(push: (topic: WaveTopic) => void) {
  const messages: { first: number; leads: number[][] }[] = [];
  const topic = new WaveTopic((payload) => {
    const leads: number[][] = [];
    let first = -1;
    for (let offset = 0; offset < payload.length; ) {
      const end = offset + WAVE_HEADER_BYTES + 2 * payload.readUInt16LE(offset + 2);
      const frame = decodeWaveFrame(Uint8Array.from(payload.subarray(offset, end)).buffer);
      assert.ok(frame);
      leads.push([...frame.samples]);
      first = frame.first;
      offset = end;
    }
    messages.push({ first, leads });
  });
  push(topic);
  return messages;
}

test('a quarter of a second in each message, whatever size the blocks have', () => {
  for (const block of [1, 7, 36, 90, 200]) {
    const messages = collect((topic) => {
      for (let first = 0; first < 360; first += block)
        topic.push(samples(first, Math.min(block, 360 - first)));
    });
    assert.deepEqual(
      messages.map(({ first }) => first),
      [0, 90, 180, 270],
    );
    for (const { first, leads } of messages) {
      assert.equal(leads.length, LEADS);
      for (const [lead, values] of leads.entries()) {
        assert.equal(values.length, 90);
        for (const [i, value] of values.entries())
          assert.ok(Math.abs(value - (first + i + lead) / 100) < 0.001);
      }
    }
  }
});

test('a gap ends a message early', () => {
  const messages = collect((topic) => {
    topic.push(samples(0, 50));
    topic.push(samples(1000, 90));
  });
  assert.deepEqual(
    messages.map(({ first, leads }) => [first, leads[0]?.length]),
    [
      [0, 50],
      [1000, 90],
    ],
  );
});
