/**
 * Publishes to MQTT: into the embedded broker directly, and to an external one through the outbox. Either,
 * both or none may be there; the rest of the daemon does not notice.
 *
 * Beats, alerts and strips go to the external broker from the outbox, in order, at least once. Retained
 * topics keep their latest payload here and are said again after every connection. The embedded broker
 * dies with the daemon, so nothing can wait for it: it gets everything at once.
 */
import { describeError } from '@rhythmd/ecg/errors.ts';
import type { Samples } from '@rhythmd/ecg/types.ts';
import type {
  AlertEvent,
  BeatEvent,
  HealthEvent,
  InfoEvent,
  LeadEvent,
  StateEvent,
  StripEvent,
  VitalsEvent,
} from '@rhythmd/protocol/events.ts';
import { type Topics, topicsOf } from '@rhythmd/protocol/topics.ts';
import type { Logger } from '../log/logger.ts';
import { contained } from '../net/contained.ts';
import type { Sink } from '../publish/sink.ts';
import type { RequestGateway } from '../requests/gateway.ts';
import { ActiveAlerts } from './mqtt/active-alerts.ts';
import { BrokerConnection, type BrokerOptions, type BrokerStatus } from './mqtt/broker-connection.ts';
import { EmbeddedBroker, type EmbeddedBrokerOptions } from './mqtt/embedded-broker.ts';
import { birthTopicsOf, discoveryOf, formerDiscoveriesOf, isDiscovery } from './mqtt/home-assistant.ts';
import type { IncomingMessage, OnIncoming } from './mqtt/messages.ts';
import { RequestDesk } from './mqtt/request-desk.ts';
import { RetainedTopics } from './mqtt/retained-topics.ts';
import { Sender } from './mqtt/sender.ts';
import { WaveTopic } from './mqtt/wave-topic.ts';
import { within } from './mqtt/within.ts';
import type { Lane, Outbox, OutboxCounts } from './outbox/message.ts';

export interface MqttSinkOptions {
  readonly device: string;
  /** What stands above it in topics. */
  readonly base?: string;
  /** So often `state`, `info`, `lead` and `alert/active` are said again; 0: not. */
  readonly sayAgainMs?: number;
  /** null: no embedded broker. */
  readonly embedded: EmbeddedBrokerOptions | null;
  /** null: no external broker, and no outbox. */
  readonly external: { readonly broker: BrokerOptions; readonly outbox: Outbox } | null;
  /** The discovery prefix of Home Assistant; null: it is not told of us. */
  readonly homeAssistant: string | null;
  /** Prefixes under which we may have introduced ourselves before. */
  readonly formerHomeAssistant?: readonly string[];
  /** Publishes the waveform always, not only for a while when it is asked for. */
  readonly wave: boolean;
  /** Answers `request/<verb>`; null: requests are not taken. */
  readonly requests: RequestGateway | null;
  readonly log: Logger;
  /** Wall time, Unix milliseconds. */
  readonly nowMs: () => number;
  /** A clock that nobody sets. */
  readonly monotonicMs: () => number;
}

/** How long stop() waits for the broker to take what is left, and for the disk. */
const DRAIN_MS = 2000;
const CLOSE_MS = 3000;
/** How long the waveform is published for whoever asked and did not say. */
const WAVE_S = 60;
/** A broker that keeps nothing is told again what it would have kept, whatever the configuration says. */
const KEEPS_NOTHING_MS = 60_000;

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
  readonly #retained: RetainedTopics;
  readonly #wave: WaveTopic;
  /** Until when somebody looks on (the request `wave`), by the clock that nobody sets. */
  #waveUntilMs = Number.NEGATIVE_INFINITY;
  /** Where an earlier configuration of ours may have left a discovery. */
  readonly #formerDiscoveries: readonly string[];
  #info: InfoEvent | null = null;
  #repeating: NodeJS.Timeout | null = null;
  #isClosed = false;

  /** @throws E_DEVICE_ID */
  constructor(options: MqttSinkOptions) {
    const { device, embedded, external, requests, log, monotonicMs } = options;
    this.#options = options;
    this.#topics = topicsOf(device, options.base);
    this.#formerDiscoveries = formerDiscoveriesOf(
      device,
      options.formerHomeAssistant ?? [],
      options.homeAssistant,
    );
    this.#embedded = embedded ? new EmbeddedBroker(embedded, this.#topics, log) : null;
    this.#connection = external ? new BrokerConnection(external.broker, log) : null;
    this.#outbox = external?.outbox ?? null;
    this.#sender =
      this.#outbox && this.#connection ? new Sender(this.#outbox, this.#connection, log, monotonicMs) : null;
    this.#retained = new RetainedTopics(this.#embedded, this.#connection);
    this.#wave = new WaveTopic((payload) => this.#publishWave(payload));
    this.#desk = requests ? new RequestDesk(requests, this.#topics) : null;
    requests?.register({ wave: ({ seconds }) => this.#lendWave(seconds ?? WAVE_S) });
  }

  /** The embedded broker's port; null while it does not listen. */
  get embeddedPort(): number | null {
    return this.#embedded?.port ?? null;
  }

  /** Waits for no broker. What cannot be had is logged, and the rest goes on. */
  async start(): Promise<void> {
    const { homeAssistant } = this.#options;
    const births = homeAssistant === null ? [] : birthTopicsOf(homeAssistant);
    const subscriptions = [...(this.#desk ? [this.#topics.requests] : []), ...births];
    const onIncoming: OnIncoming = (message, answer) => {
      if (message.retained) this.#takeBack(message);
      else if (!births.includes(message.topic)) this.#desk?.take(message, contained(this.#onFailure, answer));
      else if (message.payload === 'online') this.#greetHomeAssistant();
    };
    this.#retained.remember(this.#topics.state, this.#state('online'), 1);
    this.#retained.remember(this.#topics.alertActive, [], 1);
    await this.#reportFailure(this.#embedded?.start(subscriptions, onIncoming));
    this.#retained.repeatEmbedded();
    await this.#reportFailure(this.#outbox?.open());
    this.#connection?.start(subscriptions, {
      will: () => ({ topic: this.#topics.state, payload: JSON.stringify(this.#state('offline')) }),
      onConnect: contained(this.#onFailure, () => this.#onConnect()),
      onClose: () => this.#onClose(),
      onIncoming,
    });
  }

  readonly #onFailure = (error: unknown): void => {
    this.#options.log.error(() => describeError(error));
  };

  async stop(): Promise<void> {
    if (this.#repeating) clearInterval(this.#repeating);
    const farewell = { topic: this.#topics.state, payload: JSON.stringify(this.#state('offline')) };
    this.#embedded?.publish(farewell.topic, farewell.payload, 1, true);
    await this.#sender?.drain(DRAIN_MS);
    this.#sender?.disconnected();
    await this.#connection?.stop(farewell);
    // Nothing is told from here on that could not be kept: in the last resort the source still speaks.
    this.#isClosed = true;
    // A disk that hangs must not keep the daemon from stopping.
    await within(CLOSE_MS, (done) => void this.#reportFailure(this.#outbox?.close()).then(done));
    await this.#embedded?.stop();
  }

  info(event: InfoEvent): void {
    this.#info = event;
    this.#introduce();
    this.#retained.publish(this.#topics.info, event, 1);
  }

  lead(event: LeadEvent): void {
    this.#retained.publish(this.#topics.lead, event, 1);
  }

  vitals(event: VitalsEvent): void {
    this.#retained.publish(this.#topics.vitals, event, 0);
  }

  health(event: HealthEvent): void {
    this.#retained.publish(this.#topics.health, event, 0);
  }

  wave(samples: Samples): void {
    if (this.#options.wave || this.#options.monotonicMs() < this.#waveUntilMs) this.#wave.push(samples);
    else this.#wave.flush();
  }

  beat(event: BeatEvent): void {
    this.#deliver('beat', this.#topics.beat, event, event.t_ms);
  }

  alert(event: AlertEvent): void {
    this.#deliver('alert', this.#topics.alert, event, event.t_ms);
    const active = this.#alerts.apply(event);
    if (active) this.#retained.publish(this.#topics.alertActive, active, 1);
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
    return { ...this.#sender?.counters(), ...this.#embedded?.counters() };
  }

  #deliver(lane: Lane, topic: string, event: object, tMs: number): void {
    if (this.#isClosed) return;
    const payload = JSON.stringify(event);
    this.#outbox?.push(lane, topic, payload, tMs);
    this.#embedded?.publish(topic, payload, 1, false);
  }

  #publishWave(payload: Buffer): void {
    this.#embedded?.publish(this.#topics.wave, payload, 0, false);
    this.#connection?.publish(this.#topics.wave, payload, 0, false);
  }

  #lendWave(seconds: number): { until_ms: number } {
    const { nowMs, monotonicMs } = this.#options;
    const now = monotonicMs();
    this.#waveUntilMs = Math.max(this.#waveUntilMs, now + seconds * 1000);
    return { until_ms: Math.round(nowMs() + this.#waveUntilMs - now) };
  }

  #introduce(): void {
    const { homeAssistant, device } = this.#options;
    if (homeAssistant === null || this.#info === null) return;
    const { topic, payload } = discoveryOf(homeAssistant, device, this.#topics, this.#info);
    this.#retained.publish(topic, payload, 1);
  }

  /** Home Assistant has started: it wants to hear of devices and their states again. */
  #greetHomeAssistant(): void {
    this.#introduce();
    this.#retained.repeatEmbedded();
    void this.#retained.repeatExternal();
  }

  /** Birth and what is retained first, then the outbox. */
  async #onConnect(): Promise<void> {
    this.#retained.remember(this.#topics.state, this.#state('online'), 1);
    if (await this.#retained.repeatExternal()) this.#sender?.connected();
    this.#connection?.peek(this.#formerDiscoveries);
    this.#keepSaying();
  }

  /** Not every broker gives what it keeps to who subscribes later. What changes each second says itself. */
  #keepSaying(): void {
    const { sayAgainMs = 0 } = this.#options;
    const everyMs = sayAgainMs > 0 ? sayAgainMs : KEEPS_NOTHING_MS;
    const connection = this.#connection;
    if (!connection?.connected || this.#repeating || (sayAgainMs === 0 && connection.retains)) return;
    const { state, info, lead, alertActive } = this.#topics;
    const repeat = contained(this.#onFailure, () => {
      this.#retained.remember(state, this.#state('online'), 1);
      return this.#retained.repeatExternal(connection.retains ? [state, info, lead, alertActive] : undefined);
    });
    this.#repeating = setInterval(repeat, everyMs);
  }

  #onClose(): void {
    if (this.#repeating) clearInterval(this.#repeating);
    this.#repeating = null;
    this.#sender?.disconnected();
  }

  /** What a discovery that is off, or has another prefix now, has left with the broker is taken from it again. */
  #takeBack({ topic, payload }: IncomingMessage): void {
    if (!this.#formerDiscoveries.includes(topic)) return;
    this.#connection?.forget([topic]);
    if (payload === null || !isDiscovery(payload)) return;
    this.#options.log.info(`Home Assistant forgets us at ${topic}: homeassistant.discovery says so`);
    this.#connection?.publish(topic, '', 1, true);
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
