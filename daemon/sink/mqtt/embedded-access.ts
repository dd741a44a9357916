/** Who may reach the embedded broker, and how: on loopback everybody, on a network users over TLS only. */
import { readFile } from 'node:fs/promises';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Topics } from '@rhythmd/protocol/topics.ts';
import { isLoopback } from '../../net/addresses.ts';
import { type CheckUser, readUsers } from './users.ts';

export interface AccessOptions {
  readonly host: string;
  /** A file of users (users.ts); empty: everybody on this machine. */
  readonly usersFile: string;
  /** Certificate and key, PEM files; both empty: plain TCP. */
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Access {
  /** null: everybody. */
  readonly checkUser: CheckUser | null;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
}

/** @throws E_BROKER_OPEN when it would be open to the network, E_BROKER_USERS, E_BROKER_CERTIFICATE */
export async function readAccess({ host, usersFile, certFile, keyFile }: AccessOptions): Promise<Access> {
  const encrypted = certFile !== '' && keyFile !== '';
  if (!isLoopback(host) && (usersFile === '' || !encrypted)) {
    throw new RhythmdError(
      'E_BROKER_OPEN',
      `the embedded broker would be open to the network on ${host}`,
      'Set mqtt.embedded_users, mqtt.embedded_cert and mqtt.embedded_key, or listen on 127.0.0.1',
    );
  }
  return {
    checkUser: usersFile === '' ? null : await readUsers(usersFile),
    tls: encrypted ? { cert: await readPem(certFile), key: await readPem(keyFile) } : null,
  };
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const fix = 'Mend mqtt.embedded_cert and mqtt.embedded_key';
    throw new RhythmdError('E_BROKER_CERTIFICATE', `cannot read ${path}`, fix, { cause });
  }
}

/** Others may ask us things and use topics of their own; nobody else speaks in our name. */
export function refusePublish(topics: Topics, topic: string): Error | null {
  if (topics.verbOf(topic) !== null) return null;
  const ours = topic === topics.base || topic.startsWith(`${topics.base}/`);
  return ours || topic.startsWith('$') ? new Error(`${topic} is not for clients to publish`) : null;
}
