/**
 * docs/public-surface.txt: every name that scripts, dashboards and other programs may rely on, a line each. A change of the
 * contract is a change of this file, which whoever reviews it sees.
 */

import { RHYTHMD } from '@rhythmd/daemon/cli/rhythmd.ts';
import { allowedValues } from '@rhythmd/daemon/config/keys.ts';
import { keys } from '@rhythmd/daemon/config/walk.ts';
import { SIMULATOR } from '@rhythmd/firmware-sim/simulator.ts';
import { REQUESTS } from '@rhythmd/protocol/request-table.ts';
import { type FieldRow, fieldRows } from '@rhythmd/protocol/schema-fields.ts';
import { TOPICS } from '@rhythmd/protocol/topic-table.ts';
import { recordsProgram } from '@rhythmd/records/records.ts';
import { type Command, type Option, valueName } from '@rhythmd/shell/command.ts';
import type { Program } from '@rhythmd/shell/program.ts';
import { TRAINER } from '@rhythmd/trainer/cli/trainer.ts';

export function publicSurface(): string {
  return `${[
    'Made by `npm run docs`. What other programs rely on: a name that goes or changes here needs a notice for one release.',
    ...section(
      'MQTT topics below ecg/<device>/ (QoS, retained, fields)',
      Object.values(TOPICS).flatMap(topicLines),
    ),
    ...section('Requests (MQTT and WebSocket)', Object.entries(REQUESTS).flatMap(requestLines)),
    ...section('Commands', [RHYTHMD, SIMULATOR, recordsProgram(), TRAINER].flatMap(programLines)),
    ...section('Configuration (key, environment variable, default, what is allowed)', keys().map(keyLine)),
  ].join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return ['', `# ${title}`, ...lines];
}

function topicLines({ path, qos, retained, schema }: (typeof TOPICS)[keyof typeof TOPICS]): string[] {
  const head = `topic ${path} qos ${qos}${retained ? ' retained' : ''}`;
  return [head, ...(schema === null ? [] : fieldRows(schema).map((row) => fieldLine(path, row)))];
}

function requestLines([verb, { schema, answer }]: [
  string,
  (typeof REQUESTS)[keyof typeof REQUESTS],
]): string[] {
  return [
    `request ${verb}`,
    ...fieldRows(schema).map((row) => fieldLine(`request ${verb}`, row)),
    ...fieldRows(answer).map((row) => fieldLine(`answer ${verb}`, row)),
  ];
}

function fieldLine(of: string, { path, type, unit }: FieldRow): string {
  return `  ${of} ${path}: ${type}${unit === '' ? '' : ` [${unit}]`}`;
}

function programLines({ name, commands }: Program): string[] {
  return Object.entries(commands).flatMap(([verb, command]) => commandLines(`${name} ${verb}`, command));
}

function commandLines(name: string, { operands, options, variants }: Command): string[] {
  return [
    `command ${name}${operands === undefined ? '' : ` ${operands.name}{${operands.least},${operands.most}}`}`,
    ...Object.entries(options).map(([key, option]) => `  ${name} ${optionLine(key, option)}`),
    ...Object.entries(variants ?? {}).flatMap(([words, variant]) =>
      commandLines(`${name} ${words}`, variant),
    ),
  ];
}

function optionLine(key: string, option: Option): string {
  const value = valueName(option);
  const fallback = 'default' in option && option.default !== undefined ? ` (${option.default})` : '';
  const isRequired = 'required' in option && option.required === true;
  const words = option.kind === 'choice' && option.value !== undefined ? ` ${option.of.join('|')}` : '';
  const former = option.former === undefined ? '' : `, formerly --${option.former}`;
  return `--${key}${value === null ? '' : ` ${value}`}${words}${fallback}${option.kind === 'texts' ? ' repeated' : ''}${isRequired ? ' required' : ''}${former}`;
}

function keyLine({
  section: table,
  key,
  environmentName,
  fallback,
  facts,
}: ReturnType<typeof keys>[number]): string {
  return `key ${table}.${key} ${environmentName} = ${JSON.stringify(fallback)}: ${allowedValues(facts)}`;
}
