/** The schema in words: the commented default file, and JSON Schema for editors. */
import { stringify } from 'smol-toml';
import { redactCredentials } from '../redact.ts';
import { allowedValues, type KeyFacts } from './keys.ts';
import type { Config } from './schema.ts';
import { type KeyEntry, sections } from './walk.ts';

const COMMENT_WIDTH = 100;

/** Generated files say so, and how. */
const HEADER = [
  '# Every key with its unit, range and reason. Generated from daemon/config/schema.ts by `npm run config`:',
  '# change the schema, or copy this file and give the copy to `rhythmd run --config FILE`.',
  '# Each key is also an environment variable, which wins over the file; lists are written there as in PATH,',
  '# separated by a colon (a semicolon on Windows). Relative paths start at the',
  '# installation folder (the one that holds config/ and models/).',
];

/** `config/default.toml`. */
export function documentedToml(): string {
  const lines = [...HEADER];
  for (const section of sections()) {
    lines.push('', ...comment(section.doc), `[${section.name}]`);
    for (const entry of section.keys) lines.push(...documentedKey(entry), '');
    lines.pop();
  }
  return `${lines.join('\n')}\n`;
}

function documentedKey({ key, facts, fallback, environmentName }: KeyEntry): string[] {
  const value = stringify({ [key]: fallback }).trimEnd();
  return [...comment(facts.doc), ...comment(`Allowed: ${allowedValues(facts)}. ${environmentName}`), value];
}

function comment(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > COMMENT_WIDTH && line !== '#') {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** JSON Schema, draft 2020-12. */
export function jsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'rhythmd configuration',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      sections().map((section) => [
        section.name,
        {
          type: 'object',
          description: section.doc,
          additionalProperties: false,
          properties: Object.fromEntries(section.keys.map((entry) => [entry.key, keySchema(entry)])),
        },
      ]),
    ),
  };
}

function keySchema({ facts, fallback, environmentName }: KeyEntry): Record<string, unknown> {
  const unit = facts.unit ? ` Unit: ${facts.unit}.` : '';
  const description = `${facts.doc}${unit} Environment: ${environmentName}.`;
  return { description, default: fallback, ...typeOf(facts) };
}

function typeOf(facts: KeyFacts): Record<string, unknown> {
  switch (facts.kind) {
    case 'integer':
    case 'number':
      return { type: facts.kind, minimum: facts.min, maximum: facts.max };
    case 'flag':
      return { type: 'boolean' };
    case 'choice':
      return { enum: facts.options };
    case 'list':
      return {
        type: 'array',
        items: { type: 'string', ...(facts.options ? { enum: facts.options } : {}) },
      };
    case 'text':
      return { type: 'string' };
  }
}

/** The effective values as TOML; secrets are masked. */
export function effectiveToml(config: Config): string {
  const masked = Object.fromEntries(
    sections().map((section) => {
      const values = config[section.name as keyof Config] as Record<string, unknown>;
      const pairs = section.keys.map(({ key, facts }) => [
        key,
        facts.secret && values[key] !== '' ? '***' : withoutCredentials(values[key]),
      ]);
      return [section.name, Object.fromEntries(pairs)];
    }),
  );
  return stringify(masked);
}

/** A URL may hold a password too. */
function withoutCredentials(value: unknown): unknown {
  return typeof value === 'string' ? redactCredentials(value) : value;
}
