/**
 * The connection to an external broker: MQTT 5, or 3.1.1 where that is refused, kept up with growing pauses.
 *
 * A fresh client for every connection: MQTT.js' own offline queue is in memory, unbounded, and sends QoS 1
 * before QoS 0. Nothing is handed to it while it is not connected, so nothing waits in it.
 */
import { describeError, type RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import type { Logger } from '../../log/logger.ts';
import { redactCredentials } from '../../redact.ts';
import { Backoff } from './backoff.ts';
import { describeConnectError, isVersionRefused } from './connect-errors.ts';
import type { Credentials } from './credentials.ts';
import { type OnIncoming, type Qos, readPayload } from './messages.ts';
import { within } from './within.ts';

/** A broker that answers no ping within this is gone: the network was cut without a word. */
const KEEPALIVE_S = 15;
const CONNECT_TIMEOUT_MS = 10_000;
/** Above this QoS 0 messages are skipped: the network is slower than we speak. */
const SLOW_BROKER_BYTES = 64 * 1024;
/** Messages of the outbox on their way at once; mosquitto takes 20 in all unless told otherwise. */
const MAX_IN_FLIGHT = 16;
/** Left for retained topics and responses. */
const RESERVED_IN_FLIGHT = 4;
/** How long stop() waits for the broker to take the last message. */
const FAREWELL_MS = 1000;

/** A broker doesn't say whose message it passes on. */

export interface BrokerOptions {
  readonly url: string;
  readonly clientId: string;
  /** Asked before every attempt. */
  readonly credentials: () => Promise<Credentials>;
  readonly firstRetryMs?: number;
  readonly mostRetryMs?: number;
  readonly keepaliveS?: number;
}

export interface Will {
  readonly topic: string;
  readonly payload: string;
}

export interface ConnectionHandlers {
  /** Asked before every attempt: the will carries the time it was made. */
  readonly will: () => Will;
  readonly onConnect: () => void;
  readonly onClose: () => void;
  readonly onIncoming: OnIncoming;
}

export interface BrokerStatus {
  readonly connected: boolean;
  readonly url: string;
  /** Why not, for people; null when connected. */
  readonly reason: string | null;
}

/** The broker does not take this message: its reason code (MQTT 5, 3.4.2.1) and words. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

/** `refusal` is null when the broker has it. */
export type OnAcknowledged = (refusal: Refusal | null) => void;

const PACKET_TOO_LARGE: Refusal = { code: 149, message: 'larger than the broker takes' };
/** What MQTT adds to topic and payload, at most. */
const PACKET_OVERHEAD_BYTES = 64;

export class BrokerConnection {
  readonly counts = { connects: 0, failures: 0, skipped: 0 };
  readonly #options: BrokerOptions;
  readonly #log: Logger;
  readonly #backoff: Backoff;
  readonly #shownUrl: string;
  #subscriptions: readonly string[] = [];
  #handlers: ConnectionHandlers | null = null;
  #client: MqttClient | null = null;
  #connected = false;
  #version: 4 | 5 = 5;
  #maxPacketBytes = Number.POSITIVE_INFINITY;
  #window = MAX_IN_FLIGHT;
  #reason: RhythmdError | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = true;

  constructor(options: BrokerOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.#backoff = new Backoff(options.firstRetryMs ?? 500, options.mostRetryMs ?? 15_000);
    this.#shownUrl = redactCredentials(options.url);
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** The MQTT version of the last successful or current attempt. */
  get protocolVersion(): 4 | 5 {
    return this.#version;
  }

  /** How many messages of the outbox may be on their way at once. */
  get window(): number {
    return this.#window;
  }

  status(): BrokerStatus {
    const reason = this.#reason === null ? 'not connected yet' : describeError(this.#reason);
    return { connected: this.#connected, url: this.#shownUrl, reason: this.#connected ? null : reason };
  }

  /** Returns at once; the connection comes when it can. */
  start(subscriptions: readonly string[], handlers: ConnectionHandlers): void {
    this.#subscriptions = subscriptions;
    this.#handlers = handlers;
    this.#stopped = false;
    void this.#attempt();
  }

  /** @returns false when it cannot be sent now; `onAcknowledged` is never called then */
  publish(
    topic: string,
    payload: string | Buffer,
    qos: Qos,
    retain: boolean,
    onAcknowledged?: OnAcknowledged,
    correlation: Buffer | null = null,
  ): boolean {
    const client = this.#client;
    if (client === null || !this.#connected) return false;
    const waiting = client.stream.writableLength ?? 0;
    if (qos === 0 && waiting > SLOW_BROKER_BYTES) {
      this.counts.skipped++;
      return false;
    }
    // The broker would hang up, and the message would come again after every connection.
    if (topic.length + Buffer.byteLength(payload) + PACKET_OVERHEAD_BYTES > this.#maxPacketBytes) {
      setImmediate(() => onAcknowledged?.(PACKET_TOO_LARGE));
      return true;
    }
    const properties = correlation !== null && this.#version === 5 ? { correlationData: correlation } : {};
    client.publish(topic, payload, { qos, retain, properties }, (error) => {
      if (client !== this.#client || !this.#connected) return;
      onAcknowledged?.(error ? { code: codeOf(error), message: error.message } : null);
    });
    return true;
  }

  /** Breaks this connection off and makes a new one: the broker has stopped answering. */
  reconnect(reason: string): void {
    this.#client?.stream.destroy(new Error(reason));
  }

  /** Says `farewell` (retained, QoS 1) when there is a connection, then closes it in order. */
  async stop(farewell: Will | null): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    const client = this.#client;
    if (client === null) return;
    if (this.#connected && farewell !== null) {
      await within(FAREWELL_MS, (done) => {
        this.publish(farewell.topic, farewell.payload, 1, true, done);
      });
    }
    this.#connected = false;
    this.#client = null;
    // MQTT.js waits for acknowledgements before it says DISCONNECT; they may never come.
    const closed = await within(FAREWELL_MS, (done) => client.end(false, {}, done));
    if (!closed) client.stream.destroy();
  }

  async #attempt(): Promise<void> {
    const version = this.#version;
    let client: MqttClient;
    try {
      const { connect } = await import('mqtt');
      const credentials = await this.#options.credentials();
      if (this.#stopped) return;
      client = connect(this.#options.url, this.#clientOptions(credentials));
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#client = client;
    let failure: unknown = null;
    client.on('error', (error) => {
      failure ??= error;
    });
    client.once('connect', (connack) => this.#onConnect(client, connack.properties ?? {}));
    client.on('message', (topic, payload, packet) => this.#onMessage(topic, payload, packet));
    client.once('close', () => {
      const wasConnected = this.#connected && client === this.#client;
      this.#connected = false;
      client.end(true);
      if (client !== this.#client) return;
      this.#client = null;
      if (wasConnected) this.#handlers?.onClose();
      else if (version === 5 && (failure === null || isVersionRefused(failure))) this.#version = 4;
      // Refused in 3.1.1 as well, or hung up on: MQTT 5 gets its chance again.
      else if (version === 4 && failure === null) this.#version = 5;
      this.#failed(failure ?? new Error(wasConnected ? 'the connection broke' : 'it hung up'));
    });
  }

  #clientOptions({ user, password, ca, cert, key }: Credentials): IClientOptions {
    const { url, clientId } = this.#options;
    const will = this.#handlers?.will();
    return {
      clientId,
      protocolVersion: this.#version,
      clean: true,
      keepalive: this.#options.keepaliveS ?? KEEPALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: 0,
      queueQoSZero: false,
      resubscribe: false,
      ...(user === null ? {} : { username: user }),
      ...(password === null ? {} : { password }),
      ...(ca === null ? {} : { ca }),
      ...(cert === null ? {} : { cert }),
      ...(key === null ? {} : { key }),
      ...(/^(mqtts|wss):/.test(url) ? { minVersion: 'TLSv1.2' } : {}),
      ...(will
        ? { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true } }
        : {}),
    };
  }

  #onConnect(client: MqttClient, limits: { maximumPacketSize?: number; receiveMaximum?: number }): void {
    if (client !== this.#client || this.#stopped) return;
    this.#maxPacketBytes = limits.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    const allowed = (limits.receiveMaximum ?? MAX_IN_FLIGHT + RESERVED_IN_FLIGHT) - RESERVED_IN_FLIGHT;
    this.#window = Math.max(1, Math.min(MAX_IN_FLIGHT, allowed));
    this.#connected = true;
    this.#reason = null;
    this.#backoff.reset();
    this.counts.connects++;
    this.#log.info(`connected to ${this.#shownUrl} with MQTT ${this.#version === 5 ? '5' : '3.1.1'}`);
    if (this.#subscriptions.length > 0) {
      client.subscribe([...this.#subscriptions], { qos: 1 }, (error) => {
        if (error) this.#log.warn(`the broker refuses our subscriptions: ${error.message}`);
      });
    }
    this.#handlers?.onConnect();
  }

  #onMessage(topic: string, payload: Buffer, packet: IPublishPacket): void {
    // A retained request is an old one: whoever asked has gone.
    if (packet.retain) return;
    this.#handlers?.onIncoming(
      {
        topic,
        payload: readPayload(payload),
        // MQTT tells a receiver nothing of the sender.
        requester: { via: 'broker', user: null, from: this.#shownUrl },
        responseTopic: packet.properties?.responseTopic ?? null,
        correlation: packet.properties?.correlationData ?? null,
      },
      (to, answer, correlation) => this.publish(to, answer, 1, false, undefined, correlation),
    );
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    const reason = describeConnectError(error, this.#shownUrl);
    this.counts.failures++;
    // The first failure of a kind is news, the hundredth is not.
    if (this.#reason?.message !== reason.message) this.#log.warn(describeError(reason));
    this.#reason = reason;
    this.#timer = setTimeout(() => void this.#attempt(), this.#backoff.next());
  }
}

function codeOf(error: Error): number {
  return 'code' in error && typeof error.code === 'number' ? error.code : 0;
}
