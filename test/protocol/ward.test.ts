import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_BEDS, readWard } from '@rhythmd/protocol/ward.ts';

function problems(value: unknown): readonly string[] {
  const read = readWard(value);
  assert.ok('problems' in read, 'it was taken');
  return read.problems;
}

test('beds in order, with the names that people use; wards may stand in the topic', () => {
  const read = readWard({
    title: 'Ward 3',
    beds: [
      { device: 'icu/bed-7', label: '7 window', page: 'https://bed-7.example/' },
      { device: 'rhythmd.2' },
    ],
  });
  assert.deepEqual(read, {
    ward: {
      title: 'Ward 3',
      history: null,
      beds: [
        { base: 'ecg/icu/bed-7', device: 'icu/bed-7', label: '7 window', page: 'https://bed-7.example/' },
        { base: 'ecg/rhythmd.2', device: 'rhythmd.2', label: 'rhythmd.2', page: null },
      ],
    },
  });
  const other = readWard({ base: 'hospital/north', beds: [{ device: 'b1' }] });
  assert.ok('ward' in other && other.ward.beds[0]!.base === 'hospital/north/b1');
});

test('a name is shown as it is written, markup and all', () => {
  const label = '<img src=x onerror=alert(1)>';
  const read = readWard({ beds: [{ device: 'b1', label }] });
  assert.ok('ward' in read && read.ward.beds[0]!.label === label);
});

test('every mistake is a line of its own', () => {
  assert.deepEqual(
    problems({
      beds: [
        { device: 'a+b' },
        { device: 'ok', label: '', page: 'javascript:alert(1)' },
        { label: 'no device' },
        { device: '/x' },
        { device: 'x', lable: 'typo' },
        7,
      ],
    }),
    [
      'beds[1].device: is "a+b", must be levels of a topic: letters, digits and _ . : - with / between them',
      'beds[2].label: is "", must not be empty',
      'beds[2].page: is "javascript:alert(1)", must begin with http:// or https://',
      'beds[3].device is missing',
      'beds[4].device: is "/x", must be levels of a topic: letters, digits and _ . : - with / between them',
      'beds[5].lable: there is no such key',
      'beds[6]: is 7, must be a table',
    ],
  );
  for (const nothing of [null, 5, 'text', []])
    assert.equal(problems(nothing).length, 1, JSON.stringify(nothing));
  assert.deepEqual(problems({}), ['beds is missing']);
  assert.match(problems({ beds: [] })[0]!, /at least one bed/);
  const many = Array.from({ length: MAX_BEDS + 1 }, (_, i) => ({ device: `b${i}` }));
  assert.match(problems({ beds: many })[0]!, /at most 32 beds/);
});

test('two beds of one device, or of one name, are refused', () => {
  assert.deepEqual(problems({ beds: [{ device: 'a' }, { device: 'b' }, { device: 'a', label: 'other' }] }), [
    'beds[3].device: is "a", as is that of bed 1',
  ]);
  assert.deepEqual(
    problems({
      beds: [
        { device: 'a', label: 'Bed 1' },
        { device: 'b', label: 'Bed 1' },
      ],
    }),
    ['beds[2].label: is "Bed 1", as is that of bed 1'],
  );
});
