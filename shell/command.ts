/**
 * What a program can be told, as data: a table of commands, each with its operands and options. From it come the usage
 * line, the help, the reading of arguments (arguments.ts) and the list of the public surface that a test keeps.
 */

interface Described {
  /** A line of help; what needs none has none. */
  readonly help?: string;
  /** What the option was called until the last release: still understood, with a notice. */
  readonly former?: string;
  /** Between our own programs: understood, not shown. */
  readonly hidden?: true;
}

export interface Flag extends Described {
  readonly kind: 'flag';
}

export interface Text extends Described {
  readonly kind: 'text';
  /** What stands for the value in the usage: `FILE`. */
  readonly value: string;
  readonly default?: string;
  readonly required?: true;
}

export interface Numeric extends Described {
  readonly kind: 'number';
  readonly value: string;
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
  readonly default?: number;
}

export interface Choice extends Described {
  readonly kind: 'choice';
  readonly of: readonly string[];
  /** Stands for the value in the usage where the list is long. */
  readonly value?: string;
  readonly default?: string;
  readonly required?: true;
  /** Words of the last release -> those of today: understood, with a notice. */
  readonly formerly?: Readonly<Record<string, string>>;
}

/** May be given several times; the values in order. */
export interface Texts extends Described {
  readonly kind: 'texts';
  readonly value: string;
  readonly required?: true;
}

export type Option = Flag | Text | Texts | Numeric | Choice;
export type Options = Readonly<Record<string, Option>>;

export interface Operands {
  /** As the usage says it: `RECORD`. */
  readonly name: string;
  readonly least: number;
  /** Infinity: any number. */
  readonly most: number;
}

export interface Command {
  /** A sentence. */
  readonly summary: string;
  /** Absent: it takes none. */
  readonly operands?: Operands;
  readonly options: Options;
  /** After the options: `< PASSWORD`. */
  readonly afterwards?: string;
  /** The same command where its first words ask for something else, with other options: `train --net rhythmnet`. */
  readonly variants?: Readonly<Record<string, Command>>;
}

export type Commands = Readonly<Record<string, Command>>;

/** `score RECORD... [--reference atr] [--json]` */
export function usageOf(name: string, { operands, options, afterwards }: Command): string {
  const shown = Object.entries(options).filter(([, option]) => option.hidden !== true);
  const words = shown.map(([key, option]) => optionUsage(key, option));
  return [name, operands && operandUsage(operands), ...words, afterwards].filter(Boolean).join(' ');
}

/** Usage, what the command does, and a line for each option that needs one. */
export function helpOf(program: string, name: string, command: Command): string {
  const rows = Object.entries(command.options).filter(
    ([, { help, hidden }]) => help !== undefined && hidden !== true,
  );
  const heads = rows.map(([key, option]) => optionHead(key, option));
  const width = Math.max(0, ...heads.map(({ length }) => length));
  const lines = rows.map(([, { help }], i) => `  ${heads[i]!.padEnd(width)}  ${help}`);
  const variants = Object.entries(command.variants ?? {}).map(([words, variant]) =>
    helpOf(program, `${name} ${words}`, variant),
  );
  return [`${program} ${usageOf(name, command)}\n${command.summary}`, ...lines, ...variants].join('\n');
}

/** What stands for an option's value; null for one that has none. */
export function valueName(option: Option): string | null {
  if (option.kind === 'flag') return null;
  if (option.kind === 'choice') return option.value ?? option.of.join('|');
  return option.value;
}

function optionHead(key: string, option: Option): string {
  const value = valueName(option);
  return value === null ? `--${key}` : `--${key} ${value}`;
}

function optionUsage(key: string, option: Option): string {
  if (option.kind === 'flag') return `[--${key}]`;
  const head = optionHead(key, option);
  const again = option.kind === 'texts' ? ` [${head}]...` : '';
  if ('required' in option && option.required === true) return head + again;
  if (option.kind === 'texts') return `[${head}]...`;
  return `[--${key} ${option.default ?? valueName(option)}]`;
}

function operandUsage({ name, least, most }: Operands): string {
  const repeated = most > 1 ? `${name}...` : name;
  return least === 0 ? `[${repeated}]` : repeated;
}
