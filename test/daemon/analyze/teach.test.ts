/** `analyze --teach`: what an annotator says of the doubtful beats, or a list of them, moves the verdicts of one record. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { AnalysisSummary } from '@rhythmd/daemon/analyze/summary.ts';
import { runCommand } from '../../support/command.ts';
import { needsRecord } from '../../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-teach-'));
after(() => rmSync(folder, { recursive: true }));
const environment = { RHYTHMD_MODEL_RHYTHM_PATH: '' };

/** The first six minutes of record 232, with its reference. */
async function piece(): Promise<string> {
  const path = join(folder, 'piece');
  const cut = ['strip', '232', '--out', path, '--from', '0:00', '--seconds', '360'];
  const { status, err } = await runCommand(cut, environment);
  assert.equal(status, 0, err);
  return path;
}

async function analyze(record: string, ...words: string[]): Promise<AnalysisSummary> {
  const { status, out, err } = await runCommand(
    ['analyze', record, '--out', folder, '--json', ...words],
    environment,
  );
  assert.equal(status, 0, err);
  return (JSON.parse(out) as { records: AnalysisSummary[] }).records[0]!;
}

function list(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

test(
  'a reference answers for the doubtful beats, a list says the same, doubt teaches nothing',
  needsRecord('232'),
  async () => {
    const record = await piece();
    const untaught = await analyze(record);
    assert.equal(untaught.taught, null);
    const taught = await analyze(record, '--teach', 'atr');
    const { beats } = taught.taught!;
    assert.equal(beats.length, 12);
    assert.ok(beats.every(({ sample }) => sample < 300 * 360));
    assert.notDeepEqual(taught.byLabel, untaught.byLabel);
    assert.equal(taught.beats, untaught.beats);
    const lines = (answer?: string) => beats.map((beat) => `${beat.sample},${answer ?? beat.answer}`);
    const listed = await analyze(record, '--teach', list('piece.csv', 'sample,answer', ...lines()));
    assert.deepEqual(listed.byLabel, taught.byLabel);
    const unsure = await analyze(record, '--teach', list('unsure.csv', ...lines('unsure')));
    assert.deepEqual(unsure.byLabel, untaught.byLabel);
  },
);

test(
  'bad lists, missing files and models of other classes are refused in words',
  needsRecord('100'),
  async () => {
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['--teach', join(folder, 'none.csv')], /^E_TEACH_FILE: .*there is no such file/],
      [['--teach', '../none.atr'], /^E_TEACH_FILE: there is no file \.\.\/none\.atr/],
      [
        ['--teach', list('word.csv', '77,X')],
        /^E_TEACH_FILE: .*line 1: "X" is no answer.*N, S, V, no-beat, unsure/,
      ],
      [['--teach', list('sample.csv', '-1,N')], /^E_TEACH_FILE: .*line 1: "-1" is no sample/],
      [['--teach', list('empty.csv', '# nothing')], /^E_TEACH_FILE: .*names no beat/],
      [
        ['--teach', list('many.csv', ...Array.from({ length: 49 }, (_, i) => `${i},N`))],
        /^E_TEACH_FILE: .*more than 48/,
      ],
      [['--teach', list('between.csv', '200,N')], /^E_TEACH_FILE: .*no beat is found at sample 200 of 100/],
      [['--teach', 'atr', '--model', 'models/beatnet'], /^E_TEACH_MODEL: beatnet@.* names N V F \/ f other/],
      [['--teach', 'atr', '--model', ''], /^E_TEACH_MODEL: no model names the beats/],
    ];
    for (const [words, expected] of cases) {
      const { status, err } = await runCommand(['analyze', '100', '--out', folder, ...words], environment);
      assert.notEqual(status, 0, words.join(' '));
      assert.match(err, expected);
    }
  },
);
