import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatHeader, parseHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { encodeText } from '@rhythmd/ecg/wfdb/header-text.ts';
import fc from 'fast-check';

const damaged = { code: 'E_WFDB_HEADER', message: /x\.hea/ };

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

test('segments only where digits follow the slash', () => {
  const header = parseHeader('a/3 2 360 1500\n~ 500\na_1 400\na_2 600\n', 'x.hea');
  assert.equal(header.name, 'a');
  assert.deepEqual(header.segments, [
    { name: '~', sampleCount: 500 },
    { name: 'a_1', sampleCount: 400 },
    { name: 'a_2', sampleCount: 600 },
  ]);
  assert.deepEqual(header.signals, []);
  assert.throws(() => parseHeader('a/3 2 360 1500\na_1 400\n', 'x.hea'), damaged);
  assert.throws(() => parseHeader('a/1 2 360 1500\na_1 many\n', 'x.hea'), damaged);
  const plain = parseHeader('ecg/a 1 360 10\na.dat 16\n', 'x.hea');
  assert.equal(plain.name, 'ecg/a');
  assert.equal(plain.segments, null);
});

test('samples per frame, skew and offset of a signal', () => {
  const [signal] = parseHeader('a 1 125 10\na.dat 16x4:3+24 200\n', 'x.hea').signals;
  assert.deepEqual([signal?.samplesPerFrame, signal?.skew, signal?.byteOffset], [4, 3, 24]);
  assert.throws(() => parseHeader('a 1 125 10\na.dat 16x0 200\n', 'x.hea'), damaged);
});

test('any line ends; comments byte by byte, in UTF-8 or not', () => {
  const header = parseHeader('a 1 360 10\ra.dat 16 200\r#  two words \r', 'x.hea');
  assert.equal(header.signals.length, 1);
  assert.deepEqual(header.comments, ['  two words ']);
  for (const comment of [Buffer.from('# 37 °C, 1 µV', 'utf8'), Buffer.from('# 37 °C, 1 µV', 'latin1')]) {
    const bytes = Buffer.concat([Buffer.from('a 0 360 10\n'), comment, Buffer.from('\n')]);
    const read = parseHeader(bytes, 'x.hea');
    assert.deepEqual(read.comments, [' 37 °C, 1 µV']);
    assert.deepEqual(Buffer.from(encodeText(formatHeader(read), read.encoding)), bytes);
  }
});

test('a gain is written with the fewest digits that read back the same', () => {
  for (const gain of [204.8, 1 / 3, 2621.44, 1e-3, -200]) {
    const header = parseHeader(`a 1 360 10\na.dat 16 ${gain}(0)/uV 16 0\n`, 'x.hea');
    assert.match(formatHeader(header), new RegExp(` ${gain}\\(0\\)/uV `));
  }
});

test('whatever bytes come, the answer is a header or one named error', () => {
  const words = fc.constantFrom(
    'a',
    'a/2',
    '1',
    '2',
    '360',
    '\n',
    ' ',
    '#',
    'a.dat',
    '16',
    '212x3:1+9',
    '1/mV',
    '(',
    '~',
    '\r',
    '-5',
    '1e9',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((list) => list.join(' ')),
      ),
      (text) => {
        try {
          parseHeader(Buffer.from(text, 'latin1'), 'x.hea');
        } catch (error) {
          assert.equal((error as { code: string }).code, 'E_WFDB_HEADER');
        }
      },
    ),
  );
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
