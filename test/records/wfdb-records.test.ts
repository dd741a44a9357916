/** WFDB records of every shape, made by hand: several segments, frames, skew, offsets, and headers that reach outside. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { LeadWindow } from '@rhythmd/records/lead-window.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { writeRecord } from '@rhythmd/records/write-record.ts';
import fc from 'fast-check';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-shapes-'));
after(() => rmSync(folder, { recursive: true }));
const header = (name: string, ...lines: string[]) => {
  writeFileSync(join(folder, `${name}.hea`), `${lines.join('\n')}\n`);
  return join(folder, name);
};
const words = (...values: number[]) => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeInt16LE(value, 2 * i);
  return bytes;
};
const data = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes);

test('a header that names a file outside its folder, a link out of it, a pipe or a folder is refused', () => {
  mkdirSync(join(folder, 'inside'));
  writeFileSync(join(folder, 'secret.dat'), words(1, 2, 3));
  symlinkSync(join(folder, 'secret.dat'), join(folder, 'inside', 'link.dat'));
  execFileSync('mkfifo', [join(folder, 'inside', 'pipe.dat')]);
  for (const [file, code] of [
    ['../secret.dat', 'E_RECORD_PATH'],
    [join(folder, 'secret.dat'), 'E_RECORD_PATH'],
    ['a/../../secret.dat', 'E_RECORD_PATH'],
    ['link.dat', 'E_RECORD_PATH'],
    ['pipe.dat', 'E_RECORD_READ'],
    ['.', 'E_RECORD_PATH'],
    ['nothing.dat', 'E_RECORD_READ'],
  ] as const) {
    const path = header('inside/x', 'x 1 360 3', `${file} 16 200 16 0`);
    assert.throws(() => readRecord(path), { code }, file);
  }
  const segmented = header('inside/s', 's/1 1 360 3', '../secret 3');
  assert.throws(() => readRecord(segmented), { code: 'E_RECORD_PATH' });
  const endless = header('inside/e', 'e/1 1 360 3', 'e 3');
  assert.throws(() => readRecord(endless), { code: 'E_WFDB_HEADER' });
});

test('what is no record names the kinds that are', () => {
  writeFileSync(join(folder, 'picture.png'), Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3));
  assert.throws(() => openRecord(join(folder, 'picture.png')), {
    code: 'E_RECORD_KIND',
    fix: /EDF.*CSV.*ISHNE/,
  });
  const unknown = header('unknown', 'unknown 1 360 10', 'unknown.dat 999 200 16 0');
  assert.throws(() => readRecord(unknown), { code: 'E_WFDB_UNSUPPORTED', message: /999/, fix: /516/ });
});

test('segments one after the other, a gap between them', () => {
  writeRecord(join(folder, 'p1'), {
    rateHz: 100,
    format: 16,
    signals: [{ name: 'II', adc: [1, 2, 3], gain: 200, baseline: 0 }],
  });
  writeRecord(join(folder, 'p2'), {
    rateHz: 100,
    format: 212,
    signals: [{ name: 'II', adc: [4, 5], gain: 200, baseline: 0 }],
  });
  const path = header('fixed', 'fixed/3 1 100 9', 'p1 3', '~ 4', 'p2 2');
  const record = readRecord(path, [], assert.fail);
  assert.equal(record.sampleCount, 9);
  assert.deepEqual([...record.adc[0]!], [1, 2, 3, ...Array(4).fill(LOST_SAMPLE), 4, 5]);
  assert.deepEqual(record.leadNames, ['II']);
});

test('segments with signals of their own: found by name, brought to one scale, whatever is missing is a gap', () => {
  header(
    'v_layout',
    'v_layout 3 100 0',
    '~ 0 100/mV 16 0 0 0 0 II',
    '~ 0 10/mmHg 16 0 0 0 0 ABP',
    '~ 0 100/mV 16 0 0 0 0 V',
  );
  header('v_1', 'v_1 2 100 2', 'v_1.dat 16 50(10)/mV 16 0 0 0 0 V', 'v_1.dat 16 100/mV 16 0 0 0 0 II');
  data('v_1.dat', words(60, 1, 110, -32768));
  header('v_2', 'v_2 1 100 2', 'v_2.dat 16 0.1/uV 16 0 0 0 0 II');
  data('v_2.dat', words(7, 8));
  const record = readRecord(header('variable', 'variable/4 3 100 5', 'v_layout 0', 'v_1 2', '~ 1', 'v_2 2'));
  const L = LOST_SAMPLE;
  assert.deepEqual(
    record.adc.map((values) => [...values]),
    [
      [1, L, L, 7, 8],
      [L, L, L, L, L],
      [100, 200, L, L, L],
    ],
  );
  assert.equal(record.leads[2]![0], 1);
});

test('several samples a frame are delivered at the rate of the ECG, slower signals stand still', () => {
  data('frames.dat', words(1, 2, 3, 4, 70, 5, 6, 7, 8, 71));
  const path = header(
    'frames',
    'frames 2 125 2',
    'frames.dat 16x4 200 16 0 0 0 0 II',
    'frames.dat 16 10/mmHg 16 0 0 0 0 ABP',
  );
  const record = readRecord(path);
  assert.equal(record.rateHz, 500);
  assert.equal(record.header.rateHz, 125);
  assert.deepEqual([...record.adc[0]!], [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual([...record.adc[1]!], [70, 70, 70, 70, 71, 71, 71, 71]);
  const mean = header(
    'mean',
    'mean 2 125 2',
    'frames.dat 16x4 1/NU 16 0 0 0 0 PLETH',
    'frames.dat 16 200 16 0 0 0 0 II',
  );
  assert.deepEqual([...readRecord(mean).adc[0]!], [3, 7]);
});

test('skewed signals are put right, and end early', () => {
  data('skewed.dat', words(10, 0, 11, 1, 12, 2, 13, 3));
  const path = header('skewed', 'skewed 2 100 4', 'skewed.dat 16 200 16 0', 'skewed.dat 16:1 200 16 0');
  const { adc } = readRecord(path);
  assert.deepEqual([...adc[0]!], [10, 11, 12, 13]);
  assert.deepEqual([...adc[1]!], [1, 2, 3, LOST_SAMPLE]);
});

test('a .mat file behind its head, differences from the first value, a null signal', () => {
  data('m.mat', Buffer.concat([Buffer.alloc(24, 9), words(5, -6)]));
  assert.deepEqual([...readRecord(header('m', 'm 1 100 2', 'm.mat 16+24 200 16 0')).adc[0]!], [5, -6]);
  data('d.dat', Uint8Array.of(0, 0, 5, 0xfd, 1, 2));
  const record = readRecord(
    header('d', 'd 3 100 3', 'd.dat 8 200 8 0 100', 'd.dat 8 200 8 0 -50', '~ 0 200'),
  );
  assert.deepEqual(
    record.adc.map((values) => [...values]),
    [
      [100, 105, 106],
      [-50, -53, -51],
      [LOST_SAMPLE, LOST_SAMPLE, LOST_SAMPLE],
    ],
  );
  const reader = openRecord(join(folder, 'd'));
  assert.deepEqual([...reader.read(2, 1)[0]!], [106]);
  assert.deepEqual([...reader.read(0, 2)[0]!], [100, 105]);
  reader.close();
});

test('any stretch of any format is the same as that of the whole', () => {
  const paths = [80, 212, 16, 24, 32].map((format) => {
    const path = join(folder, `stretch${format}`);
    const adc = Array.from({ length: 1001 }, (_, i) => ((i * 37) % 200) - 100);
    writeRecord(path, {
      rateHz: 100,
      format: format as 16,
      signals: [0, 1, 2].map((s) => ({ name: `s${s}`, adc: adc.map((v) => v - s), gain: 200, baseline: 0 })),
    });
    return path;
  });
  const whole = paths.map((path) => readRecord(path, [], assert.fail));
  fc.assert(
    fc.property(fc.nat(4), fc.nat(1100), fc.nat(300), (which, first, count) => {
      const reader = openRecord(paths[which]!);
      try {
        const values = reader.read(first, count);
        for (const [signal, adc] of whole[which]!.adc.entries()) {
          assert.deepEqual(values[signal], adc.slice(first, first + count));
        }
        const window = new LeadWindow(reader, [1]);
        if (first < 1001) assert.equal(window.at(0, first), whole[which]!.leads[1]![first]);
      } finally {
        reader.close();
      }
    }),
    { numRuns: 40 },
  );
});
