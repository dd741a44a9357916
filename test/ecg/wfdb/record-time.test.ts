import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { formatStart, startOf, withoutStart } from '@rhythmd/ecg/wfdb/record-time.ts';

const START_MS = Date.UTC(2026, 10, 22, 15, 0, 1, 250);

test('no date or no time: the start is unknown', () => {
  for (const line of ['a 0 360 10', 'a 0 360 10 15:00:01', 'a 0 360 10 15:00 22/11/2026']) {
    assert.equal(startOf(parseHeader(`${line}\n`, 'a.hea')), null);
  }
});

test('whole seconds from the header, the fraction from the header or our comment', () => {
  const { baseTime, baseDate, comment } = formatStart(START_MS);
  assert.equal(`${baseTime} ${baseDate}`, '15:00:01 22/11/2026');
  const line = `a 0 360 10 ${baseTime} ${baseDate}\n`;
  assert.equal(startOf(parseHeader(line, 'a.hea')), START_MS - 250);
  assert.equal(startOf(parseHeader(`${line}#${comment}\n`, 'a.hea')), START_MS);
  assert.equal(startOf(parseHeader('a 0 360 10 15:00:01.250 22/11/2026\n', 'a.hea')), START_MS);
  assert.deepEqual(withoutStart([comment, ' other']), [' other']);
});
