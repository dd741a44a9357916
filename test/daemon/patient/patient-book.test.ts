import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type AskedBeat, PatientBook } from '@rhythmd/daemon/patient/patient-book.ts';
import { type KeptPatient, readPatient } from '@rhythmd/daemon/patient/patient-file.ts';
import { StateFile } from '@rhythmd/daemon/state-file.ts';
import { emptyLook } from '@rhythmd/ecg/teaching/beat-look.ts';
import { needsMount } from '../../support/needs.ts';
import { SmallDisk } from '../../support/small-disk.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-patient-'));
after(() => rmSync(folder, { recursive: true }));

const SCENE = { model: 'net@1+abcdef', lead: 'MLII' };
const beat = (id: string, oddsS = 0.1): AskedBeat & { readonly answer: 'N' } => ({
  id,
  sample: 100,
  t_ms: 5,
  answer: 'N',
  look: { ...emptyLook(), oddsS, before: -0.3 },
});

function bookOf(path: string, about: Partial<ConstructorParameters<typeof PatientBook>[0]> = {}) {
  const failures: unknown[] = [];
  const file = new StateFile<KeptPatient>(path, (error) => failures.push(error));
  return { book: new PatientBook({ paced: 'auto', nowMs: () => 7, source: null, file, ...about }), failures };
}

test('a lesson outlives a restart, for nobody else on the machine, and judges as before', async () => {
  const path = join(folder, 'state', 'patient.json');
  const { book } = bookOf(path);
  await book.begin('bed 3');
  await book.teach([beat('a'), beat('b', 0.7)], SCENE, 'night nurse');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const { book: again } = bookOf(path, { kept: await readPatient(path) });
  assert.deepEqual(again.facts(SCENE), book.facts(SCENE));
  const facts = again.facts(SCENE);
  assert.equal(facts.label, 'bed 3');
  assert.deepEqual([facts.taught?.beats, facts.taught?.by, facts.taught?.in_force], [2, 'night nurse', true]);
  const judged = [book, again].map((one) => {
    const probabilities = Float32Array.of(0.4, 0.6, 0, 0, 0, 0, 0, 0);
    one.inForce(SCENE)!.lesson.amend(beat('x').look, probabilities);
    return probabilities;
  });
  assert.deepEqual(judged[0], judged[1]);
  assert.ok(judged[0]![0]! > 0.6);
});

test('it holds for one model, one lead, one patient, and until it is undone', async () => {
  const path = join(folder, 'one.json');
  const { book } = bookOf(path, { source: '222' });
  await book.teach([beat('a')], SCENE, null);
  assert.equal(book.inForce({ ...SCENE, lead: 'V1' }), null);
  assert.equal(book.inForce({ ...SCENE, model: 'net@1+000000' }), null);
  assert.equal(book.facts({ ...SCENE, lead: 'V1' }).taught?.in_force, false);
  const kept = await readPatient(path);
  assert.equal(bookOf(path, { source: '100', kept }).book.facts(SCENE).taught, null);
  assert.notEqual(bookOf(path, { source: '222', kept }).book.facts(SCENE).taught, null);
  await book.forget();
  assert.equal((await readPatient(path))?.lesson, null);
  await assert.rejects(book.forget(), { code: 'E_TEACH_NONE' });
  await book.teach([beat('a')], SCENE, null);
  await book.begin(null);
  assert.equal(book.inForce(SCENE), null);
  assert.equal((await readPatient(path))?.lesson, null);
});

test('of changes that come at once the last is kept', async () => {
  const path = join(folder, 'race.json');
  const { book } = bookOf(path);
  await Promise.all([
    book.teach([beat('a')], SCENE, 'first'),
    book.teach([beat('b')], SCENE, 'second'),
    book.begin('next'),
    book.teach([beat('c')], SCENE, 'third'),
  ]);
  assert.equal((await readPatient(path))?.lesson?.by, 'third');
  assert.equal((await readPatient(path))?.label, 'next');
  await Promise.all([book.teach([beat('d')], SCENE, null), book.begin(null)]);
  assert.equal((await readPatient(path))?.lesson, null);
});

test('what cannot be kept holds until the next start, and says so', async () => {
  const blocked = join(folder, 'blocked');
  writeFileSync(blocked, '');
  const { book, failures } = bookOf(join(blocked, 'patient.json'));
  await book.teach([beat('a')], SCENE, null);
  assert.equal(book.facts(SCENE).taught?.kept, false);
  assert.equal(book.facts(SCENE).taught?.in_force, true);
  assert.equal(failures.length, 1);
});

test('a lesson that is undone on a full disk does not come back', needsMount(), async (t) => {
  const disk = SmallDisk.mount(join(folder, 'disk'), 64)!;
  t.after(() => disk.unmount());
  const path = join(disk.folder, 'patient.json');
  const { book } = bookOf(path);
  await book.teach([beat('a')], SCENE, null);
  assert.notEqual((await readPatient(path))?.lesson, null);
  disk.fillUpTo(0);
  await book.forget();
  assert.equal(await readPatient(path), null);
});

test('a file that is damaged, too long or of another form is refused in words, one that is not there is nobody', async () => {
  assert.equal(await readPatient(join(folder, 'none.json')), null);
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{"v":1', /JSON/],
    ['[]', /v: .*lesson: /],
    ['{"v":2,"label":null,"since_ms":0,"source":null,"lesson":null}', /v: /],
    [`{"v":1,"label":"${'x'.repeat(300)}","since_ms":0,"source":null,"lesson":null}`, /label: /],
    ['x'.repeat(2 << 20), /too long/],
  ];
  for (const [text, expected] of cases) {
    const path = join(folder, 'bad.json');
    writeFileSync(path, text);
    await assert.rejects(readPatient(path), expected);
  }
  // Whoever opens it waits for its other end.
  execFileSync('mkfifo', [join(folder, 'fifo.json')]);
  await assert.rejects(readPatient(join(folder, 'fifo.json')), /no regular file/);
  mkdirSync(join(folder, 'folder.json'));
  await assert.rejects(readPatient(join(folder, 'folder.json')));
  assert.ok(readFileSync(join(folder, 'bad.json')).length > 0);
});
