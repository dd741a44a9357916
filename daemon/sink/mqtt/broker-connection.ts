/**
 * The connection to an external broker: MQTT 5, or 3.1.1 where that is refused, kept up with growing pauses.
 *
 * A fresh client for every connection: MQTT.js' own offline queue is in memory, unbounded, and sends QoS 1
 * before QoS 0. Nothing is handed to it while it is not connected, so nothing waits in it.
 */
import { describeError, type RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { IConnackPacket, IPublishPacket, MqttClient } from 'mqtt';
import type { Logger } from '../../log/logger.ts';
import { contained } from '../../net/contained.ts';
import { redactCredentials } from '../../redact.ts';
import { BrokerLimits, type ToldLimits } from './broker-limits.ts';
import { clientOptions, type Will } from './client-options.ts';
import { codeOf, describeConnectError, isVersionRefused } from './connect-errors.ts';
import type { Credentials } from './credentials.ts';
import { type OnIncoming, type Qos, readPayload } from './messages.ts';
import { Reconnecting, type RetrySettings } from './reconnecting.ts';
import { within } from './within.ts';

/** Above this QoS 0 messages are skipped: the network is slower than we speak. */
const SLOW_BROKER_BYTES = 64 * 1024;
/** Reason codes from here on are the broker's own refusals; smaller ones are MQTT.js' and 3.1.1's. */
const FIRST_REASON = 128;
/** How long stop() waits for the broker to take the last message. */
const FAREWELL_MS = 1000;

export interface BrokerOptions extends RetrySettings {
  readonly url: string;
  readonly clientId: string;
  /** Asked before every attempt. */
  readonly credentials: () => Promise<Credentials>;
  readonly keepaliveS?: number;
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
  /** For people: why not, or what works differently while it is connected; null when all is well. */
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
export class BrokerConnection {
  readonly counts = { connects: 0, failures: 0, skipped: 0 };
  readonly #options: BrokerOptions;
  readonly #log: Logger;
  readonly #limits = new BrokerLimits();
  readonly #reconnecting: Reconnecting;
  readonly #shownUrl: string;
  #subscriptions: readonly string[] = [];
  #handlers: ConnectionHandlers | null = null;
  #client: MqttClient | null = null;
  #connected = false;
  #version: 4 | 5 = 5;
  /** What the log has heard that this broker lacks. */
  #toldLack: string | null = null;
  #connectedAtMs = 0;
  /** The failure that the log has heard of. */
  #told: string | null = null;
  #reason: RhythmdError | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = true;

  constructor(options: BrokerOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.#reconnecting = new Reconnecting(options);
    this.#shownUrl = redactCredentials(options.url);
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** The MQTT version of the last successful or current attempt. */
  get protocolVersion(): 4 | 5 {
    return this.#version;
  }

  /** Whether the broker keeps the last message of a topic for who comes later. */
  get retains(): boolean {
    return this.#limits.retains;
  }

  /** How many messages of the outbox may be on their way at once. */
  get window(): number {
    return this.#limits.window;
  }

  status(): BrokerStatus {
    const reason = this.#reason === null ? 'not connected yet' : describeError(this.#reason);
    return {
      connected: this.#connected,
      url: this.#shownUrl,
      reason: this.#connected ? this.#limits.lacks : reason,
    };
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
    if (this.#limits.isTooLarge(topic, payload)) {
      setImmediate(() => onAcknowledged?.(PACKET_TOO_LARGE));
      return true;
    }
    const send = { qos: Math.min(qos, this.#limits.maxQos) as Qos, retain: retain && this.#limits.retains };
    const properties = correlation !== null && this.#version === 5 ? { correlationData: correlation } : {};
    const answered = contained(this.#onFailure, (error?: Error | null) => {
      if (client !== this.#client || !this.#connected) return;
      const code = error ? codeOf(error) : null;
      // Without a reason of the broker's the connection went with it: its end is told once, and all goes again.
      if (error && !(typeof code === 'number' && code >= FIRST_REASON)) return;
      onAcknowledged?.(error ? { code: Number(code), message: error.message } : null);
    });
    client.publish(topic, payload, { ...send, properties }, answered);
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

  readonly #onFailure = (error: unknown): void => {
    this.#log.error(() => describeError(error));
  };

  /** The latest message of a topic, once, if the broker has kept one; whether it may be asked for does not matter. */
  peek(topics: readonly string[]): void {
    if (topics.length > 0) this.#client?.subscribe([...topics], { qos: 1 }, () => {});
  }

  forget(topics: readonly string[]): void {
    if (topics.length > 0) this.#client?.unsubscribe([...topics], () => {});
  }

  async #attempt(): Promise<void> {
    const version = this.#version;
    let client: MqttClient;
    try {
      const { connect } = await import('mqtt');
      const credentials = await this.#options.credentials();
      if (this.#stopped) return;
      const { url, clientId, keepaliveS } = this.#options;
      const will = this.#handlers?.will();
      const parts = { url, clientId, keepaliveS, version, credentials, will, limits: this.#limits };
      client = connect(url, clientOptions(parts));
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#client = client;
    let failure: unknown = null;
    client.on('error', (error) => {
      failure ??= error;
    });
    // MQTT 5: the broker says why before it hangs up.
    client.on('disconnect', ({ reasonCode = 0 }) => {
      failure ??= Object.assign(new Error(`reason ${reasonCode}`), { code: reasonCode });
    });
    const contain = <Given extends readonly unknown[]>(listener: (...given: Given) => unknown) =>
      contained(this.#onFailure, listener);
    client.once(
      'connect',
      contain((connack: IConnackPacket) => this.#onConnect(client, connack.properties ?? {})),
    );
    client.on(
      'message',
      contain((topic: string, payload: Buffer, packet: IPublishPacket) =>
        this.#onMessage(topic, payload, packet),
      ),
    );
    client.once(
      'close',
      contain(() => this.#onClose(client, version, failure)),
    );
  }

  #onClose(client: MqttClient, version: 4 | 5, failure: unknown): void {
    const wasConnected = this.#connected && client === this.#client;
    this.#connected = false;
    client.end(true);
    if (client !== this.#client) return;
    this.#client = null;
    if (wasConnected) {
      if (this.#reconnecting.ended(performance.now() - this.#connectedAtMs)) this.#told = null;
      this.#handlers?.onClose();
      this.#failed(failure ?? this.#reconnecting.brokenError(this.#shownUrl, this.#options.clientId));
      return;
    }
    // Asked for again with less, at once.
    if (this.#limits.learnFrom(failure) && !this.#stopped) {
      void this.#attempt();
      return;
    }
    if (version === 5 && (failure === null || isVersionRefused(failure))) this.#version = 4;
    // Refused in 3.1.1 as well, or hung up on: MQTT 5 gets its chance again.
    else if (version === 4 && failure === null) this.#version = 5;
    this.#failed(failure ?? new Error('it hung up'));
  }

  #onConnect(client: MqttClient, limits: ToldLimits): void {
    if (client !== this.#client || this.#stopped) return;
    this.#noteLimits(limits);
    this.#connected = true;
    this.#connectedAtMs = performance.now();
    this.#reason = null;
    this.counts.connects++;
    this.#log.info(`connected to ${this.#shownUrl} with MQTT ${this.#version === 5 ? '5' : '3.1.1'}`);
    if (this.#subscriptions.length > 0) {
      client.subscribe([...this.#subscriptions], { qos: 1 }, (error) => {
        if (error) this.#log.warn(`the broker refuses our subscriptions: ${error.message}`);
      });
    }
    this.#handlers?.onConnect();
  }

  /** What the broker does not have is said once. */
  #noteLimits(told: ToldLimits): void {
    this.#limits.note(told);
    const { lacks } = this.#limits;
    if (lacks !== null && lacks !== this.#toldLack) this.#log.warn(`broker ${this.#shownUrl}: ${lacks}`);
    this.#toldLack = lacks;
  }

  #onMessage(topic: string, payload: Buffer, packet: IPublishPacket): void {
    this.#handlers?.onIncoming(
      {
        topic,
        payload: readPayload(payload),
        // MQTT tells a receiver nothing of the sender.
        requester: { via: 'broker', user: null, from: this.#shownUrl },
        responseTopic: packet.properties?.responseTopic ?? null,
        correlation: packet.properties?.correlationData ?? null,
        retained: packet.retain,
      },
      (to, answer, correlation) => this.publish(to, answer, 1, false, undefined, correlation),
    );
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    const reason = describeConnectError(error, this.#shownUrl);
    this.counts.failures++;
    // The first failure of a kind is news, the hundredth is not.
    if (this.#told !== reason.message) this.#log.warn(describeError(reason));
    this.#told = reason.message;
    this.#reason = reason;
    const again = contained(this.#onFailure, () => this.#attempt());
    this.#timer = setTimeout(again, this.#reconnecting.pauseMs(error, reason));
  }
}
