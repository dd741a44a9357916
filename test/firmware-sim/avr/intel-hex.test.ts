import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIntelHex } from '@rhythmd/firmware-sim/avr/intel-hex.ts';

const END = ':00000001FF\n';

for (const [what, text, why] of [
  ['text', 'hello\n', /line 1: no Intel HEX record/],
  ['a short record', `:020000000102FB${'\n'}:0200000001FD\n`, /line 2: its length/],
  ['a damaged byte', ':020000000103FB\n', /line 1: wrong checksum/],
  ['an address beyond the memory', ':02FFFF000102FD\n', /line 1: beyond the end/],
  ['an unknown record', ':020000040000FA\n', /line 1: record type 4/],
  ['a file cut off', ':020000000102FB\n', /end record is missing/],
] as const) {
  test(`refuses ${what}`, () => {
    assert.throws(() => parseIntelHex(text, 64), { code: 'E_FIRMWARE_HEX', message: why });
  });
}

test('puts the bytes where they belong; the rest is erased flash', () => {
  const memory = parseIntelHex(`:020004000102F7\r\n${END}`, 8);
  assert.deepEqual(Array.from(memory), [255, 255, 255, 255, 1, 2, 255, 255]);
});
