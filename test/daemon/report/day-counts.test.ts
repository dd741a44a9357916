/** The report of a day made of many records, as `npm run reports` makes it, counts what `score` counts on the same annotations. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../../support/command.ts';
import { needsRecord } from '../../support/needs.ts';

/** Fibrillation, flutter, couplets, runs, and every class. */
const DAY = ['100', '207', '208', '222', '233'];
const NO_MODELS = { RHYTHMD_MODEL_PATH: '', RHYTHMD_MODEL_RHYTHM_PATH: '' };
/** Flutter without a beat that could be counted is a long run for EC57; the report tells it by itself. */
const FLUTTER_OF_207 = 5;

interface Found {
  readonly found: number;
}
interface Runs {
  readonly couplets: Found;
  readonly short: Found;
  readonly long: Found;
}
interface Scored {
  readonly record: string;
  readonly matrix: readonly (readonly number[])[];
  readonly runs: { readonly ventricular: Runs };
}

test('classes, couplets and runs of the day are the sums of its records', needsRecord(...DAY), async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-day-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const out = join(folder, 'day.json');
  const made = await runCommand(['report', ...DAY, '--annotator', 'atr', '--out', out], NO_MODELS);
  assert.equal(made.status, 0, made.err);
  const scored = await runCommand(['score', ...DAY, '--test', 'atr', '--from', '0:00', '--json']);
  assert.equal(scored.status, 0, scored.err);
  const day = JSON.parse(readFileSync(out, 'utf8'));
  const { records } = JSON.parse(scored.out) as { records: readonly Scored[] };
  assert.deepEqual(
    records.map(({ record }) => record),
    DAY,
  );
  const sum = (count: (scored: Scored) => number) => records.reduce((all, one) => all + count(one), 0);
  for (const [i, name] of ['N', 'S', 'V', 'F', 'Q'].entries()) {
    assert.equal(
      day.beats.by_class[name],
      sum(({ matrix }) => matrix[i]![i]!),
      name,
    );
  }
  assert.equal(
    day.beats.total,
    sum(({ matrix }) => [0, 1, 2, 3, 4].reduce((all, i) => all + matrix[i]![i]!, 0)),
  );
  assert.equal(
    day.ventricular.couplets,
    sum(({ runs }) => runs.ventricular.couplets.found),
  );
  assert.equal(
    day.ventricular.runs + FLUTTER_OF_207,
    sum(({ runs: { ventricular } }) => ventricular.short.found + ventricular.long.found),
  );
  const hours = day.hours as readonly { readonly ventricular: { readonly beats: number } | null }[];
  assert.equal(
    hours.reduce((all, { ventricular }) => all + (ventricular?.beats ?? 0), 0),
    day.ventricular.beats,
    'the table by the hour holds all of them',
  );
});
