/**
 * A broker inside the daemon (aedes, MQTT 3.1.1): a dashboard can subscribe with nothing else installed.
 * We publish into it directly, without a connection. It listens on loopback only, unless it has both
 * users and TLS. What it holds for others is in memory: it dies with the daemon, an external broker does not.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Topics } from '@rhythmd/protocol/topics.ts';
import type { Aedes, AuthenticateError, Client } from 'aedes';
import type { Logger } from '../../log/logger.ts';
import { type Access, type AccessOptions, readAccess, refusePublish } from './embedded-access.ts';
import {
  admitForward,
  boundOfflineQueues,
  boundRetained,
  type EmbeddedCounts,
  MAX_CLIENTS,
} from './embedded-limits.ts';
import { keepOvertakenPackets } from './keep-overtaken.ts';
import { type OnIncoming, type Qos, readPayload } from './messages.ts';

export interface EmbeddedBrokerOptions extends AccessOptions {
  /** 0: any free port (tests); the one taken is in `port`. */
  readonly port: number;
}

export class EmbeddedBroker {
  readonly counts: EmbeddedCounts = { skipped: 0, closedSlow: 0, refused: 0, offlineDropped: 0 };
  readonly #options: EmbeddedBrokerOptions;
  readonly #topics: Topics;
  readonly #log: Logger;
  readonly #sockets = new Set<Socket>();
  /** Topics that clients have retained. */
  readonly #foreignRetained = new Set<string>();
  #access: Access = { checkUser: null, tls: null };
  #broker: Aedes | null = null;
  #server: Server | null = null;

  constructor(options: EmbeddedBrokerOptions, topics: Topics, log: Logger) {
    this.#options = options;
    this.#topics = topics;
    this.#log = log;
  }

  get running(): boolean {
    return this.#server?.listening ?? false;
  }

  /** The port that was taken; null while it does not listen. */
  get port(): number | null {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : null;
  }

  /**
   * @throws E_BROKER_OPEN, E_BROKER_USERS, E_BROKER_CERTIFICATE before anything is opened
   * @throws E_BROKER_PORT when the port cannot be had
   */
  async start(subscriptions: readonly string[], onIncoming: OnIncoming): Promise<void> {
    this.#access = await readAccess(this.#options);
    const { Aedes } = await import('aedes');
    const broker = await Aedes.createBroker({
      // Unlimited here: with a limit one slow subscriber would hold up all others; ours are per client.
      concurrency: 0,
      drainTimeout: 20_000,
      connectTimeout: 10_000,
      maxTopicLevels: 16,
      preConnect: (_client, _packet, done) => done(null, this.#admit()),
      authenticate: (client, user, password, done) => this.#authenticate(client, user, password, done),
      authorizePublish: (client, packet, done) => {
        if (client !== null) boundRetained(packet, this.#foreignRetained);
        done(client === null ? null : refusePublish(this.#topics, packet.topic));
      },
      authorizeForward: (client, packet) => (admitForward(client, packet.qos, this.counts) ? packet : null),
    });
    boundOfflineQueues(broker, this.counts);
    keepOvertakenPackets(broker);
    broker.on('clientError', (client, error) =>
      this.#log.debug(() => `client ${client.id}: ${error.message}`),
    );
    this.#broker = broker;
    for (const topic of subscriptions) this.#subscribe(broker, topic, onIncoming);
    try {
      this.#server = await this.#listen((socket) => broker.handle(socket));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  counters(): Record<string, number> {
    const { skipped, closedSlow, refused, offlineDropped } = this.counts;
    return {
      broker_clients: this.#broker?.connectedClients ?? 0,
      broker_skipped: skipped,
      broker_closed_slow: closedSlow,
      broker_refused: refused,
      broker_offline_dropped: offlineDropped,
    };
  }

  publish(topic: string, payload: string | Buffer, qos: Qos, retain: boolean): void {
    // `cmd`, `dup` belong to a packet that came over a wire; aedes' types want them here too.
    this.#broker?.publish({ cmd: 'publish', dup: false, topic, payload, qos, retain }, (error) => {
      if (error) this.#log.debug(() => `publish ${topic}: ${error.message}`);
    });
  }

  async stop(): Promise<void> {
    const [server, broker] = [this.#server, this.#broker];
    this.#server = null;
    this.#broker = null;
    if (broker) await new Promise<void>((resolve) => broker.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #subscribe(broker: Aedes, filter: string, onIncoming: OnIncoming): void {
    const deliver = (packet: { topic: string; payload: Buffer | string }, done: () => void) => {
      done();
      onIncoming(
        {
          topic: packet.topic,
          payload: readPayload(packet.payload),
          requester: { via: 'embedded broker', name: null },
          responseTopic: null,
          correlation: null,
        },
        (topic, payload) => this.publish(topic, payload, 1, false),
      );
    };
    broker.subscribe(filter, deliver, () => {});
  }

  async #listen(onSocket: (socket: Socket) => void): Promise<Server> {
    const { host, port } = this.#options;
    const { tls } = this.#access;
    const accept = (socket: Socket) => {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => this.#sockets.delete(socket));
      onSocket(socket);
    };
    const server = tls
      ? (await import('node:tls')).createServer({ ...tls, minVersion: 'TLSv1.2' }, accept)
      : createServer(accept);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, host, port)));
      server.listen(port, host, resolve);
    });
    server.on('error', (error) => this.#log.warn(`broker: ${error.message}`));
    return server;
  }

  #admit(): boolean {
    if ((this.#broker?.connectedClients ?? 0) < MAX_CLIENTS) return true;
    this.counts.refused++;
    return false;
  }

  #authenticate(
    client: Client,
    user: string | undefined,
    password: Buffer | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void {
    const { checkUser } = this.#access;
    if (checkUser === null) {
      done(null, true);
      return;
    }
    const refused = () => {
      this.counts.refused++;
      this.#log.warn(`client ${JSON.stringify(client.id)} was refused: wrong user or password`);
      // 4: bad user name or password (MQTT 3.1.1, 3.2.2.3).
      done(Object.assign(new Error('bad user name or password'), { returnCode: 4 }), false);
    };
    checkUser(user ?? '', password?.toString() ?? '').then(
      (known) => (known ? done(null, true) : refused()),
      (error) => {
        this.#log.error(describeError(error));
        refused();
      },
    );
  }
}

function portError(error: NodeJS.ErrnoException, host: string, port: number): RhythmdError {
  const fix =
    error.code === 'EADDRINUSE'
      ? `Another broker is there: set mqtt.url to mqtt://${host}:${port} to use it, or mqtt.embedded_port to a free port (0: none)`
      : 'Set mqtt.embedded_port to a free port above 1024 (0: none)';
  return new RhythmdError('E_BROKER_PORT', `the embedded broker cannot listen on ${host}:${port}`, fix, {
    cause: error,
  });
}
