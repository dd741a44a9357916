/**
 * What a fleet needs, below one folder: `broker/` goes to the brokers, `devices/<id>/` to each device, `users/` to people and programs,
 * `wards/` to ward pages, and `authority/` to a safe. Made again it changes nothing: passwords and certificates stay until they are
 * rotated, and who is no longer in the file loses both.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { FILE_MODE, FOLDER_MODE } from '@rhythmd/shell/permissions.ts';
import { writeWholeFileSync } from '@rhythmd/shell/whole-file.ts';
import { stringify } from 'smol-toml';
import { makeAuthority, signClient, signServer } from './certificates.ts';
import type { Fleet, FleetDevice } from './fleet-file.ts';
import { mosquittoPassword, mosquittoRules } from './mosquitto-files.ts';
import { type BrokerUser, rabbitmqDefinitions } from './rabbitmq-definitions.ts';
import { rulesOfDevice, rulesOfUser } from './roles.ts';

export interface Written {
  readonly devices: number;
  readonly users: number;
  /** Names that have a new password. */
  readonly renewed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * @param rotate names whose password and certificate are made anew; `all`: everybody's
 * @throws E_FLEET when a name to rotate is not in the fleet
 */
export function writeFleet(fleet: Fleet, folder: string, rotate: readonly string[]): Written {
  const names = new Set([...fleet.devices.map(({ id }) => id), ...fleet.users.map(({ name }) => name)]);
  const strangers = rotate.filter((name) => name !== 'all' && !names.has(name));
  if (strangers.length > 0)
    throw new RhythmdError(
      'E_FLEET',
      `nobody is called ${strangers.join(', ')}`,
      'Look into the file of the fleet.',
    );
  const isRotated = (name: string) => rotate.includes('all') || rotate.includes(name);
  const [authority, broker] = [made(folder, 'authority'), made(folder, 'broker')];
  makeAuthority(authority);
  const ca = readFileSync(join(authority, 'ca.pem'), 'utf8');
  put(join(broker, 'ca.pem'), ca);
  signServer(authority, hostsOf(fleet), join(broker, 'server'));

  const renewed: string[] = [];
  const passwordIn = (own: string, name: string): string => {
    const file = join(own, 'mqtt-password');
    const isKept = existsSync(file) && !isRotated(name);
    const password = isKept ? readFileSync(file, 'utf8').trim() : randomBytes(18).toString('base64url');
    if (!isKept) renewed.push(name);
    put(file, `${password}\n`);
    put(join(own, 'mqtt-ca'), ca);
    if (fleet.certificates && (isRotated(name) || !existsSync(join(own, 'mqtt.pem')))) {
      signClient(authority, name, join(own, 'mqtt'));
    }
    return password;
  };
  const deep = fleet.devices.some(({ ward }) => ward !== null);
  const users: BrokerUser[] = [];
  for (const [index, device] of fleet.devices.entries()) {
    const own = made(folder, 'devices', device.id);
    const rules = rulesOfDevice(device.id, { base: fleet.base, ward: device.ward });
    users.push({ name: device.id, password: passwordIn(own, device.id), rules });
    put(join(own, 'config.toml'), configOf(fleet, device, index));
  }
  for (const { name, role, ward } of fleet.users) {
    const rules = rulesOfUser(role, { base: fleet.base, ward }, deep);
    users.push({ name, password: passwordIn(made(folder, 'users', name), name), rules });
  }
  put(
    join(broker, 'passwords'),
    `${users.map(({ name, password }) => mosquittoPassword(name, password)).join('\n')}\n`,
  );
  put(join(broker, 'acl'), users.map(({ name, rules }) => mosquittoRules(name, rules)).join('\n'));
  put(join(broker, 'definitions.json'), rabbitmqDefinitions(users));
  writeWards(fleet, made(folder, 'wards'));
  const removed = [
    ...removeOthers(join(folder, 'devices'), names),
    ...removeOthers(made(folder, 'users'), names),
  ];
  return { devices: fleet.devices.length, users: fleet.users.length, renewed, removed };
}

/** What the daemon of a device reads; who is told a secret by systemd has it from LoadCredential= (config/deploy/systemd). */
function configOf(fleet: Fleet, { id, ward, label }: FleetDevice, index: number): string {
  const own = '/etc/rhythmd';
  // Each begins with another node, so that a cluster shares the work.
  const first = index % fleet.brokers.length;
  const brokers = [...fleet.brokers.slice(first), ...fleet.brokers.slice(0, first)];
  const mqtt = {
    url: brokers.join(','),
    base: ward === null ? fleet.base : `${fleet.base}/${ward}`,
    user: id,
    password_file: `${own}/mqtt-password`,
    ca_file: `${own}/mqtt-ca`,
    ...(fleet.certificates ? { cert_file: `${own}/mqtt.pem`, key_file: `${own}/mqtt.key` } : {}),
  };
  const told = label === null ? '' : `# ${label}\n`;
  return `${told}${stringify({ device: { id }, mqtt })}\n`;
}

/** For the ward page: the beds of each ward, in the order of the file. */
function writeWards({ base, devices }: Fleet, folder: string): void {
  const wards = new Map<string, FleetDevice[]>();
  for (const device of devices) {
    const ward = device.ward ?? 'all';
    wards.set(ward, [...(wards.get(ward) ?? []), device]);
  }
  for (const [ward, beds] of wards) {
    const above = beds[0]?.ward === null ? base : `${base}/${ward}`;
    const list = beds.map(({ id, label }) => ({ device: id, ...(label === null ? {} : { label }) }));
    put(join(folder, `${ward}.toml`), `${stringify({ title: ward, base: above, beds: list })}\n`);
  }
}

const hostsOf = ({ brokers }: Fleet) => brokers.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''));

function made(...path: string[]): string {
  const folder = join(...path);
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  return folder;
}

function put(path: string, text: string): void {
  writeWholeFileSync(path, [text], { mode: FILE_MODE, sync: false });
  chmodSync(path, FILE_MODE);
}

function removeOthers(folder: string, names: ReadonlySet<string>): string[] {
  const others = readdirSync(folder).filter((name) => !names.has(name));
  for (const name of others) rmSync(join(folder, name), { recursive: true });
  return others;
}
