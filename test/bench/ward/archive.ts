/** Everything of all beds, at least once and in order: by a session of MQTT that the broker keeps, or by the queue of the example archive. */
import { connect, type IClientOptions } from 'mqtt';
import { consumeInOrder } from '../../../config/deploy/archive/ordered-queue.mjs';

interface Lane {
  latest: number;
  readonly seen: Set<number>;
}

export class Archive {
  repeated = 0;
  outOfOrder = 0;
  messages = 0;
  listens = false;
  readonly #lanes = new Map<string, Lane>();
  #stop: () => void = () => {};

  byMqtt(url: string, base: string, options: IClientOptions): void {
    const session = {
      clientId: `rhythmd-archive-${process.pid}`,
      clean: false,
      reconnectPeriod: 500,
      keepalive: 5,
      // Of MQTT 5 a session ends with its connection unless it says otherwise.
      ...(options.protocolVersion === 5
        ? { properties: { sessionExpiryInterval: 3600, receiveMaximum: 100 } }
        : {}),
    };
    const client = connect(url, { ...options, ...session });
    client.on('error', () => {});
    client.on('connect', () =>
      client.subscribe([`${base}/+/beat`, `${base}/+/alert`], { qos: 1 }, () => {
        this.listens = true;
      }),
    );
    client.on('message', (topic, payload) => this.#take(topic, payload.toString()));
    this.#stop = () => client.end(true);
  }

  /** @param urls amqp://host:port of every node of RabbitMQ */
  byQueue(urls: readonly string[], base: string, user: string, password: string): void {
    const filters = [`${base}/+/beat`, `${base}/+/alert`];
    const options = { urls, user, password, queue: 'rhythmd-archive', filters };
    const take = async (topic: string, payload: Buffer) => this.#take(topic, payload.toString());
    const stop = consumeInOrder(options, take, (line) => {
      this.listens ||= line.startsWith('archiving');
    });
    this.#stop = () => void stop();
  }

  /** How many different messages of a bed came. */
  count(bed: string, path: 'beat' | 'alert'): number {
    return this.#lanes.get(`${bed}/${path}`)?.seen.size ?? 0;
  }

  stop(): void {
    this.#stop();
  }

  #take(topic: string, text: string): void {
    this.messages++;
    const event = JSON.parse(text) as { seq?: number; sample: number };
    // Of an alert the sample says after which beat it was told.
    const number = event.seq ?? event.sample;
    const lane = this.#lanes.get(topic) ?? { latest: 0, seen: new Set() };
    this.#lanes.set(topic, lane);
    if (lane.seen.has(number)) {
      this.repeated++;
      return;
    }
    lane.seen.add(number);
    if (number < lane.latest) this.outOfOrder++;
    lane.latest = Math.max(lane.latest, number);
  }
}
