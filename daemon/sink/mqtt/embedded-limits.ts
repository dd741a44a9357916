/**
 * The bounds of the embedded broker. aedes has none for a subscriber that reads slowly or stays away: its
 * socket buffer and its offline queue grow until the daemon dies. Here a slow client first misses QoS 0
 * messages (wave, vitals, health), and a hopeless one is closed; one that is away keeps its oldest messages.
 */
import type { Aedes, Client } from 'aedes';

export const MAX_CLIENTS = 64;
/** Above this a client misses QoS 0 messages. */
const SLOW_CLIENT_BYTES = 64 * 1024;
/** Above this a client is closed. */
export const HOPELESS_CLIENT_BYTES = 1024 * 1024;
/** Messages kept for a persistent session that is away or does not acknowledge. */
export const MAX_OFFLINE_MESSAGES = 2000;
/** The same over all sessions: client ids are free, so their number bounds nothing. */
const MAX_OFFLINE_MESSAGES_TOTAL = 10_000;

/** Topics of others that may be retained: they are kept in our memory. */
export const MAX_FOREIGN_RETAINED = 200;
/** A retained message of others is at most this long. */
const MAX_FOREIGN_RETAINED_BYTES = 16 * 1024;

/** Of one client; a dashboard has a few dozen. */
const MAX_SUBSCRIPTIONS = 100;
/** Sessions that outlive their connection: client ids are free. Beyond it the oldest absent one is forgotten. */
export const MAX_SESSIONS = 100;

export interface EmbeddedCounts {
  skipped: number;
  closedSlow: number;
  refused: number;
  offlineDropped: number;
  /** Sessions of absent clients that were forgotten to make room. */
  evicted: number;
}

/** Whether a message of `qos` may go to this client now; closes it when it is hopeless. */
export function admitForward(client: Client, qos: number, counts: EmbeddedCounts): boolean {
  if (client.conn.destroyed) return false;
  const waiting = 'writableLength' in client.conn ? client.conn.writableLength : 0;
  if (waiting > HOPELESS_CLIENT_BYTES) {
    counts.closedSlow++;
    client.conn.destroy();
    return false;
  }
  if (waiting > SLOW_CLIENT_BYTES && qos === 0) {
    counts.skipped++;
    return false;
  }
  return true;
}

/** Takes the retain flag off a client's message when too much is kept already. */
export function boundRetained(
  packet: { retain: boolean; readonly topic: string; readonly payload: Buffer | string },
  topics: Set<string>,
): void {
  if (!packet.retain) return;
  // An empty payload clears the topic (MQTT 3.1.1, 3.3.1.3).
  if (packet.payload.length === 0) topics.delete(packet.topic);
  else if (topics.size >= MAX_FOREIGN_RETAINED && !topics.has(packet.topic)) packet.retain = false;
  else if (packet.payload.length > MAX_FOREIGN_RETAINED_BYTES) packet.retain = false;
  else topics.add(packet.topic);
}

/** The part of aedes' persistence that is bounded here. */
interface OfflineQueues {
  outgoingEnqueueCombi(subscriptions: readonly { clientId: string }[], packet: unknown): Promise<void>;
  outgoingClearMessageId(client: { id: string }, packet: unknown): Promise<unknown>;
  outgoingStream(client: { id: string }): AsyncIterable<unknown>;
  cleanSubscriptions(client: { id: string }): Promise<void>;
  addSubscriptions(client: Client, subscriptions: readonly { topic: string }[]): Promise<void>;
}

/** Puts a bound on the queues of sessions that are away, by counting what goes in and out. */
export function boundOfflineQueues(broker: Aedes, counts: EmbeddedCounts): void {
  const queues = queuesOf(broker);
  const enqueue = queues.outgoingEnqueueCombi.bind(queues);
  const clear = queues.outgoingClearMessageId.bind(queues);
  const lengths = new Map<string, number>();
  let total = 0;

  queues.outgoingEnqueueCombi = async (subscriptions, packet) => {
    if (subscriptions.length === 0) return;
    const admitted = subscriptions.filter(({ clientId }) => {
      const length = lengths.get(clientId) ?? 0;
      if (length >= MAX_OFFLINE_MESSAGES || total >= MAX_OFFLINE_MESSAGES_TOTAL) {
        counts.offlineDropped++;
        return false;
      }
      lengths.set(clientId, length + 1);
      total++;
      return true;
    });
    await enqueue(admitted, packet);
  };
  queues.outgoingClearMessageId = async (client, packet) => {
    const cleared = await clear(client, packet);
    if (cleared !== undefined) {
      const length = (lengths.get(client.id) ?? 1) - 1;
      if (length > 0) lengths.set(client.id, length);
      else lengths.delete(client.id);
      total--;
    }
    return cleared;
  };
}

function queuesOf(broker: Aedes): OfflineQueues {
  return (broker as unknown as { persistence: OfflineQueues }).persistence;
}

/** Every subscription is looked at for every message: beyond the bound one is refused (MQTT 3.1.1, 3.9.3: 128). */
export function boundSubscriptions(broker: Aedes, counts: EmbeddedCounts): void {
  const topicsOf = new WeakMap<Client, Set<string>>();
  broker.authorizeSubscribe = (client, subscription, done) => {
    const topics = client && (topicsOf.get(client) ?? new Set());
    if (!topics || !client) {
      done(null, subscription);
      return;
    }
    topicsOf.set(client, topics);
    if (topics.size >= MAX_SUBSCRIPTIONS && !topics.has(subscription.topic)) {
      counts.refused++;
      done(null, null);
      return;
    }
    topics.add(subscription.topic);
    done(null, subscription);
  };
  // aedes would keep those that were refused too, for a session that comes back.
  const queues = queuesOf(broker);
  const add = queues.addSubscriptions.bind(queues);
  queues.addSubscriptions = (client, subscriptions) =>
    add(
      client,
      subscriptions.filter(({ topic }) => topicsOf.get(client)?.has(topic)),
    );
  broker.on('unsubscribe', (topics, client) => {
    for (const topic of topics) topicsOf.get(client)?.delete(topic);
  });
}

/** A session is kept for a client that wants one; the oldest of those that are away makes room. */
export function boundSessions(broker: Aedes, counts: EmbeddedCounts): void {
  const queues = queuesOf(broker);
  const connected = new Set<string>();
  const sessions = new Set<string>();
  const forget = async (id: string) => {
    await queues.cleanSubscriptions({ id });
    for await (const packet of queues.outgoingStream({ id }))
      await queues.outgoingClearMessageId({ id }, packet);
  };
  broker.on('client', (client) => {
    connected.add(client.id);
    sessions.delete(client.id);
    if (client.clean) return;
    sessions.add(client.id);
    if (sessions.size <= MAX_SESSIONS) return;
    for (const id of sessions) {
      if (connected.has(id)) continue;
      sessions.delete(id);
      counts.evicted++;
      forget(id).catch(() => {});
      return;
    }
  });
  broker.on('clientDisconnect', (client) => connected.delete(client.id));
}
