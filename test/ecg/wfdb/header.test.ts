import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatHeader, parseHeader } from '@rhythmd/ecg/wfdb/header.ts';

const damaged = { code: 'E_WFDB_HEADER', message: /x\.hea/ };
const unsupported = { code: 'E_WFDB_UNSUPPORTED', message: /x\.hea/ };

test('a damaged header is refused with its name', () => {
  for (const text of [
    '',
    '\r\n\r\n',
    '# only a comment\n',
    '100\n',
    '100 two 360\n',
    '100 -1 360\n',
    '100 99999 360\n',
    '100 1 0 10\n100.dat 212\n',
    '100 1 fast 10\n100.dat 212\n',
    '100 1 360 -5\n100.dat 212\n',
    '100 1 360 1.5\n100.dat 212\n',
    '100 2 360 10\n100.dat 212 200\n',
    '100 1 360 10\n100.dat\n',
    '100 1 360 10\n100.dat abc\n',
    '100 1 360 10\n100.dat 212 gain\n',
    '100 1 360 10\n100.dat 212 200 eleven\n',
    '100 1 360 10\n100.dat 212 200 11 1024 995 checksum\n',
  ]) {
    assert.throws(() => parseHeader(text, 'x.hea'), damaged, JSON.stringify(text));
  }
});

test('what is not supported is refused by name, not read wrongly', () => {
  assert.throws(() => parseHeader('100/3 2 360 650000\n', 'x.hea'), unsupported);
  assert.throws(() => parseHeader('100 1 360 10\n100.dat 212x2 200\n', 'x.hea'), unsupported);
  assert.throws(() => parseHeader('100 1 360 10\n100.dat 212:5 200\n', 'x.hea'), unsupported);
});

test('CRLF line ends, comments and a trailing blank line', () => {
  const header = parseHeader(
    '100 2 360 650000\r\n100.dat 212 200 11 1024 995 -22131 0 MLII\r\n' +
      '100.dat 212 200 11 1024 1011 20052 0 V5\r\n# 69 M 1085 1629 x1\r\n\r\n',
    'x.hea',
  );
  assert.equal(header.name, '100');
  assert.equal(header.rateHz, 360);
  assert.equal(header.sampleCount, 650_000);
  assert.deepEqual(
    header.signals.map((signal) => [signal.description, signal.checksum, signal.firstValue, signal.baseline]),
    [
      ['MLII', -22131, 995, 1024],
      ['V5', 20052, 1011, 1024],
    ],
  );
  assert.deepEqual(header.comments, [' 69 M 1085 1629 x1']);
});

test('gain 0 and a missing gain mean 200, and say that nothing was calibrated', () => {
  for (const line of ['em.dat 212 0 12 0 5 -5959 0 noise1', 'em.dat 212']) {
    const [signal] = parseHeader(`em 1 360 10\n${line}\n`, 'x.hea').signals;
    assert.equal(signal?.gain, 200);
    assert.equal(signal?.calibrated, false);
  }
});

test('gain with baseline and units, byte offset, description of several words', () => {
  const [signal] = parseHeader('a 1\na.dat 16+512 1e3(-5)/uV 16 0 7 8 0 lead II, left\n', 'x.hea').signals;
  assert.equal(signal?.gain, 1000);
  assert.equal(signal?.baseline, -5);
  assert.equal(signal?.units, 'uV');
  assert.equal(signal?.byteOffset, 512);
  assert.equal(signal?.description, 'lead II, left');
});

test('a record line may end early: 250 Hz, length unknown', () => {
  const header = parseHeader('a 0\n', 'x.hea');
  assert.equal(header.rateHz, 250);
  assert.equal(header.sampleCount, null);
  assert.equal(parseHeader('a 0 128/64(3) 0\n', 'x.hea').rateHz, 128);
});

test('a header is written back to the same meaning', () => {
  for (const text of [
    '100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n100.dat 212 200 11 1024 1011 20052 0 V5\n# 69 M\n',
    'a 1 250 0 12:30:00 24/12/2026\na.dat 16+4 0(7)/uV 16 3\n',
    'a 1 125.5 7\na.dat 80 200 8 0 5\n',
  ]) {
    const header = parseHeader(text, 'x.hea');
    assert.equal(formatHeader(header), text);
    assert.deepEqual(parseHeader(formatHeader(header), 'x.hea'), header);
  }
});
