/** The schema as a list: what documentation, environment variables and masks are made from. */
import * as v from 'valibot';
import type { KeyFacts } from './keys.ts';
import { configSchema } from './schema.ts';

export interface KeyEntry {
  readonly section: string;
  readonly key: string;
  readonly facts: KeyFacts;
  readonly fallback: unknown;
  /** The environment variable that wins over the file. */
  readonly environmentName: string;
}

export interface SectionEntry {
  readonly name: string;
  readonly doc: string;
  readonly keys: readonly KeyEntry[];
}

/** RHYTHMD_<SECTION>_<KEY>. */
function environmentName(section: string, key: string): string {
  return `RHYTHMD_${section}_${key}`.toUpperCase();
}

/** Every section with its keys, in the order of the schema. */
export function sections(): SectionEntry[] {
  return Object.entries(configSchema.entries).map(([name, schema]) => ({
    name,
    doc: String(v.getMetadata(schema).doc),
    keys: Object.entries(schema.entries).map(([key, entry]) => ({
      section: name,
      key,
      facts: v.getMetadata(entry) as KeyFacts,
      fallback: v.getDefault(entry),
      environmentName: environmentName(name, key),
    })),
  }));
}

/** Every key of every section. */
export function keys(): KeyEntry[] {
  return sections().flatMap((section) => section.keys);
}
