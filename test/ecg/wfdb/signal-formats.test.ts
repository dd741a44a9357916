import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHeader, type RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { toMillivolts } from '@rhythmd/ecg/wfdb/millivolts.ts';
import { checksumOf, decodeSignals, encodeSignals, findFormat } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import fc from 'fast-check';

const FORMATS = [212, 16, 80];

function headerOf(format: number, signals: number, samples: number | null): RecordHeader {
  const line = `a.dat ${format} 200 12 0\n`;
  return parseHeader(`a ${signals} 360 ${samples ?? 0}\n${line.repeat(signals)}`, 'a.hea');
}

test('a signal file shorter than announced is refused with its name and what it holds', () => {
  const bytes = encodeSignals(212, [[1, 2, 3, 4]], 'a');
  assert.throws(() => decodeSignals(headerOf(212, 1, 5), new Map([['a.dat', bytes]])), {
    code: 'E_WFDB_TRUNCATED',
    message: /a\.dat holds 4 of the 5/,
  });
  assert.throws(() => decodeSignals(headerOf(16, 2, 1), new Map()), { code: 'E_WFDB_TRUNCATED' });
});

test('an unknown format and a file of mixed formats are refused', () => {
  assert.throws(() => findFormat(310, 'a'), { code: 'E_WFDB_UNSUPPORTED', message: /310/ });
  const mixed = parseHeader('a 2 360 1\na.dat 16 200\na.dat 80 200\n', 'a.hea');
  assert.throws(() => decodeSignals(mixed, new Map([['a.dat', new Uint8Array(9)]])), {
    code: 'E_WFDB_HEADER',
  });
});

test('a value that does not fit is refused, never clipped', () => {
  assert.throws(() => encodeSignals(212, [[2048]], 'a'), { code: 'E_WFDB_RANGE', message: /2048/ });
  assert.throws(() => encodeSignals(80, [[-129]], 'a'), { code: 'E_WFDB_RANGE' });
  assert.throws(() => encodeSignals(16, [[Number.NaN]], 'a'), { code: 'E_WFDB_RANGE' });
});

test('the bytes are those of the specification', () => {
  assert.equal(Buffer.from(encodeSignals(212, [[0x123], [0x456]], 'a')).toString('hex'), '234156');
  assert.equal(Buffer.from(encodeSignals(212, [[-1, 1]], 'a')).toString('hex'), 'ff0f01');
  assert.equal(Buffer.from(encodeSignals(212, [[-2]], 'a')).toString('hex'), 'fe0f');
  assert.equal(Buffer.from(encodeSignals(16, [[-2, 258]], 'a')).toString('hex'), 'feff0201');
  assert.equal(Buffer.from(encodeSignals(80, [[-128, 0, 127]], 'a')).toString('hex'), '0080ff');
});

test('every format gives back what was written, for any number of signals and samples', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FORMATS),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 9 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (format, signals, samples, random) => {
        const { min, max } = findFormat(format, 'a');
        const values = Array.from({ length: signals }, () =>
          Array.from({ length: samples }, () => Math.round(min + (random.next().value ?? 0) * (max - min))),
        );
        const bytes = encodeSignals(format, values, 'a');
        const files = new Map([['a.dat', bytes]]);
        const decoded = decodeSignals(headerOf(format, signals, samples), files);
        assert.deepEqual(
          decoded.map((signal) => [...signal]),
          values,
        );
        // Without a length in the header the file's own counts.
        assert.equal(decodeSignals(headerOf(format, signals, null), files)[0]?.length, samples);
      },
    ),
  );
});

test('signals may lie in several files, behind an offset', () => {
  const header = parseHeader('a 2 360 2\na.dat 16 200\nb.dat 80+3 200\n', 'a.hea');
  const decoded = decodeSignals(
    header,
    new Map([
      ['a.dat', encodeSignals(16, [[500, 600]], 'a')],
      ['b.dat', Uint8Array.from([9, 9, 9, 129, 127])],
    ]),
  );
  assert.deepEqual(
    decoded.map((signal) => [...signal]),
    [
      [500, 600],
      [1, -1],
    ],
  );
});

test('the checksum is a signed 16-bit sum that can be continued', () => {
  assert.equal(checksumOf([30_000, 30_000]), 60_000 - 65_536);
  assert.equal(checksumOf([30_000], checksumOf([30_000])), checksumOf([30_000, 30_000]));
});

test('millivolts: gain, baseline, units; a lost sample is not a number', () => {
  const [signal] = parseHeader('a 1\na.dat 212 200(1024)/mV 12 0\n', 'a.hea').signals;
  assert.deepEqual([...toMillivolts([1024, 1224, -2048], signal!)], [0, 1, Number.NaN]);
  const [micro] = parseHeader('a 1\na.dat 16 2/uV 16 0\n', 'a.hea').signals;
  assert.deepEqual([...toMillivolts([2000], micro!)], [1]);
});
