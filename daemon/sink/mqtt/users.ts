/**
 * Who may use the embedded broker: a file with one `name:salt:hash` a line (hex; scrypt of the password),
 * written by `rhythmd broker-user`. Blank lines and lines that begin with # are skipped.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** 16 MB and some 50 ms on a desk computer: bearable on a small one, dear to a guesser. */
const COST: ScryptOptions = { N: 16_384, r: 8, p: 1 };
const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

export type CheckUser = (user: string, password: string) => Promise<boolean>;

interface Secret {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** One line of the file. @throws E_BROKER_USERS for a name that cannot stand in it or an empty password */
export async function userLine(name: string, password: string): Promise<string> {
  if (!/^[^:#\s][^:\s]{0,63}$/.test(name) || password === '') {
    throw new RhythmdError(
      'E_BROKER_USERS',
      'a user needs a name and a password',
      'A name is up to 64 characters without spaces and colons',
    );
  }
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, HASH_BYTES, COST);
  return `${name}:${salt.toString('hex')}:${hash.toString('hex')}`;
}

/** @throws E_BROKER_USERS when the file cannot be read or understood, or names nobody */
export async function readUsers(path: string): Promise<CheckUser> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new RhythmdError('E_BROKER_USERS', `cannot read ${path}`, 'Mend mqtt.embedded_users', { cause });
  }
  const users = parseUsers(text, path);
  // A name nobody has takes as long as a wrong password.
  const nobody = { salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };
  return async (user, password) => {
    const { salt, hash } = users.get(user) ?? nobody;
    return timingSafeEqual(await derive(password, salt, HASH_BYTES, COST), hash);
  };
}

function parseUsers(text: string, path: string): Map<string, Secret> {
  const users = new Map<string, Secret>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = /^([^:]+):([0-9a-f]{32}):([0-9a-f]{64})\s*$/.exec(line);
    if (!match) {
      throw new RhythmdError(
        'E_BROKER_USERS',
        `${path}, line ${index + 1}: not name:salt:hash`,
        'Write it with rhythmd broker-user',
      );
    }
    const [, name = '', salt = '', hash = ''] = match;
    users.set(name, { salt: Buffer.from(salt, 'hex'), hash: Buffer.from(hash, 'hex') });
  }
  if (users.size === 0) {
    throw new RhythmdError('E_BROKER_USERS', `${path} names nobody`, 'Add one with rhythmd broker-user NAME');
  }
  return users;
}
