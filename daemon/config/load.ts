/** Reads the configuration: file, environment, schema; every problem at once. */
import { delimiter } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { readToml } from '@rhythmd/records/toml-file.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import { nearest } from '@rhythmd/shell/nearest.ts';
import * as v from 'valibot';
import { redactCredentials } from '../redact.ts';
import { overlayEnvironment, type Table } from './environment.ts';
import { type Config, configSchema } from './schema.ts';
import { keys, sections } from './walk.ts';

/** Used when no `--config` is given. */
export function defaultConfigPath(): string {
  return fromInstallation('config/default.toml');
}

/**
 * @param path a TOML file; keys it leaves out have their defaults
 * @throws E_CONFIG_FILE the file cannot be read; E_CONFIG_SYNTAX it is not TOML;
 *   E_CONFIG_INVALID with every problem, its path and the allowed range
 */
export function loadConfig(path = defaultConfigPath(), environment: NodeJS.ProcessEnv = process.env): Config {
  return checkConfig(readToml(path), environment, path);
}

/** The same for a table already read. `origin` names it in errors. */
export function checkConfig(table: unknown, environment: NodeJS.ProcessEnv, origin: string): Config {
  const problems: string[] = [];
  const overlaid = overlayEnvironment(withEverySection(table as Table), environment, problems);
  const result = v.safeParse(configSchema, overlaid);
  if (result.issues) problems.push(...result.issues.map((issue) => problemOf(issue, environment)));
  if (result.success && problems.length === 0) return result.output;
  throw new RhythmdError(
    'E_CONFIG_INVALID',
    `${origin}: ${problems.join('; ')}`,
    '`rhythmd config schema` lists every key.',
  );
}

/** A section left out of the file still has its keys' defaults. */
function withEverySection(table: Table): Table {
  const empty = Object.fromEntries(sections().map((section) => [section.name, {}]));
  return { ...empty, ...table };
}

function problemOf(issue: v.BaseIssue<unknown>, environment: NodeJS.ProcessEnv): string {
  const path = (issue.path ?? []).map((item) => String(item.key));
  const dotted = path.join('.');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const guess = nearest(dotted, path.length > 1 ? keyPaths() : sections().map((section) => section.name));
    return `${dotted}: no such key${guess === null ? '' : `, did you mean ${guess}?`}`;
  }
  if (issue.type === 'strict_object')
    return `${dotted}: is ${shown(issue.input)}, must be a table [${dotted}]`;
  const entry = keys().find(
    (candidate) => `${candidate.section}.${candidate.key}` === path.slice(0, 2).join('.'),
  );
  const name = entry && environment[entry.environmentName] !== undefined ? entry.environmentName : dotted;
  const value = entry?.facts.secret ? 'what it is' : shown(issue.input);
  const separated = name !== dotted && entry?.facts.kind === 'list' ? `, separated by "${delimiter}"` : '';
  return `${name}: is ${value}, must be ${issue.message}${separated}`;
}

const keyPaths = (): string[] => keys().map((entry) => `${entry.section}.${entry.key}`);

/** The longest value worth repeating in an error line. */
const SHOWN_CHARACTERS = 60;

function shown(value: unknown): string {
  const text = redactCredentials(JSON.stringify(value) ?? String(value));
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}
