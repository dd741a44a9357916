/**
 * A queue of a RabbitMQ cluster that hands out what devices say in order, whichever node dies: copies on all nodes (quorum), and one
 * consumer at a time (`x-single-active-consumer`: rabbitmq.com/docs/consumers). A session of MQTT that moves to another node is a second
 * consumer while the first is not yet known to be dead, and what that one had not acknowledged then comes after newer messages.
 */
import { connect, credentials } from 'amqplib';

const EXCHANGE = 'amq.topic';
const RETRY_MS = 500;
const HEARTBEAT_S = 5;
const PREFETCH = 100;
/** What nobody fetched for two weeks goes with its queue. */
const EXPIRES_MS = 1_209_600_000;

/**
 * Goes from one address to the next, for ever.
 * @param options urls: amqp://host:port of every node; user, password; queue: its name; filters: of MQTT, with + and #;
 *   shared: several take turns at it, and order is between those of one consumer only
 * @param take gets topic and payload (bytes); the message leaves the queue when its promise resolves
 * @returns stops it
 */
export function consumeInOrder(options, take, say = () => {}) {
  const { urls, user, password, queue, filters, shared = false } = options;
  let connection = null;
  let stopped = false;
  let at = 0;

  async function attempt() {
    if (stopped) return;
    const url = urls[at++ % urls.length];
    let ended = false;
    const again = () => {
      if (ended) return;
      ended = true;
      if (!stopped) setTimeout(attempt, RETRY_MS);
    };
    try {
      const own = await connect(`${url}?heartbeat=${HEARTBEAT_S}`, {
        credentials: credentials.plain(user, password),
        timeout: 5000,
      });
      connection = own;
      own.on('error', (error) => say(`broker: ${error.message}`));
      own.on('close', again);
      if (stopped) return void (await own.close());
      await consume(await own.createChannel());
      say(`archiving from ${new URL(url).host}`);
    } catch (error) {
      say(`${url}: ${error.message}`);
      await connection?.close().catch(() => {});
      again();
    }
  }

  async function consume(channel) {
    let last = Promise.resolve();
    channel.on('error', (error) => say(`broker: ${error.message}`));
    // A queue that was deleted, a leader that is gone: begin anew.
    channel.on('close', () => connection?.close().catch(() => {}));
    await channel.assertQueue(queue, {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-expires': EXPIRES_MS,
        ...(shared ? {} : { 'x-single-active-consumer': true }),
      },
    });
    for (const filter of filters)
      await channel.bindQueue(queue, EXCHANGE, filter.replaceAll('/', '.').replaceAll('+', '*'));
    await channel.prefetch(PREFETCH);
    await channel.consume(queue, (message) => {
      // The broker ended it.
      if (message === null) return void connection?.close().catch(() => {});
      const topic = message.fields.routingKey.replaceAll('.', '/');
      last = last
        .then(() => take(topic, message.content))
        .then(() => channel.ack(message))
        .catch(() => {});
    });
  }

  void attempt();
  return async () => {
    stopped = true;
    await connection?.close().catch(() => {});
  };
}
