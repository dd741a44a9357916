/** A subscriber for tests: everything it received, in order. */
import type { TestContext } from 'node:test';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { until } from './until.ts';

export interface Received {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
  readonly qos: number;
}

export class Subscriber {
  readonly received: Received[] = [];
  readonly client: MqttClient;

  private constructor(client: MqttClient) {
    this.client = client;
  }

  /** Connects, then subscribes; both are done when it resolves. Gone when the test ends, however it ends. */
  static async connect(
    t: TestContext,
    url: string,
    filters: string | string[],
    options: IClientOptions = {},
  ): Promise<Subscriber> {
    const client = await connectAsync(url, { reconnectPeriod: 100, ...options }, false);
    const subscriber = new Subscriber(client);
    t.after(() => subscriber.close());
    client.on('message', (topic, payload, packet) => {
      subscriber.received.push({ topic, text: payload.toString(), retain: packet.retain, qos: packet.qos });
    });
    await client.subscribeAsync(filters, { qos: 1 });
    return subscriber;
  }

  /** The same, for a broker that is still starting. */
  static async connectWhenThere(
    t: TestContext,
    url: string,
    filters: string | string[],
  ): Promise<Subscriber> {
    let subscriber: Subscriber | null = null;
    await until(
      async () => {
        subscriber = await Subscriber.connect(t, url, filters).catch(() => null);
        return subscriber !== null;
      },
      `a broker at ${url}`,
      60_000,
    );
    return subscriber!;
  }

  on(topic: string): Received[] {
    return this.received.filter((message) => message.topic === topic);
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  json(topic: string): any[] {
    return this.on(topic).map((message) => JSON.parse(message.text));
  }

  async until(topic: string, count = 1, timeoutMs = 30_000): Promise<void> {
    await until(
      () => this.on(topic).length >= count,
      () => `${count} on ${topic}; so far ${this.received.map((message) => message.topic).join(' ')}`,
      timeoutMs,
    );
  }

  async close(): Promise<void> {
    this.client.end(true);
  }
}
