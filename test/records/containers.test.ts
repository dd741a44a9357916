/** EDF, BDF, CSV and ISHNE files, made byte by byte here and by programs that are not ours. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseAnnotationLists } from '@rhythmd/ecg/edf/annotation-lists.ts';
import { parseEdfHeader } from '@rhythmd/ecg/edf/edf-header.ts';
import { annotationOfText, edfTextOf } from '@rhythmd/ecg/edf/edf-text.ts';
import { ISHNE_HEADER_BYTES, ishneChecksum, parseIshneHeader } from '@rhythmd/ecg/ishne/ishne-header.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { writeRecord } from '@rhythmd/records/write-record.ts';
import fc from 'fast-check';
import { runCommand } from '../support/command.ts';
import { needsProgram } from '../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-containers-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: Uint8Array | string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-3, `${actual} instead of ${expected}`);

interface MadeSignal {
  readonly label: string;
  readonly units: string;
  readonly physical: readonly [number, number];
  readonly samples: number;
}

/** The header as the specification has it. */
function edfHeader(signals: readonly MadeSignal[], records: number, reserved: string, bdf = false): Buffer {
  const limits = bdf ? ['-8388608', '8388607'] : ['-32768', '32767'];
  const fields: [number, string[]][] = [
    [80, ['patient']],
    [80, ['Startdate 02-MAR-2137 X X X']],
    [8, ['02.03.yy']],
    [8, ['10.11.12']],
    [8, [String(256 * (signals.length + 1))]],
    [44, [reserved]],
    [8, [String(records)]],
    [8, ['1']],
    [4, [String(signals.length)]],
    [16, signals.map(({ label }) => label)],
    [80, signals.map(() => 'AgAgCl')],
    [8, signals.map(({ units }) => units)],
    [8, signals.map(({ physical }) => String(physical[0]))],
    [8, signals.map(({ physical }) => String(physical[1]))],
    [8, signals.map(() => limits[0]!)],
    [8, signals.map(() => limits[1]!)],
    [80, signals.map(() => 'HP:0.05Hz')],
    [8, signals.map(({ samples }) => String(samples))],
    [32, signals.map(() => '')],
  ];
  const text = fields.flatMap(([width, values]) => values.map((value) => value.padEnd(width))).join('');
  return Buffer.concat([
    Buffer.from(bdf ? '\xffBIOSEMI' : '0       ', 'latin1'),
    Buffer.from(text, 'latin1'),
  ]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeInt16LE(value, 2 * i);
  return bytes;
}

const list = (text: string, samples: number) => Buffer.concat([Buffer.from(text, 'utf8')], 2 * samples);

test('EDF+: signals of several rates, units, scale, start, texts as annotations', () => {
  const signals = [
    { label: 'SaO2', units: '%', physical: [-327.68, 327.67], samples: 1 },
    { label: 'ECG II', units: 'uV', physical: [-3276.8, 3276.7], samples: 4 },
    { label: 'EDF Annotations', units: '', physical: [-1, 1], samples: 20 },
  ] as const;
  const path = file(
    'plus.edf',
    Buffer.concat([
      edfHeader(signals, 2, 'EDF+C'),
      words(9700, 10, 20, 30, 40),
      list('+0.25\x14\x14\0+0.75\x14beat V\x14\0', 20),
      words(9800, 50, 60, 70, 80),
      list('+1.25\x14\x14\0+1.5\x150.5\x14Größe\x14\0', 20),
    ]),
  );
  const warnings: string[] = [];
  const reader = openRecord(path, { warn: (warning) => warnings.push(warning) });
  assert.deepEqual(warnings, []);
  assert.deepEqual([reader.container, reader.name, reader.rateHz, reader.sampleCount], ['EDF', 'plus', 4, 8]);
  assert.deepEqual(reader.leadNames, ['SaO2', 'ECG II']);
  assert.equal(startOf(reader.header), Date.UTC(2137, 2, 2, 10, 11, 12, 250));
  assert.deepEqual(
    reader.header.signals.map(({ transducer, prefilter }) => [transducer, prefilter]),
    [
      ['AgAgCl', 'HP:0.05Hz'],
      ['AgAgCl', 'HP:0.05Hz'],
    ],
  );
  reader.close();
  const { leads } = readRecord(path);
  for (const [i, value] of leads[1]!.entries()) near(value, (i + 1) / 1000);
  for (const [i, value] of leads[0]!.entries()) near(value, i < 4 ? 97 : 98);
  assert.deepEqual(
    readAnnotations(path, 'atr').map(({ sample, code, aux }) => [sample, code, aux]),
    [
      [2, 5, null],
      [5, 22, Buffer.from('Größe', 'utf8').toString('latin1')],
    ],
  );
});

test('EDF+D: what was not recorded is a gap; a time that goes back follows on, with a warning', () => {
  const signals = [
    { label: 'ECG', units: 'mV', physical: [-32.768, 32.767], samples: 2 },
    { label: 'EDF Annotations', units: '', physical: [-1, 1], samples: 8 },
  ] as const;
  const record = (onset: string, ...values: number[]) =>
    Buffer.concat([words(...values), list(`+${onset}\x14\x14\0`, 8)]);
  const path = file(
    'gaps.edf',
    Buffer.concat([
      edfHeader(signals, 4, 'EDF+D'),
      record('5', 1, 2),
      record('6', 3, 4),
      record('8', 5, 6),
      record('7', 7, 8),
    ]),
  );
  const warnings: string[] = [];
  const { adc, sampleCount } = readRecord(path, [], (warning) => warnings.push(warning));
  assert.equal(sampleCount, 10);
  assert.deepEqual([...adc[0]!], [1, 2, 3, 4, LOST_SAMPLE, LOST_SAMPLE, 5, 6, 7, 8]);
  assert.match(warnings.join(), /data record 3 says that it begins at 7 s/);
});

test('BDF: 24 bits; a file cut off is read as far as it goes', () => {
  const signals = [{ label: 'ECG', units: 'uV', physical: [-8388608, 8388607], samples: 2 }] as const;
  const path = file(
    'cut.bdf',
    Buffer.concat([
      edfHeader(signals, 3, '24BIT', true),
      Uint8Array.of(1, 0, 0, 0xff, 0xff, 0xff, 0, 0, 0x80, 0xff, 0xff, 0x7f, 5),
    ]),
  );
  const warnings: string[] = [];
  const { adc } = readRecord(path, [], (warning) => warnings.push(warning));
  assert.deepEqual([...adc[0]!], [1, -1, -8388608, 8388607]);
  assert.match(warnings.join(), /holds 2 of the 3 data records/);
});

test('headers of EDF and ISHNE and annotation lists: whatever bytes come, an answer or one named error', () => {
  const good = edfHeader([{ label: 'ECG', units: 'uV', physical: [-1, 1], samples: 2 }], 1, '');
  const damaged = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 20 });
  fc.assert(
    fc.property(damaged, fc.uint8Array({ maxLength: 600 }), (changes, bytes) => {
      const edf = Buffer.from(good);
      for (const [at, value] of changes) edf[at] = value;
      for (const content of [edf, bytes]) {
        for (const [parse, code] of [
          [() => parseEdfHeader(content, 'x'), 'E_EDF_HEADER'],
          [() => parseIshneHeader(content, content.length, 'x'), 'E_ISHNE_HEADER'],
        ] as const) {
          try {
            parse();
          } catch (error) {
            assert.equal((error as { code: string }).code, code);
          }
        }
        parseAnnotationLists(content);
      }
    }),
  );
});

test('our own words for beats, rhythm and quality survive EDF; other people’s stay notes', () => {
  for (const [code, aux] of [
    [1, null],
    [5, '(x'],
    [28, '(AFIB'],
    [14, null],
    [14, 'MLII noisy'],
    [22, 'felt dizzy'],
  ] as const) {
    assert.deepEqual(annotationOfText(edfTextOf({ code, aux })), { code, aux });
  }
  for (const text of ['N', 'Sleep stage W', 'beat', 'beat of the drum', '+ 5', 's x', '']) {
    assert.deepEqual(annotationOfText(text), { code: 22, aux: text });
  }
});

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

test('ISHNE: leads, scale, start; damage is named', () => {
  const bytes = Buffer.alloc(ISHNE_HEADER_BYTES + 12);
  bytes.write('ISHNE1.0', 0, 'latin1');
  bytes.writeInt32LE(3, 14);
  bytes.writeInt32LE(522, 18);
  bytes.writeInt32LE(522, 22);
  for (const [at, value] of [
    [138, 22],
    [140, 11],
    [142, 2026],
    [150, 15],
    [152, 1],
    [154, 2],
    [156, 2],
    [158, 6],
    [160, 12],
    [206, 5000],
    [208, 1000],
    [272, 200],
  ] as const) {
    bytes.writeInt16LE(value, at);
  }
  words(100, 1000, -200, -32768, 300, 3000).copy(bytes, 522);
  bytes.writeUInt16LE(ishneChecksum(bytes.subarray(0, 522)), 8);
  const record = readRecord(file('holter.ecg', bytes));
  assert.deepEqual([record.rateHz, record.sampleCount, record.leadNames], [200, 3, ['II', 'V2']]);
  assert.equal(startOf(record.header), Date.UTC(2026, 10, 22, 15, 1, 2));
  near(record.leads[0]![1], -1);
  near(record.leads[1]![2], 3);
  assert.ok(Number.isNaN(record.leads[1]![1]));
  bytes.writeInt16LE(99, 156);
  assert.throws(() => readRecord(file('bad.ecg', bytes)), { code: 'E_ISHNE_HEADER', message: /99 leads/ });
});

/** A minute of two leads at an odd rate, with a note. */
function sourceRecord(): string {
  const path = join(folder, 'source');
  const lead = (k: number) =>
    Int16Array.from({ length: 3000 }, (_, i) => Math.round(900 * Math.sin(i / (7 + k)) + 300 * k));
  writeRecord(path, {
    rateHz: 50,
    format: 16,
    signals: [
      { name: 'II', adc: lead(0), gain: 200, baseline: 0 },
      { name: 'V1', adc: lead(1), gain: 0.4, baseline: 5, units: 'uV' },
    ],
    baseTime: '10:11:12',
    baseDate: '02/03/2020',
  });
  return path;
}

/** Through BioSig and back as BDF, which is read here. */
function throughBiosig(path: string) {
  const json = execFileSync('save2gdf', ['-JSON', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  // Not all of its text is UTF-8.
  const header = JSON.parse(json.toString('latin1')) as {
    StartOfRecording: string;
    CHANNEL: { Label: string; PhysicalUnit: string }[];
  };
  const back = join(folder, 'back.bdf');
  execFileSync('save2gdf', ['-f=BDF', path, back], { stdio: 'ignore' });
  return { header, record: readRecord(back) };
}

test('what is exported as EDF+ is read by BioSig as it was', needsProgram('save2gdf'), async () => {
  const source = sourceRecord();
  const edf = join(folder, 'out.edf');
  assert.equal((await runCommand(['export', source, '--format', 'edf', '--out', edf])).status, 0);
  const { header, record } = throughBiosig(edf);
  assert.deepEqual(
    header.CHANNEL.slice(0, 2).map(({ Label, PhysicalUnit }) => [Label, PhysicalUnit]),
    [
      ['ECG II', 'uV'],
      ['ECG V1', 'uV'],
    ],
  );
  // It keeps days as a fraction, and cuts where it should round.
  const start = Date.parse(`${header.StartOfRecording.slice(0, 19).replace(' ', 'T')}Z`);
  assert.ok(Math.abs(start - Date.UTC(2020, 2, 2, 10, 11, 12)) <= 1000, header.StartOfRecording);
  for (const [index, lead] of readRecord(source).leads.entries()) {
    for (let i = 0; i < 3000; i += 13) {
      assert.ok(Math.abs(record.leads[index]![i]! - lead[i]!) < 0.01, `${index} ${i}`);
    }
  }
});

/** Of one signal: with two it takes the interleaved samples of one for those of the other. */
test('what is written as WFDB is read by BioSig as it was', needsProgram('save2gdf'), () => {
  const path = join(folder, 'one');
  const adc = Int16Array.from({ length: 3000 }, (_, i) => Math.round(900 * Math.sin(i / 7)));
  writeRecord(path, {
    rateHz: 50,
    format: 16,
    signals: [{ name: 'II', adc, gain: 0.2, baseline: 0, units: 'uV' }],
  });
  const { header, record } = throughBiosig(`${path}.hea`);
  assert.deepEqual([header.CHANNEL[0]?.Label, header.CHANNEL[0]?.PhysicalUnit], ['II', 'uV']);
  for (const [i, value] of readRecord(path).leads[0]!.entries()) {
    assert.ok(Math.abs(record.leads[0]![i]! - value) < 0.01, `${i}`);
  }
});

test('an EDF file is a RECORD everywhere: analysed, scored, cut, exported', async () => {
  const source = sourceRecord();
  const edf = join(folder, 'everywhere.edf');
  const out = join(folder, 'everywhere');
  const environment = { RHYTHMD_MODEL_PATH: '' };
  for (const words of [
    ['export', source, '--format', 'edf', '--out', edf],
    ['analyze', edf, '--out', folder],
    ['score', edf, '--reference', 'rhy', '--test', 'rhy'],
    ['strip', edf, '--out', out],
    ['strip', edf, '--out', `${out}.svg`],
    ['export', edf, '--format', 'csv', '--out', `${out}.csv`],
    ['export', `${out}.csv`, '--format', 'edf', '--out', `${out}2.edf`],
  ]) {
    const { status, err } = await runCommand(words, environment);
    assert.equal(status, 0, `${words.join(' ')}: ${err}`);
  }
  assert.match(readFileSync(join(folder, 'everywhere.rhy'), 'latin1'), /## time resolution: 50/);
  const [first, again] = [readRecord(edf), readRecord(`${out}2.edf`)];
  for (let i = 0; i < 3000; i += 17) near(again.leads[1]![i], first.leads[1]![i]!);
});
