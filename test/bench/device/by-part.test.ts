import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsBetweenMarks } from './by-part.ts';

const SYMBOLS = { addresses: [0x100, 0x200], parts: ['reading', 'sweeping'], end: 0x300 };

test('blocks are summed by the symbol they lie in, by thread, between marks; the last interval may be cut', () => {
  const text =
    'mark\nmain\n100 5\n1ff 7\n250 3\n9000 2\nothers\n200 4\nmark\nmain\n100 1\nothers\nmark\nmain\n10';
  const [first, second, ...rest] = partsBetweenMarks(text, SYMBOLS);
  assert.deepEqual(first, [
    { name: 'reading', isMain: true, instructions: 12 },
    { name: 'sweeping', isMain: false, instructions: 4 },
    { name: 'sweeping', isMain: true, instructions: 3 },
    { name: 'JavaScript and WebAssembly as compiled, C library', isMain: true, instructions: 2 },
  ]);
  assert.deepEqual(second, [{ name: 'reading', isMain: true, instructions: 1 }]);
  assert.deepEqual(rest, []);
});

test('nothing counted is nothing', () => {
  assert.deepEqual(partsBetweenMarks('', SYMBOLS), []);
  assert.deepEqual(partsBetweenMarks('mark\n', SYMBOLS), []);
});
