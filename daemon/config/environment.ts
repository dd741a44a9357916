/** Environment variables over the file: RHYTHMD_<SECTION>_<KEY>, each read as its key's kind says. */
import { delimiter } from 'node:path';
import type { KeyFacts } from './keys.ts';
import { type KeyEntry, keys, sections } from './walk.ts';

export type Table = Record<string, Record<string, unknown>>;

/** The file's values with those of the environment laid over; `problems` gains names that mean nothing. */
export function overlayEnvironment(table: Table, environment: NodeJS.ProcessEnv, problems: string[]): Table {
  const result: Table = { ...table };
  for (const entry of keys()) {
    const raw = environment[entry.environmentName];
    if (raw === undefined) continue;
    result[entry.section] = { ...result[entry.section], [entry.key]: readValue(raw, entry.facts) };
  }
  problems.push(...unknownNames(environment));
  return result;
}

/** What cannot be read stays text, and the schema refuses it with the allowed range. */
function readValue(raw: string, facts: KeyFacts): unknown {
  switch (facts.kind) {
    case 'integer':
    case 'number':
      return raw.trim() !== '' && Number.isFinite(Number(raw)) ? Number(raw) : raw;
    case 'flag':
      if (raw === 'true' || raw === '1') return true;
      return raw === 'false' || raw === '0' ? false : raw;
    case 'list':
      return raw === '' ? [] : raw.split(delimiter);
    default:
      return raw;
  }
}

/** A misspelt variable would otherwise be ignored in silence. */
function unknownNames(environment: NodeJS.ProcessEnv): string[] {
  const known = new Set(keys().map((entry: KeyEntry) => entry.environmentName));
  const prefixes = sections().map((section) => `RHYTHMD_${section.name.toUpperCase()}_`);
  return Object.keys(environment)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)) && !known.has(name))
    .map((name) => `environment variable ${name}: no such key`);
}
