/** mosquitto's password file (2.0: `$7$`, PBKDF2 with SHA-512, as mosquitto_passwd writes it) and its access list. */
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Rules } from './roles.ts';

const ITERATIONS = 101;
const SALT_BYTES = 12;
const HASH_BYTES = 64;

export function mosquittoPassword(name: string, password: string): string {
  const salt = randomBytes(SALT_BYTES);
  // A password of 24 random characters needs no slow hash; mosquitto hashes it at every connection, on the broker's one core.
  const hash = pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, 'sha512');
  return `${name}:$7$${ITERATIONS}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

export function mosquittoRules(name: string, { hears, says }: Rules): string {
  const lines = [
    ...hears.map((topic) => `topic read ${topic}`),
    ...says.map((topic) => `topic write ${topic}`),
  ];
  return `user ${name}\n${lines.join('\n')}\n`;
}
