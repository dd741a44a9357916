/**
 * How MQTT.js is asked for a connection: it only speaks, and keeps nothing. Its own offline queue is in memory, unbounded,
 * and sends QoS 1 before QoS 0; its reconnecting would keep one client for ever.
 */
import type { IClientOptions } from 'mqtt';
import type { BrokerLimits } from './broker-limits.ts';
import type { Credentials } from './credentials.ts';

/** A broker that answers no ping within this is gone: the network was cut without a word. */
const KEEPALIVE_S = 15;
const CONNECT_TIMEOUT_MS = 10_000;
/** What we ask the broker not to exceed: requests are small. */
const MAX_PACKET_BYTES = 64 * 1024;

/** A message of a topic: the last will, or a farewell. */
export interface Will {
  readonly topic: string;
  readonly payload: string;
}

export interface ClientParts {
  readonly url: string;
  readonly clientId: string;
  readonly keepaliveS: number | undefined;
  readonly version: 4 | 5;
  readonly credentials: Credentials;
  readonly will: Will | undefined;
  readonly limits: BrokerLimits;
}

export function clientOptions(parts: ClientParts): IClientOptions {
  const { url, clientId, keepaliveS = KEEPALIVE_S, version, will, limits } = parts;
  const { user, password, ca, cert, key } = parts.credentials;
  return {
    clientId,
    protocolVersion: version,
    clean: true,
    keepalive: keepaliveS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
    ...(user === null ? {} : { username: user }),
    ...(password === null ? {} : { password }),
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
    ...(version === 5 ? { properties: { maximumPacketSize: MAX_PACKET_BYTES } } : {}),
    ...(/^(mqtts|wss):/.test(url) ? { minVersion: 'TLSv1.2' } : {}),
    ...(will && {
      will: {
        topic: will.topic,
        payload: Buffer.from(will.payload),
        qos: limits.maxQos,
        retain: limits.retains,
      },
    }),
  };
}
