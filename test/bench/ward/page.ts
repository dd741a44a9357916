/** A page of some beds of a ward, which starts anew on another broker. */
import { presenceOf } from '@rhythmd/protocol/presence.ts';
import { readTopic } from '@rhythmd/protocol/topics.ts';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';

/** A broker that lets nobody in for this long is given up for the next. */
const CONNECT_MS = 2000;
const KEEPALIVE_S = 4;
const LEAVES = ['state', 'info', 'lead', 'vitals', 'alert', 'alert/active', 'beat', 'bridge'];

/** What a browser's page does: QoS 0, a new client id for each connection, the next address when one fails. */
export class WardPage {
  /** From the device's `sink.alert()` to here. */
  readonly alertDelaysMs: number[] = [];
  /** When each of these came, ms after the page's start. */
  readonly alertAtMs: number[] = [];
  /** Each time the broker was lost: until another let us in. */
  readonly outagesMs: number[] = [];
  /** After a new connection: until every bed had said its state, info and active alerts again. */
  readonly knownAgainMs: number[] = [];
  /** The longest that a bed was not heard, while the page was connected and did not say so. */
  longestStaleMs = 0;
  silences = 0;
  messages = 0;
  readonly #beds: ReadonlyMap<
    string,
    { heardMs: number | null; state: 'online' | 'offline' | null; told: Set<string>; silent: boolean }
  >;
  readonly #urls: readonly string[];
  readonly #options: IClientOptions;
  readonly #base: string;
  #client: MqttClient | null = null;
  #at = 0;
  #number = 0;
  #lostMs: number | null = null;
  #sinceMs: number | null = null;
  #isKnown = false;
  #looking: NodeJS.Timeout | null = null;
  #stopped = false;
  #startMs = 0;

  constructor(urls: readonly string[], base: string, ids: readonly string[], options: IClientOptions) {
    this.#urls = urls;
    this.#options = options;
    this.#base = base;
    this.#beds = new Map(
      ids.map((id) => [`${base}/${id}`, { heardMs: null, state: null, told: new Set(), silent: false }]),
    );
  }

  start(): void {
    this.#startMs = performance.now();
    this.#attempt();
    this.#looking = setInterval(() => this.#look(), 100);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#looking) clearInterval(this.#looking);
    this.#client?.end(true);
  }

  #attempt(): void {
    if (this.#stopped) return;
    const url = this.#urls[this.#at % this.#urls.length] as string;
    const own = { clientId: `page-${process.pid}-${this.#number++}`, clean: true, keepalive: KEEPALIVE_S };
    const client = connect(url, { ...this.#options, ...own, reconnectPeriod: 0, connectTimeout: CONNECT_MS });
    this.#client = client;
    client.on('error', () => {});
    client.once('connect', () => {
      const nowMs = performance.now();
      if (this.#lostMs !== null) this.outagesMs.push(nowMs - this.#lostMs);
      this.#lostMs = null;
      this.#sinceMs = nowMs;
      this.#isKnown = false;
      for (const bed of this.#beds.values()) bed.told.clear();
      // One filter a leaf: each is a transaction of the whole cluster, and 128 of them took RabbitMQ longer than a keepalive.
      client.subscribe(
        LEAVES.map((leaf) => `${this.#base}/+/${leaf}`),
        { qos: 0 },
      );
    });
    client.on('message', (topic, payload) => this.#take(topic, payload.toString()));
    client.once('close', () => {
      client.end(true);
      this.#lostMs ??= performance.now();
      this.#sinceMs = null;
      this.#at++;
      setTimeout(() => this.#attempt(), 100);
    });
  }

  #take(topic: string, text: string): void {
    const read = readTopic(topic);
    const bed = read && this.#beds.get(read.base);
    if (!read || !bed) return;
    this.messages++;
    bed.heardMs = performance.now();
    bed.told.add(read.path);
    if (read.path === 'state') bed.state = JSON.parse(text).state;
    if (read.path === 'alert') {
      this.alertDelaysMs.push(Date.now() - JSON.parse(text).t_ms);
      this.alertAtMs.push(performance.now() - this.#startMs);
    }
    const all = [...this.#beds.values()];
    if (this.#sinceMs === null || this.#isKnown) return;
    this.#isKnown = all.every(
      ({ told }) => told.has('state') && told.has('info') && told.has('alert/active'),
    );
    if (this.#isKnown) this.knownAgainMs.push(performance.now() - this.#sinceMs);
  }

  /** What the page shows of each bed: one that is not heard must be said to be so. */
  #look(): void {
    const nowMs = performance.now();
    for (const bed of this.#beds.values()) {
      const silentMs = bed.heardMs === null ? null : nowMs - bed.heardMs;
      const presence = presenceOf({ state: bed.state, bridge: null, silentMs });
      if (presence === 'there' && this.#sinceMs !== null)
        this.longestStaleMs = Math.max(this.longestStaleMs, silentMs ?? 0);
      const silent = presence === 'silent' || presence === 'offline';
      if (silent && !bed.silent) this.silences++;
      bed.silent = silent;
    }
  }
}
