import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readJournal } from '@rhythmd/daemon/corrections/journal.ts';
import { readReviewed } from '@rhythmd/daemon/corrections/reviewed.ts';
import { RequestGateway } from '@rhythmd/daemon/requests/gateway.ts';
import { reviewRoutes } from '@rhythmd/daemon/web/review/review-routes.ts';
import { ReviewShelf } from '@rhythmd/daemon/web/review/review-shelf.ts';
import { findRoute } from '@rhythmd/daemon/web/route.ts';
import type { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type Annotation, formatAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { codeOf, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotationFile } from '@rhythmd/records/read-annotations.ts';
import { ask } from '../../support/gateway.ts';
import { needsMount } from '../../support/needs.ts';
import { SmallDisk } from '../../support/small-disk.ts';

const RATE_HZ = 100;
const START_MS = Date.UTC(2026, 0, 15, 9, 0);
const NAME = '20260115_090000';
const SPAN = { from_ms: START_MS, to_ms: START_MS + 60_000 };
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A minute: narrow beats N each second, every fifth a wide one called V; a rhythm from 30 s to 40 s. */
function record(folder = mkdtempSync(join(tmpdir(), 'rhythmd-corrections-'))): string {
  folders.push(folder);
  const path = join(folder, NAME);
  const isWide = (second: number) => second % 5 === 4;
  const samples = Int16Array.from({ length: 60 * RATE_HZ }, (_, i) => {
    const second = Math.round(i / RATE_HZ);
    const away = Math.abs(i - second * RATE_HZ);
    if (second === 0) return 0;
    return isWide(second) ? Math.max(0, 900 - away * 60) : away < 3 ? 1000 - away * 300 : 0;
  });
  writeFileSync(
    `${path}.hea`,
    `${NAME} 1 ${RATE_HZ} ${samples.length} 09:00:00 15/01/2026\n${NAME}.dat 16 1000(0)/mV 16 0 0 0 0 II\n`,
  );
  writeFileSync(`${path}.dat`, new Uint8Array(samples.buffer));
  const seconds = Array.from({ length: 59 }, (_, i) => i + 1);
  write(path, [
    ...seconds.map((second) => mark(second, isWide(second) ? 'V' : 'N')),
    mark(30, '+', '(AFIB'),
    mark(40, '+', '(N'),
  ]);
  return path;
}

function mark(second: number, mnemonic: string, aux: string | null = null): Annotation {
  return { sample: second * RATE_HZ, code: codeOf(mnemonic)!, subtype: 0, channel: 0, num: 0, aux };
}

function write(path: string, annotations: Annotation[]): void {
  const ordered = annotations.sort((a, b) => a.sample - b.sample || b.code - a.code);
  writeFileSync(`${path}.atr`, formatAnnotations(ordered));
}

function open(path: string) {
  const folder = join(path, '..');
  const shelf = new ReviewShelf(folder);
  const gateway = new RequestGateway();
  gateway.register(shelf.corrections.handlers);
  const routes = reviewRoutes(folder, 'a test', shelf);
  const get = async (what: string, span = SPAN) => {
    const found = findRoute(routes, `/api/review/${what}`)!;
    const query = new URLSearchParams({ from_ms: String(span.from_ms), to_ms: String(span.to_ms) });
    return JSON.parse(String((await found.route.answer({ params: {}, query })).body));
  };
  const templates = async () =>
    (await get('templates')).templates as { id: string; label: string; count: number; seen: boolean }[];
  return {
    shelf,
    get,
    templates,
    correct: (body: object) =>
      ask(gateway, 'review.correct', { ...SPAN, ...body }) as Promise<{
        id: string;
        revision: number;
        beats: number;
      }>,
    undo: (body: object = {}) =>
      ask(gateway, 'review.undo', { ...SPAN, ...body }) as Promise<{ id: string; revision: number }>,
    refused: (body: object, code: string) =>
      assert.rejects(ask(gateway, 'review.correct', { ...SPAN, ...body }), { code }),
  };
}

const letters = (annotations: readonly Annotation[]) =>
  annotations.map(({ code }) => mnemonicOf(code)).join('');

test('what cannot be corrected is refused, and nothing is written', async () => {
  const path = record();
  const { refused, undo, templates } = open(path);
  const [first] = await templates();
  const v = { action: 'relabel', label: 'V' };
  await refused({ ...v }, 'E_REQUEST_BODY');
  await refused({ ...v, template: first!.id, beat_t_ms: START_MS }, 'E_REQUEST_BODY');
  await refused({ ...v, template: 'Nffffffff' }, 'E_REVIEW_TARGET');
  await refused({ ...v, beat_t_ms: START_MS + 1500 }, 'E_REVIEW_TARGET');
  await refused({ ...v, beat_t_ms: START_MS - 90_000 }, 'E_REVIEW_TARGET');
  await refused({ action: 'confirm', rhythm_t_ms: START_MS + 31_000 }, 'E_REVIEW_TARGET');
  await refused({ action: 'relabel', template: first!.id }, 'E_REQUEST_BODY');
  await refused({ action: 'relabel', label: 'AFIB', template: first!.id }, 'E_REQUEST_BODY');
  await refused({ action: 'relabel', label: 'V', rhythm_t_ms: START_MS + 30_000 }, 'E_REQUEST_BODY');
  await refused({ ...v, template: first!.id, label: 'X' }, 'E_REQUEST_BODY');
  await refused({ ...v, template: first!.id, by: 'a\nb' }, 'E_REQUEST_BODY');
  await refused({ ...v, template: first!.id, note: 'x'.repeat(201) }, 'E_REQUEST_BODY');
  await refused({ ...v, template: first!.id, to_ms: START_MS }, 'E_REVIEW_QUERY');
  await assert.rejects(undo(), { code: 'E_REVIEW_UNDO' });
  assert.equal(existsSync(`${path}.rev.jsonl`) || existsSync(`${path}.rev`), false);
});

test("a template's whole class, one beat, a rhythm; counts follow, the recording's own annotations stay, undo brings back", async () => {
  const path = record();
  const before = readFileSync(`${path}.atr`);
  const { correct, undo, get, templates } = open(path);
  const shown = await templates();
  assert.deepEqual(
    shown.map(({ label, count, seen }) => [label, count, seen]),
    [
      ['N', 47, false],
      ['V', 12, false],
    ],
  );
  const wide = shown.find(({ label }) => label === 'V')!;
  const done = await correct({
    action: 'relabel',
    label: 'S',
    template: wide.id,
    by: ' B. Vee ',
    note: 'aberrant',
  });
  assert.deepEqual([done.beats, done.revision], [12, 1]);
  assert.deepEqual((await get('trend')).counts.S, [12]);
  assert.deepEqual((await get('trend')).counts.V, [0]);
  assert.deepEqual(
    (await templates()).map(({ label, count, seen }) => [label, count, seen]),
    [
      ['N', 47, false],
      ['S', 12, true],
    ],
  );
  await correct({ action: 'reject', beat_t_ms: START_MS + 7000.04 });
  await correct({ action: 'relabel', label: 'AFL', rhythm_t_ms: START_MS + 30_000 });
  const rev = readAnnotationFile(`${path}.rev`);
  assert.deepEqual(rev, readReviewed(path).annotations);
  assert.match(letters(rev), /^NNNS"NN\|NSNN|NNNS/);
  assert.deepEqual(
    rev.filter(({ aux }) => aux !== null).map(({ aux }) => aux),
    ['aberrant', '(AFL', '(N'],
  );
  assert.deepEqual(readFileSync(`${path}.atr`), before);
  const { corrections, revision } = await get('corrections');
  assert.equal(revision, 3);
  const told = corrections.map(({ action, beats, by, in_force }: Record<string, unknown>) => [
    action,
    beats,
    by,
    in_force,
  ]);
  for (const expected of [
    ['relabel', 0, null, true],
    ['reject', 1, null, true],
    ['relabel', 12, 'B. Vee', true],
  ]) {
    assert.ok(
      told.some((each: unknown) => JSON.stringify(each) === JSON.stringify(expected)),
      JSON.stringify(told),
    );
  }
  for (let i = 0; i < 3; i++) await undo();
  assert.deepEqual(readReviewed(path).annotations, readAnnotationFile(`${path}.atr`));
  assert.deepEqual((await get('trend')).counts.V, [12]);
  assert.equal(readFileSync(`${path}.rev.jsonl`, 'utf8').trim().split('\n').length, 6);
});

test('two pages: who has not seen the correction of the other is refused, and then shown it', async () => {
  const { correct, refused, templates, undo } = open(record());
  const [narrow, wide] = await templates();
  const first = await correct({ action: 'confirm', template: narrow!.id, revision: 0 });
  assert.equal(first.revision, 1);
  await refused({ action: 'relabel', label: 'F', template: wide!.id, revision: 0 }, 'E_REVIEW_CHANGED');
  const second = await correct({ action: 'relabel', label: 'F', template: wide!.id, revision: 1 });
  assert.equal(second.revision, 2);
  await assert.rejects(undo({ revision: 1 }), { code: 'E_REVIEW_CHANGED' });
  assert.equal((await undo({ id: first.id })).id, first.id);
  assert.deepEqual(
    (await templates()).map(({ label, seen }) => [label, seen]),
    [
      ['N', false],
      ['F', true],
    ],
  );
});

test('killed between journal and annotations, or inside a line: the next start makes what is missing', async () => {
  const path = record();
  const { correct, templates } = open(path);
  const wide = (await templates()).find(({ label }) => label === 'V')!;
  await correct({ action: 'relabel', label: 'S', template: wide.id });
  const good = readFileSync(`${path}.rev`);
  rmSync(`${path}.rev`);
  appendFileSync(`${path}.rev.jsonl`, '{"id":"cut","t_ms":1,"beats":[10');
  open(path).shelf.corrections.mend();
  assert.deepEqual(readFileSync(`${path}.rev`), good);
  // And one that comes after the cut line is whole.
  const again = open(path);
  assert.equal((await again.correct({ action: 'reject', beat_t_ms: START_MS + 1000 })).revision, 2);
  assert.equal(readReviewed(path).seen.size, 13);
  utimesSync(`${path}.rev`, 1, 1);
  open(path).shelf.corrections.mend();
  assert.deepEqual(readAnnotationFile(`${path}.rev`), readReviewed(path).annotations);
});

test('a journal is read again when somebody else has written into it, and only then', async () => {
  const path = record();
  const { correct } = open(path);
  await correct({ action: 'reject', beat_t_ms: START_MS + 1000 });
  const once = readJournal(path);
  assert.equal(readJournal(path), once, 'as it was parsed');
  await correct({ action: 'reject', beat_t_ms: START_MS + 2000 });
  assert.equal(readJournal(path).length, 2);
  const line = {
    id: 'other',
    t_ms: 1,
    by: null,
    action: 'reject',
    beats: [300],
    rhythm: null,
    label: null,
    note: null,
  };
  appendFileSync(`${path}.rev.jsonl`, `${JSON.stringify(line)}\n`);
  assert.deepEqual(readJournal(path).at(-1), line);
  assert.equal(readReviewed(path).changed.size, 3);
  const cut = readFileSync(`${path}.rev.jsonl`, 'utf8').split('\n').slice(0, 1);
  writeFileSync(`${path}.rev.jsonl`, `${cut.join('')}\n`);
  assert.equal(readJournal(path).length, 1);
});

test('hundreds of corrections of whole classes: each is in force, in the file too, and the last one wins', async () => {
  const path = record();
  const { correct, templates, get } = open(path);
  for (let i = 0; i < 120; i++) {
    const groups = await templates();
    await correct({
      action: 'relabel',
      label: i % 2 === 0 ? 'S' : 'F',
      template: groups[i % groups.length]!.id,
    });
  }
  assert.equal(readJournal(path).length, 120);
  assert.deepEqual(readAnnotationFile(`${path}.rev`), readReviewed(path).annotations);
  const { counts } = await get('trend');
  assert.equal(counts.S![0]! + (counts.F?.[0] ?? 59 - counts.S![0]!), 59);
});

test('notes and names are words: what nobody sees is refused in words, markup is text', async () => {
  const path = record();
  const { correct } = open(path);
  for (const note of ['a\nb', '\u0000', '\u202ereversed', '   ', '"}\n{"undo":"x","t_ms":1}']) {
    await assert.rejects(
      correct({ action: 'reject', beat_t_ms: START_MS + 1000, note }),
      (error: RhythmdError) => {
        assert.equal(error.code, 'E_REQUEST_BODY');
        assert.match(error.message, /note: must be words/);
        return true;
      },
    );
  }
  await correct({
    action: 'reject',
    beat_t_ms: START_MS + 1000,
    note: '</script><b>"; DROP',
    by: '<img src=x>',
  });
  const [line] = readJournal(path);
  assert.ok(line !== undefined && 'note' in line);
  assert.deepEqual([line.note, line.by], ['</script><b>"; DROP', '<img src=x>']);
  assert.equal(readJournal(path).length, 1);
});

test('a recording that is still being written: what was corrected stays, what comes is as the model says', async () => {
  const path = record();
  const all = readAnnotationFile(`${path}.atr`);
  write(
    path,
    all.filter(({ sample }) => sample < 2000),
  );
  const { correct, templates } = open(path);
  const wide = (await templates()).find(({ label }) => label === 'V')!;
  await correct({ action: 'relabel', label: 'S', template: wide.id });
  write(path, [...all]);
  const later = open(path);
  later.shelf.corrections.mend();
  assert.deepEqual([(await later.get('trend')).counts.S, (await later.get('trend')).counts.V], [[4], [8]]);
  assert.deepEqual(readAnnotationFile(`${path}.rev`), readReviewed(path).annotations);
});

test(
  'a full disk: the correction is refused and not in force, and the journal is as it was',
  needsMount(),
  async (t) => {
    const disk = SmallDisk.mount(join(mkdtempSync(join(tmpdir(), 'rhythmd-full-')), 'disk'), 256);
    assert.ok(disk !== null);
    t.after(() => disk.unmount());
    const path = record(disk.folder);
    const { correct, refused, templates } = open(path);
    const [narrow, wide] = await templates();
    await correct({ action: 'relabel', label: 'S', template: wide!.id });
    const before = readFileSync(`${path}.rev.jsonl`);
    disk.fillUpTo(0);
    for (let i = 0; i < 30; i++) {
      const outcome = await correct({ action: 'confirm', template: narrow!.id }).then(
        () => 'kept',
        ({ code }: { code: string }) => code,
      );
      if (outcome !== 'kept') break;
    }
    await refused({ action: 'confirm', template: narrow!.id }, 'E_REVIEW_WRITE');
    const held = readFileSync(`${path}.rev.jsonl`, 'utf8');
    assert.ok(held.startsWith(before.toString()) && held.endsWith('}\n'));
    disk.free();
    assert.ok((await correct({ action: 'confirm', template: narrow!.id })).beats > 0);
  },
);
