/**
 * A broker of MQTT 3.1.1 that answers what it does not like as RabbitMQ does: it hangs up without a word, on MQTT 5, on a topic that
 * may not be published and on one that may not be heard.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';

export interface StrictRules {
  readonly speaks5?: boolean;
  readonly forbidsPublish?: (topic: string) => boolean;
  readonly forbidsSubscribe?: (topic: string) => boolean;
}

export class StrictBroker {
  rules: StrictRules;
  /** `topic qos` of every subscription that was asked for. */
  readonly subscriptions: string[] = [];
  /** Topics of what came, in order. */
  readonly published: string[] = [];
  connects = 0;
  readonly #sockets = new Set<Socket>();
  #broker: Aedes | null = null;
  #server: Server | null = null;
  #port = 0;

  constructor(rules: StrictRules = {}) {
    this.rules = rules;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const hangUp = (client: Client) => (client.conn as Socket).destroy();
    const broker = await Aedes.createBroker({
      preConnect: (client, packet, done) => {
        this.connects++;
        if (packet.protocolVersion === 5 && this.rules.speaks5 !== true) return void hangUp(client);
        done(null, true);
      },
      authorizePublish: (client, packet, done) => {
        if (client !== null && this.rules.forbidsPublish?.(packet.topic)) return void hangUp(client);
        if (client !== null) this.published.push(packet.topic);
        done(null);
      },
      authorizeSubscribe: (client, subscription, done) => {
        if (client !== null) this.subscriptions.push(`${subscription.topic} ${subscription.qos}`);
        if (client !== null && this.rules.forbidsSubscribe?.(subscription.topic)) return void hangUp(client);
        done(null, subscription);
      },
    });
    broker.on('clientError', () => {});
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      broker.handle(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    this.#broker = broker;
    this.#server = server;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()) ?? resolve());
    await new Promise<void>((resolve) => this.#broker?.close(() => resolve()) ?? resolve());
    this.#server = null;
    this.#broker = null;
  }
}
