/**
 * Fault scripts, TOML or JSON:
 *
 *   [[fault]]
 *   kind = "drop"     # see `fault-kinds.ts`
 *   at = 60           # seconds of the stream
 *   for = 10
 *   every = 300       # again every five minutes; without it: once
 *   share = 0.002     # the kind's own parameters
 */
import { readFileSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { parse } from 'smol-toml';
import { FAULT_KINDS, type Fault, type FaultKind, type Parameter } from './fault-kinds.ts';

const TIMES = ['kind', 'at', 'for', 'every'];

/** @throws E_FAULTS naming the file, the entry and the key */
export function readFaultScript(path: string): Fault[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new RhythmdError('E_FAULTS', `${path} cannot be read: ${(cause as Error).message}`, '', { cause });
  }
  return parseFaultScript(text, path);
}

/** @throws E_FAULTS */
export function parseFaultScript(text: string, name: string): Fault[] {
  let document: unknown;
  try {
    document = text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text);
  } catch (cause) {
    throw new RhythmdError('E_FAULTS', `${name}: ${(cause as Error).message.split('\n')[0]}`, '', { cause });
  }
  const entries = isTable(document) ? document.fault : undefined;
  if (!Array.isArray(entries)) {
    throw new RhythmdError('E_FAULTS', `${name}: no list "fault"`, 'Begin each fault with [[fault]]');
  }
  return entries.map((entry, index) => readFault(entry, `${name}: fault ${index + 1}`));
}

function readFault(entry: unknown, where: string): Fault {
  if (!isTable(entry)) throw refusal(where, 'is no table');
  const kind = entry.kind;
  if (typeof kind !== 'string' || !(kind in FAULT_KINDS)) {
    throw refusal(where, `kind ${JSON.stringify(kind)} is none of ${Object.keys(FAULT_KINDS).join(', ')}`);
  }
  const at = `${where} (${kind})`;
  const known: Record<string, Parameter> = FAULT_KINDS[kind as FaultKind].parameters;
  for (const key of Object.keys(entry)) {
    if (!TIMES.includes(key) && !(key in known)) throw refusal(at, `there is no "${key}"`);
  }
  const parameters = Object.fromEntries(
    Object.entries(known).map(([key, parameter]) => [
      key,
      readParameter(entry[key], parameter, `${at} ${key}`),
    ]),
  );
  const forS = seconds(entry.for, 'for', at, Number.POSITIVE_INFINITY);
  const everyS = entry.every === undefined ? null : seconds(entry.every, 'every', at, 0);
  if (everyS !== null && everyS <= forS) throw refusal(at, 'every has to be longer than for');
  return { kind: kind as FaultKind, atS: seconds(entry.at, 'at', at, 0), forS, everyS, parameters };
}

function readParameter(value: unknown, parameter: Parameter, where: string): number | string {
  if (value === undefined) return parameter.default;
  if (parameter.options !== undefined) {
    if (typeof value === 'string' && parameter.options.includes(value)) return value;
    throw refusal(where, `is none of ${parameter.options.join(', ')}`);
  }
  const { min = 0, max = Number.POSITIVE_INFINITY } = parameter;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw refusal(where, `${min} to ${max} is allowed`);
}

function seconds(value: unknown, key: string, where: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && value >= 0) return value;
  throw refusal(`${where} ${key}`, 'a number of seconds is needed');
}

function refusal(where: string, why: string): RhythmdError {
  return new RhythmdError('E_FAULTS', `${where}: ${why}`, 'docs/simulator.md lists kinds and parameters');
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
