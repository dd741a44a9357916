/** `rhythmd score`: annotations against the reference's, by ANSI/AAMI EC57. */
import { writeFileSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { DS1_RECORDS, DS2_RECORDS, MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import { parseClockTime } from '../score/clock-time.ts';
import { scoreFiles } from '../score/score-files.ts';
import { scoreJson } from '../score/score-json.ts';
import { scorePage } from '../score/score-page.ts';
import { scoreText } from '../score/score-text.ts';
import { MAX_STRIPS_PER_RECORD } from '../score/wrong-beats.ts';
import { COMMANDS } from './commands.ts';
import { recordFoldersOf, warnOnce } from './record-arguments.ts';

/** Names that stand for several records. */
const SETS: Readonly<Record<string, readonly string[]>> = {
  mitdb: MITDB_RECORDS,
  ds1: DS1_RECORDS,
  ds2: DS2_RECORDS,
};

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS.score, io.err);
  const records = operands.flatMap((name) => SETS[name] ?? [name]);
  const fromS = parseClockTime(values.from);
  if (fromS === null) refuseUsage(`--from ${values.from} is no time such as 5:00`);
  const strips = values.strips ?? MAX_STRIPS_PER_RECORD;
  const report = scoreFiles({
    records,
    reference: values.reference,
    test: values.test,
    testFolder: values['test-dir'] ?? null,
    fromS,
    folders: recordFoldersOf(values.config, io.environment),
    warn: warnOnce(io),
  });
  if (values.html !== undefined) writePage(values.html, scorePage(report, strips));
  io.out(values.json ? JSON.stringify(scoreJson(report)) : scoreText(report));
  return EXIT_DONE;
}

function writePage(path: string, page: string): void {
  try {
    writeFileSync(path, page);
  } catch (cause) {
    throw new RhythmdError(
      'E_SCORE_PAGE',
      `${path} cannot be written: ${(cause as Error).message}`,
      'Name a file in a folder that exists and is writable',
      { cause },
    );
  }
}
