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
import { contained } from '../../net/contained.ts';
import { descriptorShare } from '../../net/descriptor-share.ts';
import { HeldSockets } from '../../net/held-sockets.ts';
import { seldom } from '../../net/seldom.ts';
import type { Requester } from '../../requests/gateway.ts';
import { type Access, type AccessOptions, readAccess, refusePublish } from './embedded-access.ts';
import {
  admitForward,
  boundOfflineQueues,
  boundRetained,
  boundSessions,
  boundSubscriptions,
  type EmbeddedCounts,
  MAX_CLIENTS,
} from './embedded-limits.ts';
import { keepOvertakenPackets } from './keep-overtaken.ts';
import { type OnIncoming, type Qos, readPayload } from './messages.ts';
import { paceSocket } from './paced-socket.ts';
import { PasswordDesk } from './password-desk.ts';

/** Connections that have not said who they are, beside the clients. */
const MAX_STRANGERS = 32;
/** A client that has said nothing whole by then is none. */
const CONNECT_WITHIN_MS = 10_000;
/** For the moment until the oldest stranger's connection is closed. */
const SPARE_CONNECTIONS = 8;

export interface EmbeddedBrokerOptions extends AccessOptions {
  /** 0: any free port (tests); the one taken is in `port`. */
  readonly port: number;
}

export class EmbeddedBroker {
  readonly counts: EmbeddedCounts = { skipped: 0, closedSlow: 0, refused: 0, offlineDropped: 0, evicted: 0 };
  readonly #options: EmbeddedBrokerOptions;
  readonly #topics: Topics;
  readonly #log: Logger;
  readonly #sockets = new HeldSockets(descriptorShare(MAX_CLIENTS + MAX_STRANGERS));
  readonly #warn: (text: string) => void;
  /** Topics that clients have retained. */
  readonly #foreignRetained = new Set<string>();
  #access: Access = { checkUser: null, tls: null };
  #passwords: PasswordDesk | null = null;
  /** Those that are connected, by id: at most MAX_CLIENTS. */
  readonly #clients = new Map<string, Client>();
  /** Who has shown a password, for the audit. */
  readonly #users = new WeakMap<Client, string>();
  #broker: Aedes | null = null;
  #server: Server | null = null;

  constructor(options: EmbeddedBrokerOptions, topics: Topics, log: Logger) {
    this.#options = options;
    this.#topics = topics;
    this.#log = log;
    this.#warn = seldom((text) => log.warn(text));
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
    const { checkUser } = this.#access;
    this.#passwords = checkUser && new PasswordDesk(checkUser);
    const { Aedes } = await import('aedes');
    const { makeNumbersAsTheyGo } = await import('./packet-numbers.ts');
    makeNumbersAsTheyGo();
    const broker = await Aedes.createBroker({
      // Unlimited here: with a limit one slow subscriber would hold up all others; ours are per client.
      concurrency: 0,
      drainTimeout: 20_000,
      connectTimeout: CONNECT_WITHIN_MS,
      maxTopicLevels: 16,
      preConnect: (_client, _packet, done) => this.#admit(done),
      authenticate: (client, user, password, done) => this.#authenticate(client, user, password, done),
      authorizePublish: (client, packet, done) => {
        if (client !== null) boundRetained(packet, this.#foreignRetained);
        done(client === null ? null : refusePublish(this.#topics, packet.topic));
      },
      authorizeForward: (client, packet) => (admitForward(client, packet.qos, this.counts) ? packet : null),
    });
    boundOfflineQueues(broker, this.counts);
    boundSubscriptions(broker, this.counts);
    boundSessions(broker, this.counts);
    keepOvertakenPackets(broker);
    broker.on('clientError', (client, error) =>
      this.#log.debug(() => `client ${client.id}: ${error.message}`),
    );
    // Before this a connection is a stranger's, and makes room for the next one.
    broker.on('client', (client) => {
      this.#sockets.serve(client.conn as Socket);
      this.#clients.set(client.id, client);
    });
    broker.on('clientDisconnect', (client) => {
      if (this.#clients.get(client.id) === client) this.#clients.delete(client.id);
    });
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
    const { skipped, closedSlow, refused, offlineDropped, evicted } = this.counts;
    return {
      broker_clients: this.#broker?.connectedClients ?? 0,
      broker_skipped: skipped,
      broker_closed_slow: closedSlow,
      broker_refused: refused,
      broker_offline_dropped: offlineDropped,
      broker_evicted: evicted + this.#sockets.evicted,
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
    this.#sockets.destroyAll();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #subscribe(broker: Aedes, filter: string, onIncoming: OnIncoming): void {
    const deliver = (
      packet: { topic: string; payload: Buffer | string; clientId?: string },
      done: () => void,
    ) => {
      done();
      onIncoming(
        {
          topic: packet.topic,
          payload: readPayload(packet.payload),
          requester: this.#requesterOf(packet.clientId),
          responseTopic: null,
          correlation: null,
          // Ours dies with the daemon: what comes out of it is new.
          retained: false,
        },
        (topic, payload) => this.publish(topic, payload, 1, false),
      );
    };
    broker.subscribe(filter, deliver, () => {});
  }

  /** aedes notes who published a packet. */
  #requesterOf(clientId: string | undefined): Requester {
    const client = clientId === undefined ? undefined : this.#clients.get(clientId);
    const address = client && (client.conn as Socket).remoteAddress;
    const user = (client && this.#users.get(client)) ?? null;
    return {
      via: 'embedded broker',
      user,
      from: `${address ?? 'a client that has gone'} (${clientId ?? '?'})`,
    };
  }

  async #listen(onSocket: (socket: Socket) => void): Promise<Server> {
    const { host, port } = this.#options;
    const { tls } = this.#access;
    const fail = (error: unknown) => this.#warn(`broker: ${describeError(error)}`);
    const accept = contained(fail, (socket: Socket) => {
      this.#sockets.add(socket);
      paceSocket(socket, (reason) => this.#refuse(`${socket.remoteAddress} sent ${reason}`));
      socket.setNoDelay(true);
      onSocket(socket);
    });
    const hold = contained(fail, (socket: Socket) => this.#sockets.add(socket));
    const secure = { ...tls, minVersion: 'TLSv1.2', handshakeTimeout: CONNECT_WITHIN_MS } as const;
    const server = tls
      ? (await import('node:tls')).createServer(secure, accept).on('connection', hold)
      : createServer(accept);
    server.maxConnections = descriptorShare(MAX_CLIENTS + MAX_STRANGERS) + SPARE_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, host, port)));
      server.listen(port, host, resolve);
    });
    server.on('error', (error) => this.#warn(`the embedded broker takes no connection: ${error.message}`));
    return server;
  }

  /** aedes leaves a client that is refused without an error where it is, for ever. */
  #admit(done: (error: Error | null, success: boolean) => void): void {
    if ((this.#broker?.connectedClients ?? 0) < MAX_CLIENTS) done(null, true);
    else {
      this.#refuse(`${MAX_CLIENTS} clients are connected, a further one was refused`);
      done(new Error('too many clients'), false);
    }
  }

  #authenticate(
    client: Client,
    user: string | undefined,
    password: Buffer | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void {
    if (this.#passwords === null) {
      done(null, true);
      return;
    }
    const name = user ?? '';
    const address = (client.conn as Socket).remoteAddress ?? '';
    // MQTT 3.1.1, 3.2.2.3: 4 is bad user name or password, 3 that the server cannot now.
    const refuse = (returnCode: 3 | 4, reason: string) => {
      this.#refuse(`client ${JSON.stringify(client.id)} at ${address} was refused: ${reason}`);
      done(Object.assign(new Error(reason), { returnCode }), false);
    };
    this.#passwords.admit(address, name, password?.toString() ?? '').then(
      (admission) => {
        if (admission === 'known') {
          this.#users.set(client, name);
          done(null, true);
        } else if (admission === 'wrong') refuse(4, 'wrong user or password');
        else refuse(3, 'too many wrong passwords, wait a minute');
      },
      (error) => {
        this.#log.error(describeError(error));
        refuse(3, 'passwords cannot be checked now');
      },
    );
  }

  #refuse(text: string): void {
    this.counts.refused++;
    this.#warn(text);
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
