/** What verbs that read records have in common: where they are looked up, and which part is meant. */
import { loadConfig } from '../config/load.ts';
import { configuredPath } from '../config/paths.ts';
import { isMoment, recordingAt } from '../export/recording-at.ts';
import { parseClockTime } from '../score/clock-time.ts';
import { refuseUsage } from './arguments.ts';

/** The configured record folders, then our own recordings. */
export function recordFoldersOf(configPath: string | undefined, environment: NodeJS.ProcessEnv): string[] {
  const { records, recorder } = loadConfig(configPath, environment);
  return [...records.folders, recorder.folder]
    .filter((folder) => folder !== '')
    .map((folder) => configuredPath(folder, environment));
}

export interface SpanArguments {
  readonly from?: string;
  readonly seconds: string;
  readonly config?: string;
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
  positionals: readonly string[],
  { from, seconds, config }: SpanArguments,
  environment: NodeJS.ProcessEnv,
  usage: string,
): Span {
  const [record, ...others] = positionals;
  if (record === undefined || others.length > 0) return refuseUsage('one record, please', usage);
  const length = seconds === 'all' ? null : parseClockTime(seconds);
  if (length === 0 || (length === null && seconds !== 'all')) {
    return refuseUsage(`--seconds ${seconds} is no duration`, usage);
  }
  const folders = recordFoldersOf(config, environment);
  if (isMoment(record)) {
    if (from !== undefined) return refuseUsage(`--from and ${record} both say when`, usage);
    const { recorder } = loadConfig(config, environment);
    const { path, fromS } = recordingAt(record, configuredPath(recorder.folder, environment));
    return { record: path, fromS, seconds: length, folders };
  }
  const fromS = parseClockTime(from ?? '0:00');
  if (fromS === null) return refuseUsage(`--from ${from} is no time such as 5:00`, usage);
  return { record, fromS, seconds: length, folders };
}
