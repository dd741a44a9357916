/**
 * The kinds of configuration keys. Each is a valibot schema that carries its own facts (unit, range, reason),
 * from which the documentation, the JSON Schema and the environment variables are made.
 */
import * as v from 'valibot';

export type KeyKind = 'integer' | 'number' | 'text' | 'flag' | 'choice' | 'list';

export interface KeyFacts extends Record<string, unknown> {
  readonly kind: KeyKind;
  /** What it means and why the default is what it is; one or more sentences. */
  readonly doc: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly options?: readonly string[];
  /** In words, where a pattern restricts a text. */
  readonly allowed?: string;
  /** Never printed. */
  readonly secret?: boolean;
}

interface NumberFacts {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  readonly doc: string;
}

interface TextFacts {
  readonly default: string;
  readonly doc: string;
  readonly pattern?: RegExp;
  /** The pattern in words. */
  readonly allowed?: string;
  readonly secret?: boolean;
}

/** A range in words, as documentation and errors state it. */
export function allowedValues(facts: KeyFacts): string {
  const unit = facts.unit ? ` ${facts.unit}` : '';
  switch (facts.kind) {
    case 'integer':
      return `a whole number from ${facts.min} to ${facts.max}${unit}`;
    case 'number':
      return `a number from ${facts.min} to ${facts.max}${unit}`;
    case 'flag':
      return 'true or false';
    case 'choice':
      return `one of ${facts.options?.join(', ')}`;
    case 'list':
      if (facts.options) return `a list of any of ${facts.options.join(', ')}`;
      return `a list of ${facts.allowed ?? 'texts'}`;
    case 'text':
      return facts.allowed ?? 'a text';
  }
}

function numberKey(kind: 'integer' | 'number', { default: fallback, ...limits }: NumberFacts) {
  const facts: KeyFacts = { kind, ...limits };
  const allowed = (value: number) =>
    value >= limits.min && value <= limits.max && (kind === 'number' || Number.isInteger(value));
  const wrong = allowedValues(facts);
  const schema = v.pipe(v.number(wrong), v.check(allowed, wrong));
  return v.pipe(v.optional(schema, fallback), v.metadata(facts));
}

/** A whole number within a range. */
export const integer = (facts: NumberFacts) => numberKey('integer', facts);

/** A number within a range. */
export const number = (facts: NumberFacts) => numberKey('number', facts);

/** A text; the empty one means "none" wherever that makes sense. */
export function text({ default: fallback, pattern = /^/, ...rest }: TextFacts) {
  const facts: KeyFacts = { kind: 'text', ...rest };
  const wrong = allowedValues(facts);
  return v.pipe(v.optional(v.pipe(v.string(wrong), v.regex(pattern, wrong)), fallback), v.metadata(facts));
}

/** On or off. */
export function flag({ default: fallback, doc }: { readonly default: boolean; readonly doc: string }) {
  const facts: KeyFacts = { kind: 'flag', doc };
  return v.pipe(v.optional(v.boolean(allowedValues(facts)), fallback), v.metadata(facts));
}

/** One of a few words. */
export function choice<const O extends readonly [string, ...string[]]>(
  options: O,
  { default: fallback, doc }: { readonly default: O[number]; readonly doc: string },
) {
  const facts: KeyFacts = { kind: 'choice', doc, options };
  return v.pipe(v.optional(v.picklist(options, allowedValues(facts)), fallback), v.metadata(facts));
}

interface ListFacts {
  readonly default: readonly string[];
  readonly doc: string;
  /** All that an element may be. */
  readonly options?: readonly string[];
  /** Or what it must look like, and the same in words. */
  readonly pattern?: RegExp;
  readonly allowed?: string;
}

/** Several texts; in the environment separated as in PATH. Each element is checked: one that means nothing is a mistake. */
export function list({ default: fallback, pattern = /^[^,]+$/, ...rest }: ListFacts) {
  const facts: KeyFacts = { kind: 'list', ...rest };
  const wrong = allowedValues(facts);
  const isAllowed = (element: string) => rest.options?.includes(element) ?? pattern.test(element);
  const schema = v.array(v.pipe(v.string(wrong), v.check(isAllowed, wrong)), wrong);
  return v.pipe(
    v.optional(schema, () => [...fallback]),
    v.metadata(facts),
  );
}

/** A named group of keys. */
export function section<E extends v.ObjectEntries>(doc: string, entries: E) {
  return v.pipe(v.strictObject(entries), v.metadata({ doc }));
}
