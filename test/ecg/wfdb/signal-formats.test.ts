import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { checksumOf, encodeSignals, signalFiles } from '@rhythmd/ecg/wfdb/signal-files.ts';
import { findFormat, LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { isVoltage, millivoltsPerUnit, physicalUnits, toPhysical } from '@rhythmd/ecg/wfdb/units.ts';
import fc from 'fast-check';

const WRITTEN = [212, 16, 80, 24, 32];

function decode(format: number, hex: string, count: number): number[] {
  const out = new Int32Array(count);
  findFormat(format, 'a').decode(Uint8Array.from(Buffer.from(hex, 'hex')), 0, out);
  return [...out];
}

test('an unknown format and a file of mixed formats are refused, with the formats that are read', () => {
  assert.throws(() => findFormat(999, 'a'), { code: 'E_WFDB_UNSUPPORTED', message: /999/, fix: /212/ });
  const mixed = parseHeader('a 2 360 1\na.dat 16 200\na.dat 80 200\n', 'a.hea');
  assert.throws(() => signalFiles(mixed), { code: 'E_WFDB_HEADER' });
});

test('a value that does not fit is refused, never clipped; a format that is only read is not written', () => {
  assert.throws(() => encodeSignals(212, [[2048]], 'a'), { code: 'E_WFDB_RANGE', message: /2048/ });
  assert.throws(() => encodeSignals(80, [[-129]], 'a'), { code: 'E_WFDB_RANGE' });
  assert.throws(() => encodeSignals(16, [[Number.NaN]], 'a'), { code: 'E_WFDB_RANGE' });
  assert.throws(() => encodeSignals(310, [[1]], 'a'), { code: 'E_WFDB_UNSUPPORTED' });
});

test('the bytes are those of the specification', () => {
  assert.equal(Buffer.from(encodeSignals(212, [[0x123], [0x456]], 'a')).toString('hex'), '234156');
  assert.equal(Buffer.from(encodeSignals(212, [[-1, 1]], 'a')).toString('hex'), 'ff0f01');
  assert.equal(Buffer.from(encodeSignals(212, [[-2]], 'a')).toString('hex'), 'fe0f');
  assert.equal(Buffer.from(encodeSignals(16, [[-2, 258]], 'a')).toString('hex'), 'feff0201');
  assert.equal(Buffer.from(encodeSignals(80, [[-128, 0, 127]], 'a')).toString('hex'), '0080ff');
  assert.equal(Buffer.from(encodeSignals(24, [[-2, 66051]], 'a')).toString('hex'), 'feffff030201');
  assert.equal(Buffer.from(encodeSignals(32, [[-2, 16909060]], 'a')).toString('hex'), 'feffffff04030201');
});

test('formats that are only read, by hand from the specification', () => {
  assert.deepEqual(decode(8, '01ff80', 3), [1, -1, -128]);
  assert.deepEqual(decode(61, 'fffe0102', 2), [-2, 258]);
  assert.deepEqual(decode(160, '00800080ffff0000', 4), [0, 0, 32767, -32768]);
  // Word 0: 00010 0000000001 0, word 1: 11111 1111111110 0: 1 and -2, and the third 11111 00010 = -30.
  assert.deepEqual(decode(310, '0210fcff', 3), [1, -2, -30]);
  // 30 bits from the lowest: 0000000001, 1111111110, 1111100010.
  const packed = (1 | (0x3fe << 10) | (0x3e2 << 20)) >>> 0;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(packed);
  assert.deepEqual(decode(311, bytes.toString('hex'), 3), [1, -2, -30]);
  for (const format of [310, 311]) {
    const { samplesIn, bytesFor } = findFormat(format, 'a');
    for (let samples = 0; samples < 9; samples++) {
      // Two samples need the whole four bytes, which could hold a third.
      assert.ok([samples, samples + 1].includes(samplesIn(bytesFor(samples))), `${format} ${samples}`);
    }
  }
});

test('every format gives back what was written, for any number of signals and samples', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...WRITTEN),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 9 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (format, signals, samples, random) => {
        const { min, max, invalid, decode: decodeBytes } = findFormat(format, 'a');
        const values = Array.from({ length: signals }, () =>
          Array.from({ length: samples }, () => {
            const share = random.next().value ?? 0;
            return share > 0.95 ? LOST_SAMPLE : Math.round(min + share * (max - min));
          }),
        );
        const bytes = encodeSignals(format, values, 'a');
        assert.equal(findFormat(format, 'a').samplesIn(bytes.length), signals * samples);
        const out = new Int32Array(signals * samples);
        decodeBytes(bytes, 0, out);
        const expected = Array.from({ length: samples }, (_, i) => values.map((signal) => signal[i]!)).flat();
        assert.deepEqual(
          [...out].map((value) => (value === invalid ? LOST_SAMPLE : value)),
          expected.map((value) => (value === invalid ? LOST_SAMPLE : value)),
        );
      },
    ),
  );
});

test('which signals lie where: several files, frames of several samples, null signals', () => {
  const header = parseHeader(
    'a 4 360 2\na.dat 16x2:1+4 200\nb.dat 80+3 200\na.dat 16 200\n~ 0 200\n',
    'a.hea',
  );
  assert.deepEqual(signalFiles(header), [
    {
      fileName: 'a.dat',
      format: 16,
      byteOffset: 4,
      frameSamples: 3,
      signals: [
        { index: 0, offset: 0, samplesPerFrame: 2, skew: 1 },
        { index: 2, offset: 2, samplesPerFrame: 1, skew: 0 },
      ],
    },
    {
      fileName: 'b.dat',
      format: 80,
      byteOffset: 3,
      frameSamples: 1,
      signals: [{ index: 1, offset: 0, samplesPerFrame: 1, skew: 0 }],
    },
  ]);
});

test('the checksum is a signed 16-bit sum that can be continued; a lost sample counts as it is stored', () => {
  assert.equal(checksumOf([30_000, 30_000]), 60_000 - 65_536);
  assert.equal(checksumOf([30_000], checksumOf([30_000])), checksumOf([30_000, 30_000]));
  assert.equal(checksumOf([1, LOST_SAMPLE], 0, -32768), -32767);
});

test('voltages by any spelling; anything else keeps its unit', () => {
  for (const [units, millivolts] of [
    ['mV', 1],
    ['mv', 1],
    ['MV', 1],
    ['V', 1000],
    ['v', 1000],
    ['Volts', 1000],
    ['uV', 1e-3],
    ['UV', 1e-3],
    ['\u00b5V', 1e-3],
    ['\u03bcV', 1e-3],
    ['\u00c2\u00b5V', 1e-3],
    ['microV', 1e-3],
    ['microvolts', 1e-3],
    ['nV', 1e-6],
  ] as const) {
    assert.equal(millivoltsPerUnit(units), millivolts, units);
  }
  for (const units of ['adu', 'mmHg', '/min', 'NU', '', 'mVs', 'mL', 'uV/cm', 'kV']) {
    assert.equal(isVoltage({ units }), false, units);
    assert.equal(physicalUnits({ units }), units);
  }
});

test('physical values: gain, baseline, units; a lost sample is not a number', () => {
  const [signal] = parseHeader('a 1\na.dat 212 200(1024)/mV 12 0\n', 'a.hea').signals;
  assert.deepEqual([...toPhysical([1024, 1224, LOST_SAMPLE], signal!)], [0, 1, Number.NaN]);
  const [micro] = parseHeader('a 1\na.dat 16 2/uV 16 0\n', 'a.hea').signals;
  assert.deepEqual([...toPhysical([2000], micro!)], [1]);
  const [pressure] = parseHeader('a 1\na.dat 16 10/mmHg 16 0\n', 'a.hea').signals;
  assert.deepEqual([...toPhysical([800], pressure!)], [80]);
});
