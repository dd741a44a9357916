/** The latest payload of every retained topic: said at once, and again after every new connection. */
import type { BrokerConnection } from './broker-connection.ts';
import type { EmbeddedBroker } from './embedded-broker.ts';
import type { Qos } from './messages.ts';

interface Retained {
  readonly payload: string;
  readonly qos: Qos;
}

export class RetainedTopics {
  readonly #embedded: EmbeddedBroker | null;
  readonly #connection: BrokerConnection | null;
  readonly #latest = new Map<string, Retained>();

  constructor(embedded: EmbeddedBroker | null, connection: BrokerConnection | null) {
    this.#embedded = embedded;
    this.#connection = connection;
  }

  /** For the next connection only. */
  remember(topic: string, event: object, qos: Qos): string {
    const payload = JSON.stringify(event);
    this.#latest.set(topic, { payload, qos });
    return payload;
  }

  publish(topic: string, event: object, qos: Qos): void {
    const payload = this.remember(topic, event, qos);
    this.#embedded?.publish(topic, payload, qos, true);
    this.#connection?.publish(topic, payload, qos, true);
  }

  /** Into the embedded broker, which has just started. */
  repeatEmbedded(): void {
    for (const [topic, { payload, qos }] of this.#latest) this.#embedded?.publish(topic, payload, qos, true);
  }

  /**
   * To the external broker, one by one: brokers limit what is on its way.
   * @param topics those that were said; all of them unless named
   * @returns whether the connection lasted that long
   */
  async repeatExternal(topics: readonly string[] = [...this.#latest.keys()]): Promise<boolean> {
    const connection = this.#connection;
    if (!connection) return false;
    for (const topic of topics) {
      const latest = this.#latest.get(topic);
      if (latest === undefined) continue;
      const { payload, qos } = latest;
      if (qos === 0) {
        connection.publish(topic, payload, qos, true);
        continue;
      }
      const taken = await new Promise<boolean>((resolve) => {
        if (!connection.publish(topic, payload, qos, true, () => resolve(true))) resolve(false);
      });
      if (!taken) return false;
    }
    return true;
  }
}
