import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { annotationsCsv, signalsCsv } from '@rhythmd/daemon/export/csv.ts';
import { edfPlus } from '@rhythmd/daemon/export/edf-plus.ts';
import { fhirObservation } from '@rhythmd/daemon/export/fhir.ts';
import { type PieceRequest, readPiece, wholeLeads } from '@rhythmd/daemon/export/piece.ts';
import { writePiece } from '@rhythmd/daemon/export/wfdb.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { PIECE_RATE_HZ, writeSmallRecord } from '../../support/piece.ts';

const record = writeSmallRecord();
after(() => rmSync(dirname(record), { recursive: true }));
const read = (over: Partial<PieceRequest> = {}) =>
  readPiece({ record, fromS: 0, seconds: null, annotator: 'atr', folders: [], ...over });

test('a piece outside the record is refused; one that begins in it ends with it', () => {
  assert.throws(() => read({ fromS: 7 }), { code: 'E_PIECE', message: /small ends at 0:06\.5, before 0:07/ });
  assert.equal(read({ fromS: 6, seconds: 10 }).count, 50);
});

test('missing annotations are no error for atr, one for any other name', () => {
  assert.throws(() => read({ annotator: 'nope' }), { code: 'E_RECORD_READ', message: /small\.nope/ });
  assert.deepEqual(read({ annotator: null }).annotations, read({ annotator: 'atr' }).annotations);
});

test('labels that are damaged cost nobody the signal, and it is said', () => {
  const path = writeSmallRecord();
  writeFileSync(`${path}.atr`, new Uint8Array(500).fill(0xfb));
  const warnings: string[] = [];
  const piece = readPiece({
    record: path,
    fromS: 0,
    seconds: null,
    annotator: null,
    folders: [],
    warn: (text) => warnings.push(text),
  });
  assert.deepEqual([piece.count, piece.annotations], [650, []]);
  piece.close();
  assert.match(warnings.join(), /small\.atr: byte 0: .*: its labels are left out/);
  rmSync(dirname(path), { recursive: true });
});

test('the rhythm that holds comes along, and time moves with the piece', () => {
  const piece = read({ fromS: 2, seconds: 2 });
  assert.deepEqual(
    piece.annotations.map(({ sample, aux }) => [sample, aux]),
    [
      [0, '(AFIB'],
      [50, null],
      [150, null],
    ],
  );
  assert.equal(new Date(piece.startMs!).toISOString(), '2026-11-22T15:00:03.250Z');
});

test('WFDB: samples, scale, time and annotations unchanged', () => {
  const path = join(dirname(record), 'cut');
  writePiece(path, read({ fromS: 2, seconds: 2 }), 'atr');
  const cut = readRecord(path);
  const whole = readRecord(record);
  assert.deepEqual(cut.adc[1], whole.adc[1]!.slice(200, 400));
  assert.deepEqual(cut.leads[1], whole.leads[1]!.slice(200, 400));
  assert.equal(startOf(cut.header), Date.UTC(2026, 10, 22, 15, 0, 3, 250));
  assert.equal(readAnnotations(path, 'atr').length, 3);
});

test('CSV of signals: a line a sample, nothing where nothing was', () => {
  const lines = [...signalsCsv(read())].join('').trimEnd().split('\n');
  assert.equal(lines.length, 651);
  assert.equal(lines[0], 'sample,time_s,time_utc,II_mV,"V1, ""left""_mV"');
  assert.equal(lines[51], '50,0.5000,2026-11-22T15:00:01.750Z,1.0000,0.9766');
  assert.equal(lines[251], '250,2.5000,2026-11-22T15:00:03.750Z,1.0000,');
});

test('CSV of beats: intervals between beats only, texts quoted, no formulas', () => {
  const lines = annotationsCsv(read()).trimEnd().split('\n');
  assert.equal(lines[0], 'sample,time_s,time_utc,code,beat,rr_ms,text');
  assert.equal(lines[1], '0,0.0000,2026-11-22T15:00:01.250Z,+,0,,(AFIB');
  assert.equal(lines[2], '50,0.5000,2026-11-22T15:00:01.750Z,N,1,,');
  assert.equal(lines[5], '350,3.5000,2026-11-22T15:00:04.750Z,V,1,1000,');
  assert.equal(lines.at(-1), '600,6.0000,2026-11-22T15:00:07.250Z,"""",0,,"\'=felt ""dizzy"", ?"');
});

test('FHIR: leads as SampledData in microvolts, beats, heart rate, times; no patient', () => {
  // biome-ignore lint/suspicious/noExplicitAny: JSON
  const observation = JSON.parse(JSON.stringify(fhirObservation(read(), 'a device'))) as any;
  assert.equal(observation.resourceType, 'Observation');
  assert.deepEqual(observation.effectivePeriod, {
    start: '2026-11-22T15:00:01.250Z',
    end: '2026-11-22T15:00:07.750Z',
  });
  const [two, v1, ...others] = observation.component;
  assert.equal(two.code.coding[0].code, '131330');
  assert.equal(two.valueSampledData.period, 1000 / PIECE_RATE_HZ);
  assert.equal(two.valueSampledData.data.split(' ')[50], '1000');
  assert.equal(v1.code.coding, undefined);
  assert.equal(v1.valueSampledData.data.split(' ').filter((value: string) => value === 'E').length, 50);
  assert.deepEqual(
    others.map((component: { valueInteger?: number }) => component.valueInteger),
    [5, 1, undefined],
  );
  assert.equal(others[2].valueQuantity.value, 60);
  assert.equal(JSON.stringify(observation).includes('subject'), false);
});

/** As www.edfplus.info describes it, by somebody who did not write the encoder. */
function readEdf(bytes: Uint8Array) {
  const text = Buffer.from(bytes).toString('latin1');
  const signals = Number(text.slice(252, 256));
  const column = (offset: number, width: number) =>
    Array.from({ length: signals }, (_, i) =>
      text.slice(256 + offset * signals + i * width, 256 + offset * signals + (i + 1) * width).trim(),
    );
  const samples = column(216, 8).map(Number);
  const headerBytes = Number(text.slice(184, 192));
  const records = Number(text.slice(236, 244));
  const recordBytes = 2 * samples.reduce((sum, count) => sum + count, 0);
  assert.equal(bytes.length, headerBytes + records * recordBytes);
  const [physicalMin, physicalMax, digitalMin, digitalMax] = [104, 112, 120, 128].map((offset) =>
    column(offset, 8).map(Number),
  );
  const leads: number[][] = Array.from({ length: signals - 1 }, () => []);
  const lists: string[][] = [];
  for (let record = 0; record < records; record++) {
    let at = headerBytes + record * recordBytes;
    for (const [signal, count] of samples.entries()) {
      if (signal === signals - 1)
        lists.push(
          text
            .slice(at, at + 2 * count)
            .split('\0')
            .filter(Boolean),
        );
      else {
        for (let i = 0; i < count; i++) {
          const digital = Buffer.from(bytes).readInt16LE(at + 2 * i);
          const scale =
            (physicalMax![signal]! - physicalMin![signal]!) / (digitalMax![signal]! - digitalMin![signal]!);
          leads[signal]!.push((digital - digitalMin![signal]!) * scale + physicalMin![signal]!);
        }
      }
      at += 2 * count;
    }
  }
  return {
    labels: column(0, 16),
    units: column(96, 8),
    start: text.slice(168, 184),
    recording: text.slice(88, 168).trim(),
    kind: text.slice(192, 197),
    patient: text.slice(8, 88).trim(),
    leads,
    lists,
  };
}

test('EDF+: read back, every microvolt, annotation and gap is there', () => {
  const piece = read();
  const edf = readEdf(Buffer.concat([...edfPlus(piece)]));
  assert.deepEqual(edf.labels, ['ECG II', 'ECG V1, "left"', 'EDF Annotations']);
  assert.deepEqual(edf.units, ['uV', 'uV', '']);
  assert.equal(edf.start, '22.11.2615.00.01');
  assert.equal(edf.recording, 'Startdate 22-NOV-2026 X X rhythmd_small');
  assert.equal(edf.patient, 'X X X X');
  assert.equal(edf.kind, 'EDF+C');
  for (const [index, lead] of wholeLeads(piece).entries()) {
    for (let i = 0; i < piece.count; i++) {
      const expected = Number.isNaN(lead[i]) ? 0 : lead[i]! * 1000;
      assert.ok(Math.abs(edf.leads[index]![i]! - expected) < 0.5, `${index} ${i}`);
    }
  }
  assert.deepEqual(
    edf.lists.map(([time]) => time),
    [0, 1, 2, 3, 4, 5, 6].map((second) => `+${second + 0.25}\x14\x14`),
  );
  assert.deepEqual(edf.lists[2]!.slice(1), [
    '+2.75\x14beat N\x14',
    '+2.75\x150.5\x14signal lost in V1, "left"\x14',
  ]);
  assert.deepEqual(edf.lists[6]!.at(-1), '+6.75\x14end of signal\x14');
});

test('EDF+: more signals than a data record can hold are refused', () => {
  const piece = read();
  const leads = Array.from({ length: 40_000 }, () => piece.leads[0]!);
  assert.throws(() => [...edfPlus({ ...piece, leads })], { code: 'E_EDF', message: /40000 signals/ });
});
