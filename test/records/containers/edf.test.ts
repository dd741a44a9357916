/** EDF, EDF+ and BDF files, made byte by byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnnotationLists } from '@rhythmd/ecg/edf/annotation-lists.ts';
import { parseEdfHeader } from '@rhythmd/ecg/edf/edf-header.ts';
import { annotationOfText, edfTextOf } from '@rhythmd/ecg/edf/edf-text.ts';
import { parseIshneHeader } from '@rhythmd/ecg/ishne/ishne-header.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import fc from 'fast-check';
import { edfHeader, file, list, near, words } from './made-files.ts';

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
