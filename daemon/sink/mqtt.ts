/**
 * Publishes to MQTT: into the embedded broker directly, and to an external one through the outbox. Either,
 * both or none may be there; the rest of the daemon does not notice.
 *
 * Beats, alerts and strips go to the external broker from the outbox, in order, at least once. Retained
 * topics keep their latest payload here and are said again after every connection. The embedded broker
 * dies with the daemon, so nothing can wait for it: it gets everything at once.
 */
import { describeError } from '@rhythmd/ecg/errors.ts';
import type {
  AlertEvent,
  BeatEvent,
  HealthEvent,
  InfoEvent,
  LeadEvent,
  StateEvent,
  StripEvent,
  VitalsEvent,
} from '../events.ts';
import type { Logger } from '../log/logger.ts';
import type { RequestHandler } from '../requests.ts';
import { ActiveAlerts } from './mqtt/active-alerts.ts';
import { BrokerConnection, type BrokerOptions, type BrokerStatus } from './mqtt/broker-connection.ts';
import { EmbeddedBroker, type EmbeddedBrokerOptions } from './mqtt/embedded-broker.ts';
import type { OnIncoming, Qos } from './mqtt/messages.ts';
import { RequestDesk } from './mqtt/request-desk.ts';
import { Sender } from './mqtt/sender.ts';
import { type Topics, topicsOf } from './mqtt/topics.ts';
import { within } from './mqtt/within.ts';
import type { Lane, Outbox, OutboxCounts } from './outbox/message.ts';
import type { Sink } from './sink.ts';

export interface MqttSinkOptions {
  readonly device: string;
  /** null: no embedded broker. */
  readonly embedded: EmbeddedBrokerOptions | null;
  /** null: no external broker, and no outbox. */
  readonly external: { readonly broker: BrokerOptions; readonly outbox: Outbox } | null;
  /** Answers `request/<verb>`; null: requests are not taken. */
  readonly requests: RequestHandler | null;
  readonly log: Logger;
  /** Wall time, Unix milliseconds. */
  readonly nowMs: () => number;
}

/** How long stop() waits for the broker to take what is left, and for the disk. */
const DRAIN_MS = 2000;
const CLOSE_MS = 3000;

interface Retained {
  readonly payload: string;
  readonly qos: Qos;
}

export class MqttSink implements Sink {
  readonly name = 'mqtt';
  readonly #options: MqttSinkOptions;
  readonly #topics: Topics;
  readonly #embedded: EmbeddedBroker | null;
  readonly #connection: BrokerConnection | null;
  readonly #outbox: Outbox | null;
  readonly #sender: Sender | null;
  readonly #desk: RequestDesk | null;
  readonly #alerts = new ActiveAlerts();
  /** The latest payload of every retained topic. */
  readonly #retained = new Map<string, Retained>();

  /** @throws E_DEVICE_ID */
  constructor(options: MqttSinkOptions) {
    const { device, embedded, external, requests, log, nowMs } = options;
    this.#options = options;
    this.#topics = topicsOf(device);
    this.#embedded = embedded ? new EmbeddedBroker(embedded, this.#topics, log) : null;
    this.#connection = external ? new BrokerConnection(external.broker, log) : null;
    this.#outbox = external?.outbox ?? null;
    this.#sender =
      this.#outbox && this.#connection ? new Sender(this.#outbox, this.#connection, log, nowMs) : null;
    this.#desk = requests ? new RequestDesk(requests, this.#topics, log) : null;
  }

  /** The embedded broker's port; null while it does not listen. */
  get embeddedPort(): number | null {
    return this.#embedded?.port ?? null;
  }

  /** Waits for no broker. What cannot be had is logged, and the rest goes on. */
  async start(): Promise<void> {
    this.#retain(this.#topics.alertActive, [], 1);
    const subscriptions = this.#desk ? [this.#topics.requests] : [];
    const onIncoming: OnIncoming = (message, answer) => this.#desk?.take(message, answer);
    this.#retain(this.#topics.state, this.#state('online'), 1);
    await this.#reportFailure(this.#embedded?.start(subscriptions, onIncoming));
    for (const [topic, { payload, qos }] of this.#retained)
      this.#embedded?.publish(topic, payload, qos, true);
    await this.#reportFailure(this.#outbox?.open());
    this.#connection?.start(subscriptions, {
      will: () => ({ topic: this.#topics.state, payload: JSON.stringify(this.#state('offline')) }),
      onConnect: () => void this.#onConnect(),
      onClose: () => this.#sender?.disconnected(),
      onIncoming,
    });
  }

  async stop(): Promise<void> {
    const farewell = { topic: this.#topics.state, payload: JSON.stringify(this.#state('offline')) };
    this.#embedded?.publish(farewell.topic, farewell.payload, 1, true);
    await this.#sender?.drain(DRAIN_MS);
    this.#sender?.disconnected();
    await this.#connection?.stop(farewell);
    // A disk that hangs must not keep the daemon from stopping.
    await within(CLOSE_MS, (done) => void this.#reportFailure(this.#outbox?.close()).then(done));
    await this.#embedded?.stop();
  }

  info(event: InfoEvent): void {
    this.#retain(this.#topics.info, event, 1);
  }

  lead(event: LeadEvent): void {
    this.#retain(this.#topics.lead, event, 1);
  }

  vitals(event: VitalsEvent): void {
    this.#retain(this.#topics.vitals, event, 0);
  }

  health(event: HealthEvent): void {
    this.#retain(this.#topics.health, event, 0);
  }

  beat(event: BeatEvent): void {
    this.#deliver('beat', this.#topics.beat, event, event.t_ms);
  }

  alert(event: AlertEvent): void {
    this.#deliver('alert', this.#topics.alert, event, event.t_ms);
    const active = this.#alerts.apply(event);
    if (active) this.#retain(this.#topics.alertActive, active, 1);
  }

  strip(event: StripEvent): void {
    this.#deliver('strip', this.#topics.strip(event.alert_id), event, event.t_ms);
  }

  /** For `health.broker`: the external broker when there is one. */
  brokerStatus(): BrokerStatus {
    if (this.#connection) return this.#connection.status();
    const { embedded } = this.#options;
    const connected = this.#embedded?.running ?? false;
    const port = this.#embedded?.port ?? embedded?.port;
    if (!embedded) return { connected, url: '', reason: 'no broker is configured' };
    const url = `${embedded.certFile !== '' ? 'mqtts' : 'mqtt'}://${embedded.host}:${port}`;
    return { connected, url, reason: connected ? null : 'the embedded broker does not listen' };
  }

  /** For `health.outbox`; null without an external broker. */
  outboxStatus(): OutboxCounts | null {
    return this.#outbox?.counts() ?? null;
  }

  counters(): Readonly<Record<string, number>> {
    const counters: Record<string, number> = {};
    if (this.#connection && this.#sender && this.#outbox) {
      const outbox = this.#outbox.counts();
      counters.outbox_messages = outbox.messages;
      counters.outbox_unstored = outbox.unstored;
      counters.outbox_damaged = outbox.damaged;
      counters.outbox_dropped = outbox.dropped;
      counters.outbox_dropped_alerts = outbox.droppedAlerts;
      counters.mqtt_in_flight = this.#sender.inFlight;
      counters.mqtt_sent = this.#sender.counts.sent;
      counters.mqtt_repeated = this.#sender.counts.repeated;
      counters.mqtt_refused = this.#sender.counts.refused;
      counters.mqtt_skipped = this.#connection.counts.skipped;
      counters.mqtt_connects = this.#connection.counts.connects;
    }
    if (this.#embedded) {
      const { clients, skipped, closedSlow, refused, offlineDropped } = this.#embedded.counts;
      counters.broker_clients = clients;
      counters.broker_skipped = skipped;
      counters.broker_closed_slow = closedSlow;
      counters.broker_refused = refused;
      counters.broker_offline_dropped = offlineDropped;
    }
    return counters;
  }

  #deliver(lane: Lane, topic: string, event: object, tMs: number): void {
    const payload = JSON.stringify(event);
    this.#outbox?.push(lane, topic, payload, tMs);
    this.#embedded?.publish(topic, payload, 1, false);
  }

  #retain(topic: string, event: object, qos: Qos): void {
    const payload = JSON.stringify(event);
    this.#retained.set(topic, { payload, qos });
    this.#embedded?.publish(topic, payload, qos, true);
    this.#connection?.publish(topic, payload, qos, true);
  }

  /** Birth, then what is retained, one by one (brokers limit what is on its way), then the outbox. */
  async #onConnect(): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    this.#retained.set(this.#topics.state, { payload: JSON.stringify(this.#state('online')), qos: 1 });
    for (const topic of this.#retained.keys()) {
      const { payload, qos } = this.#retained.get(topic) as Retained;
      if (qos === 0) {
        connection.publish(topic, payload, qos, true);
        continue;
      }
      const taken = await new Promise<boolean>((resolve) => {
        if (!connection.publish(topic, payload, qos, true, () => resolve(true))) resolve(false);
      });
      if (!taken) return;
    }
    this.#sender?.connected();
  }

  #state(state: StateEvent['state']): StateEvent {
    return { state, t_ms: this.#options.nowMs() };
  }

  async #reportFailure(work: Promise<void> | undefined): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#options.log.error(describeError(error));
    }
  }
}
