import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWaveFrame, encodeWaveFrame, WAVE_HEADER_BYTES } from '@rhythmd/protocol/wave-frame.ts';
import fc from 'fast-check';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('refuses what is not a waveform frame', () => {
  assert.equal(decodeWaveFrame(new ArrayBuffer(0)), null);
  assert.equal(decodeWaveFrame(new ArrayBuffer(WAVE_HEADER_BYTES - 1)), null);
  const frame = encodeWaveFrame(0, 0, Float32Array.of(1, 2), 2);
  assert.equal(decodeWaveFrame(frame.buffer.slice(0, -1)), null, 'one byte short');
  assert.equal(decodeWaveFrame(Uint8Array.of(...frame, 0).buffer), null, 'one byte long');
  frame[0] = 9;
  assert.equal(decodeWaveFrame(frame.buffer), null, 'unknown type');
});

test('the bytes are those of the contract', () => {
  const frame = encodeWaveFrame(1, 2 ** 32 + 5, Float32Array.of(1, -0.5, Number.NaN), 3);
  assert.equal(
    hex(frame),
    ['01', '01', '0300', '05000000', '01000000', '0000803f', 'e803', '0cfe', '0080'].join(''),
  );
});

test('electrode offsets of hundreds of millivolts get a coarser unit instead of an overflow', () => {
  const frame = decodeWaveFrame(encodeWaveFrame(0, 0, Float32Array.of(-300, 300.01), 2).buffer);
  assert.ok(frame);
  assert.ok(Math.abs(frame.samples[0]! + 300) < 0.01);
  assert.ok(Math.abs(frame.samples[1]! - 300.01) < 0.01);
});

test('any samples survive within half a unit', () => {
  const millivolts = fc.float({ min: Math.fround(-32.7), max: Math.fround(32.7), noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(millivolts, fc.constant(Number.NaN)), { maxLength: 200 }),
      fc.nat({ max: 2 ** 48 }),
      fc.nat(255),
      (values, first, lead) => {
        const frame = decodeWaveFrame(
          encodeWaveFrame(lead, first, Float32Array.from(values), values.length).buffer,
        );
        assert.ok(frame);
        assert.equal(frame.lead, lead);
        assert.equal(frame.first, first);
        values.forEach((value, i) => {
          if (Number.isNaN(value)) assert.ok(Number.isNaN(frame.samples[i]));
          else assert.ok(Math.abs(frame.samples[i]! - value) <= 0.000501);
        });
      },
    ),
  );
});
