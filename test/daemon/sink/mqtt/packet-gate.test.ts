import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacketGate } from '@rhythmd/daemon/sink/mqtt/packet-gate.ts';
import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';

const LENGTHS = (n: number) => {
  const bytes: number[] = [];
  do {
    bytes.push((n & 0x7f) | (n > 127 ? 0x80 : 0));
    n >>= 7;
  } while (n > 0);
  return bytes;
};

test('what is too long for its kind ends at its head, whatever follows', () => {
  for (const [kind, length] of [
    [1, 17 * 1024],
    [3, 65 * 1024],
    [8, 9 * 1024],
    [4, 1000],
    [12, 1],
  ] as const) {
    const verdict = new PacketGate().inspect(Uint8Array.from([kind << 4, ...LENGTHS(length)]));
    assert.match(String(verdict), /longer/, `kind ${kind}`);
  }
  assert.match(String(new PacketGate().inspect(Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0xff, 0xff))), /longer/);
  assert.match(String(new PacketGate().inspect(Uint8Array.of(0x10, 0x80, 0x80, 0x80, 0x80, 0x80))), /longer/);
});

test('kinds that no client sends end too', () => {
  for (const kind of [0, 2, 9, 11, 13, 15]) {
    assert.match(String(new PacketGate().inspect(Uint8Array.of(kind << 4, 0))), /kind/, `kind ${kind}`);
  }
});

const packets = fc.array(
  fc.oneof(
    fc.record({
      cmd: fc.constant('publish' as const),
      topic: fc.constantFrom('a', 'ecg/d1/request/mark'),
      payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      qos: fc.constant(0 as const),
      dup: fc.constant(false),
      retain: fc.boolean(),
    }),
    fc.constant({ cmd: 'pingreq' as const }),
    fc.constant({ cmd: 'puback' as const, messageId: 7 }),
  ),
  { minLength: 1, maxLength: 30 },
);

test('good packets cost the same in whatever pieces they come', () => {
  fc.assert(
    fc.property(packets, fc.integer({ min: 1, max: 50 }), (list, step) => {
      const bytes = Buffer.concat(list.map((packet) => mqttPacket.generate(packet)));
      const whole = new PacketGate().inspect(bytes);
      const gate = new PacketGate();
      let pieces = 0;
      for (let at = 0; at < bytes.length; at += step) {
        const cost = gate.inspect(bytes.subarray(at, at + step));
        assert.equal(typeof cost, 'number', String(cost));
        pieces += Number(cost);
      }
      assert.ok(Math.abs(Number(whole) - pieces) < 1e-9);
    }),
  );
});
