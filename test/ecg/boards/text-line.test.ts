import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineBuffer, parseNumbers } from '@rhythmd/ecg/boards/text-line.ts';
import fc from 'fast-check';

const fields = new Float64Array(8);

function parse(line: string): number[] | null {
  const bytes = new TextEncoder().encode(line);
  const count = parseNumbers(bytes, bytes.length, fields);
  return count < 0 ? null : Array.from(fields.subarray(0, count));
}

for (const line of [
  '',
  'hello',
  '12a',
  '1.2.3',
  '-',
  ':5',
  '0x12',
  '1e5',
  'a b:',
  ' ',
  '1,2,3,4,5,6,7,8,9',
]) {
  test(`"${line}" is no line of numbers`, () => assert.equal(parse(line), null));
}

for (const [line, numbers] of [
  ['512', [512]],
  ['-3.25', [-3.25]],
  ['512,498', [512, 498]],
  ['ecg:512', [512]],
  ['ecg: 512', [512]],
  ['ch1:1\tch_2:2', [1, 2]],
  ['1; 2 3', [1, 2, 3]],
] as const) {
  test(`"${line}" is understood`, () => assert.deepEqual(parse(line), numbers));
}

test('any numbers, as a sketch prints them, are read back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -99999, max: 99999 }), { minLength: 1, maxLength: 8 }),
      (values) => {
        assert.deepEqual(parse(values.join(',')), values);
      },
    ),
  );
});

test('any bytes are parsed within bounds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => parseNumbers(bytes, bytes.length, fields) <= 8),
  );
});

test('a line longer than any is reported and not kept', () => {
  const buffer = new LineBuffer();
  let ended = 0;
  for (let i = 0; i < 1000; i++) ended = buffer.push(0x31);
  assert.equal(ended, 0);
  assert.equal(buffer.push(10), -1);
  assert.equal(buffer.length, 64);
});
