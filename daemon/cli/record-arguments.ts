/** What verbs that read records have in common: where they are looked up, and which part is meant. */
import { loadConfig } from '../config/load.ts';
import { configuredPath } from '../config/paths.ts';
import { parseClockTime } from '../score/clock-time.ts';
import { refuseUsage } from './arguments.ts';

/** The configured record folders, then our own recordings. */
export function recordFoldersOf(configPath: string | undefined, environment: NodeJS.ProcessEnv): string[] {
  const { records, recorder } = loadConfig(configPath, environment);
  return [...records.folders, recorder.folder]
    .filter((folder) => folder !== '')
    .map((folder) => configuredPath(folder, environment));
}

/** @param seconds `all`: to the end. @throws E_USAGE */
export function readSpan(
  from: string,
  seconds: string,
  usage: string,
): { fromS: number; seconds: number | null } {
  const fromS = parseClockTime(from);
  if (fromS === null) return refuseUsage(`--from ${from} is no time such as 5:00`, usage);
  if (seconds === 'all') return { fromS, seconds: null };
  const length = parseClockTime(seconds);
  if (length === null || length === 0) return refuseUsage(`--seconds ${seconds} is no duration`, usage);
  return { fromS, seconds: length };
}
