import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { findRecord } from '@rhythmd/records/folders.ts';
import { writeAnnotations, writeRecord } from '@rhythmd/records/write-record.ts';
import { runCommand } from '../../support/command.ts';
import { needsMount, needsRecord } from '../../support/needs.ts';
import { SmallDisk } from '../../support/small-disk.ts';

const RATE_HZ = 360;
const folder = mkdtempSync(join(tmpdir(), 'rhythmd-report-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const NO_MODELS = { RHYTHMD_MODEL_PATH: '', RHYTHMD_MODEL_RHYTHM_PATH: '' };

interface MadeRecord {
  readonly seconds: number;
  /** Names of beats, one a second from 1 s on; null: no annotation file. */
  readonly beats: string | null;
  readonly start?: readonly [time: string, date: string];
  readonly comments?: readonly string[];
  readonly value?: (i: number) => number;
  readonly extra?: readonly { second: number; mnemonic: string; subtype?: number; aux?: string }[];
}

function make(name: string, { seconds, beats, start, comments, value, extra = [] }: MadeRecord): string {
  const path = at(name);
  const pulse = (i: number) => (i % RATE_HZ < 20 ? 200 : 0);
  writeRecord(path, {
    rateHz: RATE_HZ,
    format: 16,
    signals: [
      {
        name: 'II',
        adc: Int16Array.from({ length: Math.round(seconds * RATE_HZ) }, (_, i) => (value ?? pulse)(i)),
        gain: 200,
        baseline: 0,
      },
    ],
    ...(start === undefined ? {} : { baseTime: start[0], baseDate: start[1] }),
    ...(comments === undefined ? {} : { comments }),
  });
  if (beats === null) return path;
  const marks = [
    ...[...beats].map((letter, i) => ({ second: i + 1, mnemonic: letter, subtype: 0, aux: null })),
    ...extra.map(({ subtype = 0, aux = null, ...mark }) => ({ ...mark, subtype, aux })),
  ].sort((a, b) => a.second - b.second);
  writeAnnotations(
    path,
    'atr',
    marks.map(({ second, mnemonic, subtype, aux }) => ({
      sample: Math.round(second * RATE_HZ),
      code: codeOf(mnemonic)!,
      subtype,
      channel: 0,
      num: 0,
      aux,
    })),
  );
  return path;
}

const minute = make('minute', { seconds: 60, beats: 'N'.repeat(50) });

function report(...words: string[]) {
  return runCommand(['report', ...words], { ...NO_MODELS, RHYTHMD_RECORDER_FOLDER: folder });
}

async function jsonOf(...words: string[]) {
  const out = at('report.json');
  const { status, err } = await report(...words, '--out', out);
  assert.equal(status, 0, err);
  return JSON.parse(readFileSync(out, 'utf8'));
}

test('bad usage: no record and no moment, no place, another kind of file, no times, backwards', async () => {
  const out = ['--out', at('a.pdf')];
  for (const words of [
    out,
    [minute],
    [minute, '--out', at('a.docx')],
    [minute, '--out', at('pdf')],
    [minute, ...out, '--from', 'noon'],
    [minute, ...out, '--from', '5:00', '--to', '5:00'],
    ['--from', '1:00', ...out],
    ['--from', '2026-11-22T15:00:00Z', '--to', '5:00', ...out],
    ['--from', '2026-11-22T15:00:00Z', '--to', '2026-11-22T14:00:00Z', ...out],
    [minute, ...out, '--annotator', '../../etc'],
  ]) {
    const { status, err } = await report(...words);
    assert.equal(status, 2, words.join(' '));
    assert.match(err, /^E_USAGE: [^\n]*$/);
  }
});

test('what cannot be reported is one clear line with its code', async () => {
  const noRecord = at('no-record.txt');
  writeFileSync(noRecord, Uint8Array.from([0, 1, 2, 255]));
  const out = ['--out', at('b.json')];
  for (const [words, line] of [
    [['no-such', ...out], /^E_RECORD_NOT_FOUND: .*no-such/],
    [[noRecord, ...out], /^E_RECORD_KIND: .*no-record/],
    [[folder, ...out], /^E_RECORD_NOT_FOUND: .* is a folder/],
    [[minute, '--annotator', 'xyz', ...out], /^E_RECORD_READ: there are no annotations .*minute\.xyz/],
    [[minute, '--from', '2:00', ...out], /^E_PIECE: the recording ends at 1:00, before 2:00/],
    [[minute, '--from', '2026-11-22T15:00:00Z', ...out], /^E_REPORT_TIME: the record does not say/],
    [
      ['--from', '2020-01-01T00:00:00Z', '--to', '2020-01-02T00:00:00Z', ...out],
      /^E_RECORDING_TIME: nothing/,
    ],
    [[minute, '--annotator', 'atr', '--out', '/nowhere/b.json'], /^E_OUT: \/nowhere\/b\.json/],
    [[minute, '--annotator', 'atr', '--out', '/proc/b.json'], /^E_OUT: \/proc\/b\.json/],
  ] as const) {
    const { status, err } = await report(...words);
    assert.notEqual(status, 0, words.join(' '));
    assert.match(err, line);
    assert.doesNotMatch(err, /\n.*E_| {4}at /);
  }
});

test('a full disk: one line, and the report that was there before stays', needsMount(), async (t) => {
  const disk = SmallDisk.mount(at('disk'), 200);
  assert.ok(disk !== null);
  t.after(() => disk.unmount());
  const out = join(disk.folder, 'report.pdf');
  writeFileSync(out, 'before');
  disk.fillUpTo(0);
  const { status, err } = await report(minute, '--annotator', 'atr', '--out', out);
  assert.equal(status, 1);
  assert.match(err, /^E_OUT: .*report\.pdf cannot be written \(ENOSPC/);
  assert.equal(readFileSync(out, 'utf8'), 'before');
});

test('no beats, one sample, all of it unreadable: unknown is null in JSON and words on paper', async () => {
  const still = make('still', { seconds: 20, beats: '', value: () => 0 });
  const one = make('one', { seconds: 1 / RATE_HZ, beats: null });
  const unreadable = make('unreadable', {
    seconds: 30,
    beats: '',
    extra: [{ second: 0, mnemonic: '~', subtype: 0x33, aux: 'II off' }],
  });
  for (const [record, annotator] of [
    [still, true],
    [still, false],
    [one, false],
    [unreadable, true],
  ] as const) {
    const words = annotator ? [record, '--annotator', 'atr'] : [record];
    const told = await jsonOf(...words);
    assert.equal(told.beats.total, 0);
    assert.deepEqual(Object.values(told.beats.by_class), [null, null, null, null, null]);
    assert.equal(told.ventricular, null);
    assert.equal(told.rates.mean_bpm, null);
    for (const kind of ['html', 'pdf']) {
      const out = at(`empty.${kind}`);
      const { status, err } = await report(...words, '--out', out);
      assert.equal(status, 0, err);
      assert.match(readFileSync(out, 'latin1'), kind === 'pdf' ? /^%PDF-1\.4/ : /not known/);
    }
  }
  assert.equal((await jsonOf(unreadable, '--annotator', 'atr')).readable_share, 0);
});

test('without an annotator a record is analysed, and without models its classes are not known', async () => {
  const told = await jsonOf(minute);
  assert.equal(told.records[0].labels, 'analysis');
  assert.ok(told.beats.total > 50, String(told.beats.total));
  assert.equal(told.ventricular, null);
  assert.equal(told.model, null);
  assert.ok(Array.isArray(told.alarms));
  const named = await jsonOf(minute, '--annotator', 'atr');
  assert.deepEqual([named.beats.total, named.beats.by_class.V, named.alarms], [50, 0, null]);
});

test('--from and --to cut what is counted; several records are one report, placed by their time', async () => {
  const cut = await jsonOf(minute, '--annotator', 'atr', '--from', '0:10', '--to', '0:20');
  assert.deepEqual([cut.duration_s, cut.beats.total], [10, 10]);
  const strung = await jsonOf(minute, minute, '--annotator', 'atr');
  assert.deepEqual([strung.strung_together, strung.duration_s, strung.beats.total], [true, 120, 100]);
  const first = make('first', { seconds: 60, beats: 'NNVVN', start: ['08:00:00', '22/11/2026'] });
  const second = make('second', { seconds: 60, beats: 'NVVVN', start: ['08:02:00', '22/11/2026'] });
  const timed = await jsonOf(second, first, '--annotator', 'atr');
  assert.deepEqual([timed.strung_together, timed.duration_s, timed.recorded_s], [false, 180, 120]);
  assert.equal(timed.start_ms, Date.UTC(2026, 10, 22, 8));
  assert.deepEqual([timed.ventricular.couplets, timed.ventricular.runs], [1, 1]);
  const moment = await jsonOf(first, second, '--annotator', 'atr', '--from', '2026-11-22T08:01:30Z');
  assert.deepEqual([moment.duration_s, moment.beats.total], [60, 5]);
});

test("the daemon's own recordings by time, with its labels and its alarms", async () => {
  const own = at('own');
  mkdirSync(own);
  const comments = [' recorded by rhythmd 0.1.0, device rhythmd-1; times are UTC'];
  for (const [name, start, beats] of [
    ['20261122_080000', '08:00:00', 'NNNNVNN'],
    ['20261122_080100', '08:01:00', 'NNSN'],
  ] as const) {
    make(name, { seconds: 60, beats, start: [start, '22/11/2026'], comments });
    for (const end of ['hea', 'dat', 'atr']) copyFileSync(at(`${name}.${end}`), join(own, `${name}.${end}`));
  }
  const startMs = Date.UTC(2026, 10, 22, 8);
  const alert = { topic: 'alert', id: 'a', kind: 'couplet', priority: 'low', start_t_ms: startMs + 5000 };
  writeFileSync(
    join(own, 'alerts_20261122.jsonl'),
    `${[
      { ...alert, phase: 'start', t_ms: startMs + 6000 },
      { ...alert, phase: 'end', t_ms: startMs + 9000 },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('')}{"topic":"alert","id`,
  );
  const out = at('own.json');
  const { status, err } = await runCommand(
    ['report', '--from', '2026-11-22T08:00:00Z', '--to', '2026-11-22T09:00:00Z', '--out', out],
    { ...NO_MODELS, RHYTHMD_RECORDER_FOLDER: own },
  );
  assert.equal(status, 0, err);
  const told = JSON.parse(readFileSync(out, 'utf8'));
  assert.deepEqual(
    told.records.map(({ labels }: { labels: string }) => labels),
    ['recording', 'recording'],
  );
  assert.deepEqual([told.beats.by_class.V, told.beats.by_class.S], [1, 1]);
  assert.deepEqual(told.alarms, [{ kind: 'couplet', priority: 'low', count: 1, longest_s: 4 }]);
  assert.equal(told.atrial_fibrillation.burden, 0);
  assert.deepEqual(told.corrected, { beats: 0, seen: 0, by: [] });

  // What a person corrected counts, and the report says so.
  const correction = {
    id: 'c',
    t_ms: 1,
    by: 'B. Vee',
    action: 'relabel',
    rhythm: null,
    label: 'V',
    note: null,
  };
  writeFileSync(
    join(own, '20261122_080000.rev.jsonl'),
    `${JSON.stringify({ ...correction, beats: [360, 720, 5 * 360] })}\n`,
  );
  const page = at('own.html');
  const words = ['report', '--from', '2026-11-22T08:00:00Z', '--out'];
  for (const path of [out, page]) {
    assert.equal(
      (await runCommand([...words, path], { ...NO_MODELS, RHYTHMD_RECORDER_FOLDER: own })).status,
      0,
    );
  }
  const after = JSON.parse(readFileSync(out, 'utf8'));
  assert.deepEqual([after.beats.by_class.V, after.ventricular.couplets], [3, 1]);
  assert.deepEqual(after.corrected, { beats: 2, seen: 3, by: ['B. Vee'] });
  assert.match(
    readFileSync(page, 'utf8'),
    /2 of 3 beats looked at, by B\. Vee; all counts are of the corrected labels/,
  );
});

test(
  'on paper: title, notice, counts, strips; markup of a hostile header stays text',
  needsRecord('208'),
  async () => {
    const out = at('208.html');
    const { status, err } = await report(findRecord('208')!, '--annotator', 'atr', '--out', out);
    assert.equal(status, 0, err);
    const page = readFileSync(out, 'utf8');
    for (const words of [
      /not a medical device/,
      /Ventricular<\/td><td>992 and 373 F</,
      /longest ventricular run/,
      /25 mm\/s {2}10 mm\/mV/,
    ]) {
      assert.match(page, words);
    }
    const hostile = make('hostile', {
      seconds: 20,
      beats: 'NNNVNNNN',
      extra: [{ second: 3, mnemonic: '"', aux: '<script>x</script>' }],
    });
    const hostileOut = at('hostile.html');
    assert.equal((await report(hostile, '--annotator', 'atr', '--out', hostileOut)).status, 0);
    assert.doesNotMatch(readFileSync(hostileOut, 'utf8'), /<script|NaN|undefined/);
  },
);
