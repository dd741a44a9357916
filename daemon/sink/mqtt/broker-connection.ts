/**
 * The connection to an external broker: MQTT 5, or 3.1.1 where that is refused, kept up with growing pauses.
 *
 * A fresh client for every connection: MQTT.js' own offline queue is in memory, unbounded, and sends QoS 1
 * before QoS 0. Nothing is handed to it while it is not connected, so nothing waits in it.
 */
import { describeError, type RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { IPublishPacket, MqttClient } from 'mqtt';
import type { Logger } from '../../log/logger.ts';
import { contained } from '../../net/contained.ts';
import { type BrokerAddress, BrokerAddresses } from './broker-addresses.ts';
import type { ToldLimits } from './broker-limits.ts';
import { listenTo } from './client-listeners.ts';
import { clientOptions, type Will } from './client-options.ts';
import { codeOf, describeConnectError, mayBeVersion, NOT_AUTHORIZED } from './connect-errors.ts';
import type { Credentials } from './credentials.ts';
import { ForbiddenTopics, forbiddenError } from './forbidden-topics.ts';
import { type OnIncoming, type Qos, readPayload } from './messages.ts';
import { OneByOne, type SendOne } from './one-by-one.ts';
import { Reconnecting, type RetrySettings } from './reconnecting.ts';
import { within } from './within.ts';

/** Above this QoS 0 messages are skipped: the network is slower than we speak. */
const SLOW_BROKER_BYTES = 64 * 1024;
/** Reason codes from here on are the broker's own refusals; smaller ones are MQTT.js' and 3.1.1's. */
const FIRST_REASON = 128;
/** How long stop() waits for the broker to take the last message. */
const FAREWELL_MS = 1000;

export interface BrokerOptions extends RetrySettings {
  /** One address or several (broker-addresses.ts). */
  readonly url: string;
  readonly clientId: string;
  /** Asked before every attempt, for the address that is tried. */
  readonly credentials: (url: string) => Promise<Credentials>;
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
const LEFT_OUT: Refusal = { code: NOT_AUTHORIZED, message: 'not allowed' };
/** Failures that the log remembers having told. */
const MAX_TOLD = 32;

const waitingBytes = (client: MqttClient) => client.stream.writableLength ?? 0;

export class BrokerConnection {
  readonly counts = { connects: 0, failures: 0, skipped: 0 };
  readonly #options: BrokerOptions;
  readonly #log: Logger;
  readonly #addresses: BrokerAddresses;
  readonly #reconnecting: Reconnecting;
  readonly #forbidden = new ForbiddenTopics();
  readonly #oneByOne = new OneByOne();
  #subscriptions: readonly string[] = [];
  #handlers: ConnectionHandlers | null = null;
  #client: MqttClient | null = null;
  #connected = false;
  #connectedAtMs = 0;
  /** The failures that the log has heard of. */
  readonly #told = new Set<string>();
  #reason: RhythmdError | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = true;

  constructor(options: BrokerOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.#reconnecting = new Reconnecting(options);
    this.#addresses = new BrokerAddresses(options.url);
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** The MQTT version of the last successful or current attempt. */
  get protocolVersion(): 4 | 5 {
    return this.#address.version;
  }

  /** Whether the broker keeps the last message of a topic for who comes later. */
  get retains(): boolean {
    return this.#address.limits.retains;
  }

  /** How many messages of the outbox may be on their way at once. */
  get window(): number {
    return this.#isCareful ? 1 : this.#address.limits.window;
  }

  status(): BrokerStatus {
    const reason = this.#reason === null ? 'not connected yet' : describeError(this.#reason);
    return {
      connected: this.#connected,
      url: this.#address.shownUrl,
      reason: this.#connected ? this.#lacks() : reason,
    };
  }

  get #address(): BrokerAddress {
    return this.#addresses.current;
  }

  /** The last connection broke at once: one message after another, so that the one that breaks this one is known. */
  get #isCareful(): boolean {
    return this.#reconnecting.isSuspicious(performance.now() - this.#connectedAtMs);
  }

  #lacks(): string | null {
    const { leftOut } = this.#forbidden;
    if (leftOut.length === 0) return this.#address.limits.lacks;
    const lacks = this.#address.limits.lacks ?? 'connected';
    return `${lacks}; without ${leftOut.join(', ')}, which the broker does not allow`;
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
    const isCareful = this.#isCareful;
    const isTooMuch = isCareful ? this.#oneByOne.isBusy : waitingBytes(client) > SLOW_BROKER_BYTES;
    if (qos === 0 && isTooMuch) {
      this.counts.skipped++;
      return false;
    }
    const { limits, version } = this.#address;
    if (limits.isTooLarge(topic, payload)) {
      setImmediate(() => onAcknowledged?.(PACKET_TOO_LARGE));
      return true;
    }
    // What is in the outbox is never given up on a suspicion.
    const isOfOutbox = !retain && onAcknowledged !== undefined;
    if (!isOfOutbox && this.#forbidden.isLeftOut(topic)) {
      setImmediate(() => onAcknowledged?.(LEFT_OUT));
      return true;
    }
    // Of QoS 0 nothing is answered, and after a break answers are wanted.
    const sentQos = Math.min(isCareful ? 1 : qos, limits.maxQos) as Qos;
    const properties = correlation !== null && version === 5 ? { correlationData: correlation } : {};
    return this.#send(client, sentQos > 0 ? topic : null, (onAnswered) => {
      const answered = contained(this.#onFailure, (error?: Error | null) => {
        if (client !== this.#client || !this.#connected) return;
        const code = error ? codeOf(error) : null;
        // Without a reason of the broker's the connection went with it: its end is told once, and all goes again.
        if (error && !(typeof code === 'number' && code >= FIRST_REASON)) return;
        if (code === NOT_AUTHORIZED) this.#tellForbidden(topic, 'it does not allow us');
        if (sentQos > 0) this.#forbidden.answered(topic);
        onAcknowledged?.(error ? { code: Number(code), message: error.message } : null);
        onAnswered();
      });
      client.publish(
        topic,
        payload,
        { qos: sentQos, retain: retain && limits.retains, properties },
        answered,
      );
    });
  }

  /**
   * At once, or when its turn comes where the last connection broke soon. @param topic null: no answer is wanted
   * @returns false when too much waits
   */
  #send(client: MqttClient, topic: string | null, send: SendOne): boolean {
    if (!this.#isCareful) {
      this.#oneByOne.release();
      send(() => {});
      return true;
    }
    return this.#oneByOne.send((onAnswered) => {
      if (client !== this.#client || !this.#connected) return;
      this.#forbidden.sentAlone(topic);
      send(onAnswered);
    });
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
    for (const topic of topics) this.#subscribe(topic, () => {});
  }

  /**
   * QoS 0: a request that is lost with its connection is asked again, and RabbitMQ keeps a queue for a subscription of QoS 1 on
   * the node that took it: once that is dead, every other node hangs up on us.
   */
  #subscribe(topic: string, onRefused: (why: string) => void): void {
    const client = this.#client;
    if (client === null || this.#forbidden.isLeftOut(topic)) return;
    this.#send(client, topic, (onAnswered) => {
      const answered = contained(this.#onFailure, (error: Error | null) => {
        if (client !== this.#client || !this.#connected) return;
        this.#forbidden.answered(topic);
        if (error) onRefused(error.message);
        onAnswered();
      });
      client.subscribe(topic, { qos: 0 }, answered);
    });
  }

  forget(topics: readonly string[]): void {
    if (topics.length > 0) this.#client?.unsubscribe([...topics], () => {});
  }

  async #attempt(): Promise<void> {
    const address = this.#address;
    let client: MqttClient;
    try {
      const { connect } = await import('./mqtt-library.ts');
      const { makeNumbersAsTheyGo } = await import('./packet-numbers.ts');
      makeNumbersAsTheyGo();
      const { url, version, limits } = address;
      const credentials = await this.#options.credentials(url);
      if (this.#stopped) return;
      const { clientId, keepaliveS } = this.#options;
      const will = this.#handlers?.will();
      const parts = { url, clientId, keepaliveS, version, credentials, will, limits };
      client = connect(url, clientOptions(parts));
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#client = client;
    listenTo(client, {
      onConnect: (connack) => this.#onConnect(client, connack.properties ?? {}),
      onMessage: (topic, payload, packet) => this.#onMessage(topic, payload, packet),
      onClose: (failure) => this.#onClose(client, address, failure),
      onFailure: this.#onFailure,
    });
  }

  #onClose(client: MqttClient, address: BrokerAddress, failure: unknown): void {
    const wasConnected = this.#connected && client === this.#client;
    this.#connected = false;
    client.end(true);
    if (client !== this.#client) return;
    this.#client = null;
    if (wasConnected) {
      const lasted = this.#reconnecting.ended(performance.now() - this.#connectedAtMs);
      if (lasted) this.#told.clear();
      const suspect = lasted || failure !== null ? null : this.#forbidden.broke();
      this.#handlers?.onClose();
      if (suspect?.isSure === true)
        this.#failed(forbiddenError(address.shownUrl, suspect.topic, 'it hangs up at'));
      else if (suspect !== null) this.#failed(new Error(`the connection broke at ${suspect.topic}`));
      else this.#failed(failure ?? this.#reconnecting.brokenError(address.shownUrl, this.#options.clientId));
      return;
    }
    if (this.#learnsFrom(failure, address)) {
      if (!this.#stopped) void this.#attempt();
      return;
    }
    this.#failed(failure ?? new Error('it hung up'));
  }

  /** @returns whether to ask again at once, with less: an older version, or a last will of fewer wishes */
  #learnsFrom(failure: unknown, address: BrokerAddress): boolean {
    if (address.limits.learnFrom(failure)) return true;
    if (address.version === 5 && mayBeVersion(failure)) {
      this.#log.debug(() => `broker ${address.shownUrl} may not speak MQTT 5: 3.1.1 is tried`);
      address.version = 4;
      return true;
    }
    // Refused in 3.1.1 as well, or hung up on: MQTT 5 gets its chance again.
    if (mayBeVersion(failure)) address.version = 5;
    return false;
  }

  #onConnect(client: MqttClient, limits: ToldLimits): void {
    if (client !== this.#client || this.#stopped) return;
    this.#noteLimits(limits);
    this.#connected = true;
    this.#connectedAtMs = performance.now();
    this.#reason = null;
    this.counts.connects++;
    this.#forbidden.begin();
    this.#oneByOne.begin();
    const { shownUrl, version } = this.#address;
    this.#log.info(`connected to ${shownUrl} with MQTT ${version === 5 ? '5' : '3.1.1'}`);
    for (const topic of this.#subscriptions) {
      this.#subscribe(topic, (why) => this.#tellForbidden(topic, `it refuses (${why}) to let us hear`));
    }
    this.#handlers?.onConnect();
  }

  /** What the broker does not have is said once. */
  #noteLimits(told: ToldLimits): void {
    const address = this.#address;
    address.limits.note(told);
    const { lacks } = address.limits;
    if (lacks !== null && lacks !== address.toldLack) this.#log.warn(`broker ${address.shownUrl}: ${lacks}`);
    address.toldLack = lacks;
  }

  #tellForbidden(topic: string, how: string): void {
    if (!this.#forbidden.isNews(topic)) return;
    this.#log.warn(describeError(forbiddenError(this.#address.shownUrl, topic, how)));
  }

  #onMessage(topic: string, payload: Buffer, packet: IPublishPacket): void {
    this.#handlers?.onIncoming(
      {
        topic,
        payload: readPayload(payload),
        // MQTT tells a receiver nothing of the sender.
        requester: { via: 'broker', user: null, from: this.#address.shownUrl },
        responseTopic: packet.properties?.responseTopic ?? null,
        correlation: packet.properties?.correlationData ?? null,
        retained: packet.retain,
      },
      (to, answer, correlation) => this.publish(to, answer, 1, false, undefined, correlation),
    );
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    const reason = describeConnectError(error, this.#address.shownUrl);
    this.counts.failures++;
    // The first failure of a kind is news, the hundredth is not.
    if (!this.#told.has(reason.message)) this.#log.warn(describeError(reason));
    if (this.#told.size < MAX_TOLD) this.#told.add(reason.message);
    this.#reason = reason;
    const again = contained(this.#onFailure, () => this.#attempt());
    // Pauses grow once all had their turn: another node of a cluster is asked soon.
    const isRoundOver = this.#addresses.next();
    const { pauseMs, shortPauseMs } = this.#reconnecting;
    this.#timer = setTimeout(again, isRoundOver ? pauseMs(error, reason) : shortPauseMs);
  }
}
