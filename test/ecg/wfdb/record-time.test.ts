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

test('a date or time that does not exist is none, not the one after it', () => {
  const start = (times: string) => startOf(parseHeader(`a 0 360 10 ${times}\n`, 'a.hea'));
  for (const times of [
    '25:61:61 40/13/2020',
    '10:11:12 30/02/2021',
    '10:11:12 29/02/2023',
    '10:11:12 00/01/2020',
    '10:11:12 01/00/2020',
    '24:00:00 01/01/2020',
    '10:60:00 01/01/2020',
    '10:11:60 01/01/2020',
    '10:11:12 02/03/95',
    '10:11:12 02-03-2020',
    '600 02/03/2020',
    '[10:11:12] 02/03/2020',
  ]) {
    assert.equal(start(times), null, times);
  }
  assert.equal(start('9:5:3 1/2/2020'), Date.UTC(2020, 1, 1, 9, 5, 3));
  assert.equal(start('23:59:59.5 29/02/2024'), Date.UTC(2024, 1, 29, 23, 59, 59, 500));
  assert.equal(new Date(start('10:11:12 02/03/0099')!).getUTCFullYear(), 99);
});
