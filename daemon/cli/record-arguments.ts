/** What verbs that read records have in common: where they are looked up, and which part is meant. */
import type { CsvOptions } from '@rhythmd/records/csv-reader.ts';
import type { Warn } from '@rhythmd/records/record-reader.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import { loadConfig } from '../config/load.ts';
import { configuredPath } from '../config/paths.ts';
import { isMoment, recordingAt } from '../export/recording-at.ts';
import { parseClockTime } from '../score/clock-time.ts';

/** The configured record folders, then our own recordings. */
export function recordFoldersOf(configPath: string | undefined, environment: NodeJS.ProcessEnv): string[] {
  const { records, recorder } = loadConfig(configPath, environment);
  return [...records.folders, recorder.folder]
    .filter((folder) => folder !== '')
    .map((folder) => configuredPath(folder, environment));
}

/** What the command line says of a CSV file. */
export function csvOptions(values: {
  readonly rate: number | undefined;
  readonly unit: string | undefined;
}): CsvOptions {
  return { rateHz: values.rate ?? null, unit: values.unit ?? null };
}

/** What can be read all the same, but not without a word: each warning once, on the line for errors. */
export function warnOnce(io: CommandIo): Warn {
  const said = new Set<string>();
  return (warning) => {
    if (said.has(warning)) return;
    said.add(warning);
    io.err(`warning: ${warning}`);
  };
}

export interface SpanArguments {
  readonly from: string | undefined;
  readonly seconds: string;
  readonly config: string | undefined;
}

export interface Span {
  readonly record: string;
  readonly fromS: number;
  /** null: to the end. */
  readonly seconds: number | null;
  readonly folders: readonly string[];
}

/**
 * Which part of which record. The record may be a moment (`2026-11-22T15:20:10Z`): then it is the recording that holds it,
 * from there on.
 * @param seconds `all`: to the end
 * @throws E_USAGE, E_RECORDING_TIME
 */
export function readSpan(
  record: string,
  { from, seconds, config }: SpanArguments,
  environment: NodeJS.ProcessEnv,
): Span {
  const length = seconds === 'all' ? null : parseClockTime(seconds);
  if (length === 0 || (length === null && seconds !== 'all')) {
    return refuseUsage(`--seconds ${seconds} is no duration`);
  }
  const folders = recordFoldersOf(config, environment);
  if (isMoment(record)) {
    if (from !== undefined) return refuseUsage(`--from and ${record} both say when`);
    const { recorder } = loadConfig(config, environment);
    const { path, fromS } = recordingAt(record, configuredPath(recorder.folder, environment));
    return { record: path, fromS, seconds: length, folders };
  }
  const fromS = parseClockTime(from ?? '0:00');
  if (fromS === null) return refuseUsage(`--from ${from} is no time such as 5:00`);
  return { record, fromS, seconds: length, folders };
}
