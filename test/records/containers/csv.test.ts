/** CSV files as written here and by others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import fc from 'fast-check';
import { file, near } from './made-files.ts';

test('CSV as written here, by PhysioNet, by spreadsheets, and bare', () => {
  const values = [0.005, -0.01, 1.25, 0];
  for (const [name, content, names] of [
    [
      'own.csv',
      'sample,time_s,time_utc,II_mV\n7,0.0194,2026-01-01T00:00:00.019Z,0.0050\n8,0.0222,,-0.0100\n9,0.0250,,1.2500\n10,0.0278,,0.0000\n',
      ['II'],
    ],
    [
      'physionet.csv',
      "'Elapsed time','MLII'\n'seconds','mV'\n0.000,0.005\n0.003,-0.010\n0.006,1.250\n0.008,0.000\n",
      ['MLII'],
    ],
    [
      'clock.csv',
      "'Elapsed time','MLII'\r\n'hh:mm:ss.mmm','mV'\r\n'0:00.000',0.005\r\n'0:00.003',-0.010\r\n'0:00.006',1.250\r\n'0:00.008',0.000\r\n",
      ['MLII'],
    ],
    ['sheet.csv', 'Time [s];ECG (uV);Remark\n0,0000;5;\n0,0028;-10;\n0,0056;1250;\n0,0083;0;\n', ['ECG']],
    [
      'tabs.tsv',
      '# made by hand\ntime_ms\tECG II [V]\n0\t0.000005\n2.778\t-1e-5\n5.556\t0.00125\n8.333\t0\n',
      ['ECG II'],
    ],
  ] as const) {
    const { rateHz, leads, leadNames, header } = readRecord(file(name, content));
    assert.deepEqual([leadNames, leads[0]!.length], [names, 4], name);
    assert.ok(Math.abs(rateHz / 360 - 1) < 0.1, `${name}: ${rateHz}`);
    for (const [i, value] of leads[0]!.entries()) near(value, values[i]!);
    assert.ok(header.signals[0]!.gain >= 1);
  }
  const bare = file('bare.csv', '5,1\n-10,2\n1250,3\n\n0,4');
  assert.throws(() => openRecord(bare), { code: 'E_CSV_UNIT', fix: /--unit mV/ });
  assert.throws(() => openRecord(bare, { csv: { unit: 'uV' } }), { code: 'E_CSV_RATE', fix: /--rate 250/ });
  const reader = openRecord(bare, { csv: { unit: 'uV', rateHz: 360 } });
  assert.deepEqual([reader.rateHz, reader.sampleCount, reader.leadNames], [360, 4, ['signal 0', 'signal 1']]);
  assert.deepEqual([...reader.read(1, 2)[0]!], [-10, 1250]);
  reader.close();
  assert.throws(() => openRecord(file('words.csv', 'Dear reader,\nthis is a letter.\n')), { code: 'E_CSV' });
});

test('CSV: missing values and rows left out are gaps; any stretch is that of the whole', () => {
  const rows = Array.from({ length: 9000 }, (_, i) => i).filter((i) => i < 3000 || i >= 3250);
  const text = rows.map(
    (i) => `${(i / 250).toFixed(4)},${i % 500 === 7 ? 'NaN' : (Math.sin(i / 20) * 1.5).toFixed(3)}`,
  );
  const path = file('rows.csv', `time_s,ECG_mV\n${text.join('\n')}\n`);
  const whole = readRecord(path, [], assert.fail);
  assert.deepEqual([whole.rateHz, whole.sampleCount], [250, 9000]);
  for (let i = 0; i < 9000; i++) {
    const isThere = (i < 3000 || i >= 3250) && i % 500 !== 7;
    if (!isThere) assert.ok(Number.isNaN(whole.leads[0]![i]), `${i}`);
    else near(whole.leads[0]![i], Math.sin(i / 20) * 1.5);
  }
  const reader = openRecord(path);
  for (const [first, count] of [
    [0, 5],
    [2990, 300],
    [3100, 10],
    [4095, 3],
    [8999, 9],
    [5000, 4000],
  ] as const) {
    assert.deepEqual(reader.read(first, count)[0], whole.adc[0]!.slice(first, first + count), `${first}`);
  }
  reader.close();
});

test('CSV: whatever text comes, the answer is a record or one named error', () => {
  const cells = fc.constantFrom(
    '1',
    '-2.5',
    '1e3',
    'x',
    '"',
    ',',
    ';',
    '\t',
    '\n',
    '\r',
    ' ',
    'time',
    'mV',
    '0:01',
    '1,5',
    'nan',
  );
  fc.assert(
    fc.property(fc.array(cells, { minLength: 1, maxLength: 60 }), (list) => {
      const path = file('fuzz.csv', list.join(''));
      try {
        const reader = openRecord(path, { csv: { unit: 'mV', rateHz: 100 } });
        reader.read(0, 100);
        reader.close();
      } catch (error) {
        assert.match((error as { code: string }).code, /^E_(?:CSV|RECORD_KIND)/);
      }
    }),
    { numRuns: 200 },
  );
});
