/**
 * The connection to a broker: several are tried in turn, a lost one is followed by the next at once. MQTT 3.1.1, which every
 * broker speaks (RabbitMQ hangs up on 5); a new client id and QoS 0 for each connection, so that no broker keeps a queue for
 * a page that is gone, on a node that may be.
 */
import mqtt from 'mqtt';

export type LinkState =
  | { readonly kind: 'connecting'; readonly broker: string }
  | { readonly kind: 'open'; readonly broker: string; readonly place: number; readonly of: number }
  /** It tries again by itself. @param refused a broker is there, and wants somebody else */
  | { readonly kind: 'lost'; readonly why: string; readonly refused: boolean };

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface LinkHandlers {
  message(topic: string, payload: Uint8Array, isMemory: boolean): void;
  state(state: LinkState): void;
}

type Client = ReturnType<typeof mqtt.connect>;

const CONNECT_WITHIN_MS = 4000;
/** The next broker is tried at once; when all were, pauses grow. */
const PAUSE_FIRST_MS = 250;
const PAUSE_CEILING_MS = 3000;
/** Somebody else has to sign in: asking more often is no use. */
const PAUSE_REFUSED_MS = 10_000;
const KEEPALIVE_S = 15;
/** Beds speak every second: a broker that brings nothing for so long while they did is as good as dead. */
const STILL_MS = 3500;
const LOOK_EVERY_MS = 500;

export class BrokerLink {
  readonly #brokers: readonly string[];
  readonly #handlers: LinkHandlers;
  #credentials: Credentials | null = null;
  #filters: readonly string[] = [];
  #client: Client | null = null;
  #isOpen = false;
  #next = 0;
  #failures = 0;
  #retry = 0;
  #heardMs = 0;
  /** Whether anything live came over this connection. */
  #isLively = false;

  /** @param brokers ws:// or wss://, in the order in which they are tried */
  constructor(brokers: readonly string[], handlers: LinkHandlers) {
    this.#brokers = brokers;
    this.#handlers = handlers;
  }

  /** @param credentials of the last visit; null: as nobody */
  start(credentials: Credentials | null): void {
    this.#credentials = credentials;
    this.#connect();
    window.setInterval(() => this.#look(), LOOK_EVERY_MS);
    window.addEventListener('online', () => {
      if (!this.#isOpen) this.again();
    });
  }

  /** As somebody else. */
  signIn(credentials: Credentials): void {
    this.#credentials = credentials;
    this.again();
  }

  /** Instead of waiting for the next try. */
  again(): void {
    this.#failures = 0;
    this.#connect();
  }

  /** What is listened for, now and on every later connection. */
  listenFor(filters: readonly string[]): void {
    const before = new Set(this.#filters);
    const now = new Set(filters);
    this.#filters = [...now];
    if (!this.#isOpen) return;
    const gone = [...before].filter((filter) => !now.has(filter));
    if (gone.length > 0) this.#client?.unsubscribe(gone, {}, () => {});
    this.#subscribe(this.#filters.filter((filter) => !before.has(filter)));
  }

  /** @returns false without a broker */
  publish(topic: string, payload: string): boolean {
    if (!this.#isOpen) return false;
    this.#client?.publish(topic, payload, { qos: 0 }, () => {});
    return true;
  }

  #connect(): void {
    window.clearTimeout(this.#retry);
    this.#drop();
    const broker = this.#brokers[this.#next % this.#brokers.length]!;
    this.#handlers.state({ kind: 'connecting', broker });
    let refusal = 0;
    let client: Client;
    try {
      client = mqtt.connect(broker, {
        protocolVersion: 4,
        clientId: `rhythmd-ward-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`,
        clean: true,
        reconnectPeriod: 0,
        connectTimeout: CONNECT_WITHIN_MS,
        keepalive: KEEPALIVE_S,
        resubscribe: false,
        // Others use a worker from a blob, which the policy of the page forbids.
        timerVariant: 'native',
        ...(this.#credentials === null
          ? {}
          : { username: this.#credentials.user, password: this.#credentials.password }),
      });
    } catch (error) {
      this.#fail(`${broker} cannot be opened: ${(error as Error).message}`, false);
      return;
    }
    this.#client = client;
    const isCurrent = () => this.#client === client;
    client.on('connect', () => {
      if (isCurrent()) this.#opened(broker);
    });
    client.on('message', (topic, payload, packet) => {
      if (!isCurrent()) return;
      this.#heardMs = performance.now();
      if (!packet.retain) this.#isLively = true;
      this.#handlers.message(topic, payload, packet.retain);
    });
    client.on('error', (error) => {
      if ('code' in error && typeof error.code === 'number') refusal = error.code;
    });
    client.on('close', () => {
      if (isCurrent()) this.#closed(broker, refusal);
    });
  }

  #opened(broker: string): void {
    this.#isOpen = true;
    this.#failures = 0;
    this.#isLively = false;
    this.#heardMs = performance.now();
    const place = (this.#next % this.#brokers.length) + 1;
    this.#handlers.state({ kind: 'open', broker, place, of: this.#brokers.length });
    this.#subscribe(this.#filters);
  }

  #subscribe(filters: readonly string[]): void {
    if (filters.length > 0) this.#client?.subscribe([...filters], { qos: 0 }, () => {});
  }

  #closed(broker: string, refusal: number): void {
    const wasOpen = this.#isOpen;
    const isRefused = refusal === 4 || refusal === 5;
    const said =
      this.#credentials === null ? 'wants a user and a password' : 'refuses this user and password';
    if (isRefused) this.#fail(`${broker} ${said}`, true);
    else if (wasOpen) this.#fail(`${broker} was lost`, false);
    else {
      const certificate = broker.startsWith('wss:')
        ? ', or its certificate is expired or not known to this browser'
        : '';
      this.#fail(`${broker} does not answer: nothing listens there${certificate}`, false);
    }
  }

  #fail(why: string, refused: boolean): void {
    const wasOpen = this.#isOpen;
    this.#drop();
    this.#handlers.state({ kind: 'lost', why, refused });
    this.#next = (this.#next + 1) % this.#brokers.length;
    if (!wasOpen) this.#failures++;
    const round = Math.floor(this.#failures / this.#brokers.length);
    const isRoundOver = !wasOpen && this.#failures % this.#brokers.length === 0;
    const growing = Math.min(PAUSE_CEILING_MS, PAUSE_FIRST_MS * 2 ** Math.max(0, round - 1));
    const pauseMs = refused && isRoundOver ? PAUSE_REFUSED_MS : isRoundOver ? growing : PAUSE_FIRST_MS / 5;
    window.clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => this.#connect(), pauseMs);
  }

  /** Without a word to our handlers. */
  #drop(): void {
    const client = this.#client;
    this.#client = null;
    this.#isOpen = false;
    client?.end(true);
  }

  #look(): void {
    if (!this.#isOpen || !this.#isLively || performance.now() - this.#heardMs < STILL_MS) return;
    const broker = this.#brokers[this.#next % this.#brokers.length]!;
    this.#fail(`${broker} has brought nothing for ${Math.round(STILL_MS / 1000)} s`, false);
  }
}
