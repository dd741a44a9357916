/**
 * A fleet in one small file: the devices, the people and programs that look at them, and the brokers between. Whatever is wrong is one
 * line each, all at once; nothing is made of a file that has a mistake.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { DEFAULT_BASE, TOPIC_LEVEL } from '@rhythmd/protocol/topics.ts';
import { readToml } from '@rhythmd/records/toml-file.ts';
import * as v from 'valibot';
import { ADDRESSES, addressesIn } from '../sink/mqtt/broker-addresses.ts';
import { expandRange } from './expand-range.ts';
import { ROLES, type Role } from './roles.ts';

export interface FleetDevice {
  readonly id: string;
  /** What people call it; null: as its id. */
  readonly label: string | null;
  /** null: it stands directly below the base. */
  readonly ward: string | null;
}

export interface FleetUser {
  readonly name: string;
  readonly role: Role;
  /** null: it sees all wards. */
  readonly ward: string | null;
}

export interface Fleet {
  readonly brokers: readonly string[];
  readonly base: string;
  readonly certificates: boolean;
  readonly devices: readonly FleetDevice[];
  readonly users: readonly FleetUser[];
}

const MAX_DEVICES = 10_000;
const MAX_USERS = 1000;
/** Mistakes shown: a file of another kind has one a line. */
const MAX_SHOWN = 20;

const level = v.pipe(
  v.string('must be a text'),
  v.regex(TOPIC_LEVEL, 'must be 1 to 64 letters, digits, - and _'),
);
const pattern = v.pipe(
  v.string('must be a text'),
  v.regex(
    /^[A-Za-z0-9_-]*(\[\d{1,5}-\d{1,5}\][A-Za-z0-9_-]*)?$/,
    'must be letters, digits, - and _, with at most one [01-12]',
  ),
);
const label = v.pipe(
  v.string('must be a text'),
  v.minLength(1, 'must not be empty'),
  v.maxLength(40, 'must have at most 40 characters'),
  v.regex(/^\P{C}*$/u, 'must not hold control characters'),
);

const schema = v.strictObject({
  brokers: v.pipe(
    v.array(v.string('must be a text'), 'must be a list of addresses'),
    v.minLength(1, 'must name at least one address'),
    v.check(
      (urls) =>
        ADDRESSES.test(urls.join(',')) &&
        urls.every((url) => addressesIn(url).length === 1 && !url.includes('@')),
      'must be 1 to 8 addresses (mqtts://host:8883), without user and password',
    ),
  ),
  base: v.optional(level, DEFAULT_BASE),
  certificates: v.optional(v.boolean('must be true or false'), false),
  device: v.pipe(
    v.array(
      v.strictObject({ id: pattern, label: v.optional(label), ward: v.optional(level) }),
      'must be tables [[device]]',
    ),
    v.minLength(1, 'must name at least one device'),
  ),
  user: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          name: level,
          role: v.picklist(Object.keys(ROLES) as Role[], `must be one of ${Object.keys(ROLES).join(', ')}`),
          ward: v.optional(level),
        }),
        'must be tables [[user]]',
      ),
      v.maxLength(MAX_USERS, `must be at most ${MAX_USERS}`),
    ),
    [],
  ),
});

/** @throws E_CONFIG_FILE, E_CONFIG_SYNTAX, E_FLEET with every mistake in a line of its own */
export function readFleet(path: string): Fleet {
  return checkFleet(readToml(path), path);
}

export function checkFleet(table: unknown, origin: string): Fleet {
  const result = v.safeParse(schema, table);
  if (!result.success) refuse(origin, result.issues.map(problemOf));
  const { brokers, base, certificates, device, user } = result.output;
  const problems: string[] = [];
  const devices: FleetDevice[] = [];
  for (const [index, entry] of device.entries()) {
    const ids = expandRange(entry.id, MAX_DEVICES);
    const labels = entry.label === undefined ? null : expandRange(entry.label, MAX_DEVICES);
    if (ids === null)
      problems.push(
        `device.${index}.id: is ${shown(entry.id)}, its range must rise, to at most ${MAX_DEVICES}`,
      );
    else if (labels !== null && labels?.length !== ids.length)
      problems.push(`device.${index}.label: is ${shown(entry.label)}, must have the range of its id`);
    else
      for (const [at, id] of ids.entries())
        devices.push({ id, label: labels?.[at] ?? null, ward: entry.ward ?? null });
    if (devices.length > MAX_DEVICES) refuse(origin, [`device: more than ${MAX_DEVICES} devices`]);
  }
  const users = user.map(({ name, role, ward = null }) => ({ name, role, ward }));
  for (const { name, role, ward } of users)
    if (role === 'room' && ward === null) problems.push(`user ${name}: a room needs its ward`);
  // Whoever has the name of a ward would be let into all that is below it.
  const wards = new Set([...devices, ...users].flatMap(({ ward }) => ward ?? []));
  const names = new Set<string>();
  for (const name of [...devices.map(({ id }) => id), ...users.map(({ name }) => name)]) {
    if (!TOPIC_LEVEL.test(name)) problems.push(`${shown(name)}: must be 1 to 64 letters, digits, - and _`);
    if (names.has(name)) problems.push(`${shown(name)}: is there twice`);
    if (wards.has(name)) problems.push(`${shown(name)}: is a ward's name, too`);
    names.add(name);
  }
  if (problems.length > 0) refuse(origin, problems);
  return { brokers, base, certificates, devices, users };
}

function refuse(origin: string, problems: readonly string[]): never {
  const lines = problems.slice(0, MAX_SHOWN).map((problem) => `${origin}: ${problem}`);
  if (problems.length > MAX_SHOWN) lines.push(`${origin}: and ${problems.length - MAX_SHOWN} more`);
  throw new RhythmdError('E_FLEET', lines.join('\n'), 'docs/brokers.md shows such a file.');
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map((item) => String(item.key)).join('.');
  if (issue.type === 'strict_object')
    return issue.expected === 'never'
      ? `${shown(path)}: no such key`
      : `${path || 'file'}: must be a table with every key it needs`;
  return `${path}: is ${shown(issue.input)}, ${issue.message}`;
}

/** On one line, whatever it holds. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
