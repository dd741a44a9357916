/**
 * From a RabbitMQ cluster into PostgreSQL, by AMQP: node archive-amqp.mjs. A message leaves the queue when it is committed, so none is lost,
 * whatever is killed; one that comes twice is kept once (schema.sql). A second one started with the same settings stands by, and takes
 * over when the first dies; with ARCHIVE_SHARE=yes several share the work, and order is lost between them.
 *
 * AMQP_URLS=amqp://node-1:5672,amqp://node-2:5672   AMQP_USER=archive   AMQP_PASSWORD_FILE=...   a user with the role `integrator`
 * MQTT_BASE=ecg                 the base of the topics
 * PGHOST, PGDATABASE, ...       as psql reads them
 */
import { openDatabase } from './database.mjs';
import { consumeInOrder } from './ordered-queue.mjs';
import { secretFile } from './secret-file.mjs';

const { AMQP_URLS = 'amqp://127.0.0.1:5672', AMQP_USER = 'archive' } = process.env;
const { MQTT_BASE = 'ecg', ARCHIVE_SHARE = 'no' } = process.env;
const shared = ARCHIVE_SHARE === 'yes';

const devices = [`${MQTT_BASE}/+`, `${MQTT_BASE}/+/+`];
const stop = consumeInOrder(
  {
    urls: AMQP_URLS.split(',').map((url) => url.trim()),
    user: AMQP_USER,
    password: secretFile('AMQP_PASSWORD_FILE', true).toString().trim(),
    // The arguments of a queue cannot be changed: each kind has its own.
    queue: shared ? 'rhythmd-archive-shared' : 'rhythmd-archive',
    filters: devices.flatMap((device) =>
      ['beat', 'alert', 'vitals', 'strip/+'].map((path) => `${device}/${path}`),
    ),
    shared,
  },
  openDatabase(),
  (line) => console.error(line),
);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop().then(() => process.exit(0)));
