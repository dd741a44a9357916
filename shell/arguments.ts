/** Arguments as a command's table has them: what is not there, or out of its range, is refused in the same words everywhere. */
import { parseArgs } from 'node:util';
import { type Command, type Numeric, type Option, type Options, valueName } from './command.ts';
import { nearest } from './nearest.ts';
import { refuseUsage } from './usage-error.ts';

type Given<O> = O extends { readonly kind: 'flag' }
  ? boolean
  : O extends { readonly kind: 'number' }
    ? number
    : O extends { readonly kind: 'texts' }
      ? readonly string[]
      : O extends { readonly kind: 'choice'; readonly of: readonly (infer Word)[] }
        ? Word
        : string;
type Always = { readonly required: true } | { readonly default: string | number } | { readonly kind: 'flag' };
/** Options by name; undefined: not given, and there is no default. */
export type Values<T extends Options> = {
  readonly [K in keyof T]: T[K] extends Always ? Given<T[K]> : Given<T[K]> | undefined;
};

export interface Arguments<T extends Options> {
  readonly values: Values<T>;
  readonly operands: string[];
}

/**
 * @param notice is told of old words that were understood
 * @throws UsageError
 */
export function readArguments<const T extends Options>(
  args: readonly string[],
  command: Omit<Command, 'options'> & { readonly options: T },
  notice: (line: string) => void = console.error,
): Arguments<T> {
  const { values, positionals } = parse(args, command.options);
  checkOperands(positionals, command);
  for (const [key, { former }] of Object.entries(command.options)) {
    if (former === undefined || values[former] === undefined) continue;
    notice(`--${former} is called --${key} now; the old word goes with the next release`);
    values[key] ??= values[former];
  }
  const read = Object.entries(command.options).map(([key, option]) => [
    key,
    readValue(key, option, values[key], notice),
  ]);
  return { values: Object.fromEntries(read) as Values<T>, operands: positionals };
}

type Raw = Record<string, string | boolean | readonly string[] | undefined>;

function parse(args: readonly string[], options: Options): { values: Raw; positionals: string[] } {
  const table: Record<string, { type: 'boolean' | 'string'; multiple?: boolean }> = {};
  for (const [key, { kind, former }] of Object.entries(options)) {
    const type = kind === 'flag' ? 'boolean' : 'string';
    table[key] = { type, multiple: kind === 'texts' };
    if (former !== undefined) table[former] = { type };
  }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: table, allowPositionals: true });
    return { values: { ...values } as Raw, positionals };
  } catch (cause) {
    return refuseUsage(reasonOf(cause as Error, options));
  }
}

function reasonOf({ message }: Error, options: Options): string {
  const unknown = /^Unknown option '(-[^']*)'/.exec(message)?.[1];
  if (unknown === undefined) return message.split('. ')[0] ?? message;
  const guess = nearest(unknown.replace(/^-+/, ''), Object.keys(options));
  return `no option ${unknown}${guess === null ? '' : `, did you mean --${guess}?`}`;
}

function readValue(
  key: string,
  option: Option,
  raw: Raw[string],
  notice: (line: string) => void,
): string | number | boolean | readonly string[] | undefined {
  if (option.kind === 'flag') return raw === true;
  if (raw === undefined) {
    if ('required' in option && option.required === true) {
      refuseUsage(
        option.kind === 'choice' ? oneOf(key, option.of) : `--${key} ${valueName(option)} is missing`,
      );
    }
    return option.kind === 'texts' ? undefined : option.default;
  }
  if (option.kind === 'texts') return raw as readonly string[];
  const text = String(raw);
  if (option.kind === 'number') return numberOf(key, option, text);
  if (option.kind === 'text') return text;
  const today = option.formerly?.[text];
  if (today !== undefined) {
    notice(`--${key} ${text} is called ${today} now; the old word goes with the next release`);
  }
  const word = today ?? text;
  return option.of.includes(word) ? word : refuseUsage(`${oneOf(key, option.of)}, not ${text}`);
}

function oneOf(key: string, words: readonly string[]): string {
  return `--${key} is one of ${words.join(', ')}`;
}

function numberOf(key: string, { min, max, whole }: Numeric, text: string): number {
  const value = Number(text);
  const isGood = text.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value));
  if (isGood) return value;
  const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
  return refuseUsage(`--${key} is a ${whole ? 'whole ' : ''}number ${range}, not "${text}"`);
}

function checkOperands(given: readonly string[], { operands }: Command): void {
  if (operands === undefined) {
    if (given.length > 0) refuseUsage(`nothing is known of ${given[0]}`);
    return;
  }
  const { name, least, most } = operands;
  if (given.length < least) refuseUsage(`${name} is missing`);
  if (given.length > most)
    refuseUsage(`${most === 1 ? `one ${name}` : `at most ${most}`}, not ${given.join(' ')}`);
}
