/** `rhythmd score`: annotations against the reference's, by ANSI/AAMI EC57. */
import { writeFileSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { DS1_RECORDS, DS2_RECORDS, MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { parseClockTime } from '../score/clock-time.ts';
import { scoreFiles } from '../score/score-files.ts';
import { scoreJson } from '../score/score-json.ts';
import { scorePage } from '../score/score-page.ts';
import { scoreText } from '../score/score-text.ts';
import { MAX_STRIPS_PER_RECORD } from '../score/wrong-beats.ts';
import { readArguments, refuseUsage } from './arguments.ts';
import { EXIT_DONE } from './exit-status.ts';
import type { CommandIo } from './io.ts';
import { recordFoldersOf, warnOnce } from './record-arguments.ts';

const USAGE =
  'score RECORD|mitdb|ds1|ds2... [--reference atr] [--test rhy] [--test-dir DIR] [--from 5:00] [--json] [--html FILE [--strips N]] [--config FILE]';

/** Names that stand for several records. */
const SETS: Readonly<Record<string, readonly string[]>> = {
  mitdb: MITDB_RECORDS,
  ds1: DS1_RECORDS,
  ds2: DS2_RECORDS,
};

const OPTIONS = {
  reference: { type: 'string', default: 'atr' },
  test: { type: 'string', default: 'rhy' },
  'test-dir': { type: 'string' },
  from: { type: 'string', default: '5:00' },
  json: { type: 'boolean', default: false },
  config: { type: 'string' },
  html: { type: 'string' },
  strips: { type: 'string', default: String(MAX_STRIPS_PER_RECORD) },
} as const;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, USAGE);
  const records = positionals.flatMap((name) => SETS[name] ?? [name]);
  if (records.length === 0) refuseUsage('which records?', USAGE);
  const fromS = parseClockTime(values.from);
  if (fromS === null) refuseUsage(`--from ${values.from} is no time such as 5:00`, USAGE);
  const strips = Number(values.strips);
  if (!Number.isInteger(strips) || strips < 1) refuseUsage(`--strips ${values.strips} is no number`, USAGE);
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
