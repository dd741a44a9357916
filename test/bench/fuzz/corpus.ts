/**
 * What is kept of a target from run to run: the inputs that reached something new, and how many cases were tried, so
 * that the next run goes on there. One text file a target: a line of JSON, then an input a line in base64.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CORPUS = fileURLToPath(new URL('corpus/', import.meta.url));
const FOUND = fileURLToPath(new URL('found/', import.meta.url));
/** Of a target; the oldest stay. */
export const MAX_KEPT = 150;
/** Larger ones are tried and forgotten. */
export const MAX_KEPT_BYTES = 1024;

export interface Corpus {
  cases: number;
  readonly inputs: Uint8Array[];
}

export function readCorpus(target: string): Corpus {
  const path = join(CORPUS, `${target}.txt`);
  if (!existsSync(path)) return { cases: 0, inputs: [] };
  const [head = '{}', ...lines] = readFileSync(path, 'latin1').trimEnd().split('\n');
  const { cases = 0 } = JSON.parse(head) as { cases?: number };
  return { cases, inputs: lines.map((line) => new Uint8Array(Buffer.from(line, 'base64'))) };
}

export function writeCorpus(target: string, { cases, inputs }: Corpus): void {
  mkdirSync(CORPUS, { recursive: true });
  const lines = inputs.slice(0, MAX_KEPT).map((input) => Buffer.from(input).toString('base64'));
  writeFileSync(join(CORPUS, `${target}.txt`), `${[JSON.stringify({ cases }), ...lines].join('\n')}\n`);
}

/** What broke a target once: a fixture from then on. @returns the file's name */
export function keepFound(target: string, input: Uint8Array): string {
  mkdirSync(FOUND, { recursive: true });
  const name = `${target}-${createHash('sha256').update(input).digest('hex').slice(0, 8)}.bin`;
  writeFileSync(join(FOUND, name), input);
  return name;
}

export function foundInputs(): {
  readonly target: string;
  readonly name: string;
  readonly input: Uint8Array;
}[] {
  if (!existsSync(FOUND)) return [];
  return readdirSync(FOUND)
    .filter((name) => name.endsWith('.bin'))
    .map((name) => ({
      target: name.slice(0, name.lastIndexOf('-')),
      name,
      input: new Uint8Array(readFileSync(join(FOUND, name))),
    }));
}
