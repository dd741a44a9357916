/**
 * RabbitMQ's definitions (rabbitmq.com/definitions.html): users with hashes of their passwords, what queues they may have, and topic
 * permissions on the exchange of its MQTT. A `/` of MQTT is a `.` there, `+` is `*`.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Rules } from './roles.ts';

const EXCHANGE = 'amq.topic';
/** Its MQTT keeps a queue for a subscription under this name; an archive that speaks AMQP has queues named so by us. */
const QUEUES = '(mqtt-subscription-|rhythmd-archive).*';

export interface BrokerUser {
  readonly name: string;
  readonly password: string;
  readonly rules: Rules;
}

export function rabbitmqDefinitions(users: readonly BrokerUser[]): string {
  const definitions = {
    vhosts: [{ name: '/' }],
    users: users.map(({ name, password }) => ({
      name,
      password_hash: passwordHash(password),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: '',
    })),
    permissions: users.map(({ name }) => ({
      user: name,
      vhost: '/',
      configure: `^${QUEUES}$`,
      write: `^(amq\\.topic|${QUEUES})$`,
      read: `^(amq\\.topic|${QUEUES})$`,
    })),
    topic_permissions: users.map(({ name, rules }) => ({
      user: name,
      vhost: '/',
      exchange: EXCHANGE,
      write: anyOf(rules.says),
      read: anyOf(rules.hears),
    })),
  };
  return `${JSON.stringify(definitions, null, 1)}\n`;
}

/** rabbitmq.com/passwords.html: base64 of a salt of four bytes and the SHA-256 of salt and password. */
function passwordHash(password: string): string {
  const salt = randomBytes(4);
  const hash = createHash('sha256').update(salt).update(password).digest();
  return Buffer.concat([salt, hash]).toString('base64');
}

/** Nothing allowed is `^$`. A subscription is checked as it is asked for: `ecg.#` is a text as others. */
function anyOf(topics: readonly string[]): string {
  return topics.length === 0 ? '^$' : `^(${topics.map(pattern).join('|')})$`;
}

function pattern(topic: string): string {
  const levels = topic.split('/').map((level) => (level === '+' ? '[^.]+' : level === '#' ? '.+' : level));
  return levels.join('\\.');
}
