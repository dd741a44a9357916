/**
 * From MQTT into PostgreSQL: node archive.mjs. A message is acknowledged when it is committed, so none is lost, whatever is killed; one that
 * comes twice is kept once (schema.sql). Several of these share the work on mosquitto ($share). On RabbitMQ 3.10 `$share` delivers
 * nothing, and a session whose node dies may be handed newer messages before older ones: archive-amqp.mjs is for that.
 *
 * MQTT_URL=mqtts://broker:8883  MQTT_USER=archive  MQTT_PASSWORD_FILE=...  MQTT_CA_FILE=...   a user with the role `integrator`
 * ARCHIVE_NAME=archive-1        the session's name: another for each that runs
 * ARCHIVE_SHARE=no              one alone, with MQTT 3.1.1
 * PGHOST, PGDATABASE, ...       as psql reads them
 */
import mqtt from 'mqtt';
import { openDatabase } from './database.mjs';
import { secretFile } from './secret-file.mjs';

const { MQTT_URL = 'mqtt://127.0.0.1:1883', ARCHIVE_NAME = 'archive-1', ARCHIVE_SHARE = 'yes' } = process.env;
const { MQTT_USER, MQTT_BASE = 'ecg' } = process.env;
const isShared = ARCHIVE_SHARE === 'yes';

const keep = openDatabase();
const client = mqtt.connect(MQTT_URL, {
  clientId: ARCHIVE_NAME,
  clean: false,
  protocolVersion: isShared ? 5 : 4,
  reconnectPeriod: 500,
  // The session outlives us by two weeks, in seconds.
  ...(isShared ? { properties: { sessionExpiryInterval: 1_209_600, receiveMaximum: 100 } } : {}),
  username: MQTT_USER,
  password: secretFile('MQTT_PASSWORD_FILE', false)?.toString().trim(),
  ca: secretFile('MQTT_CA_FILE', false),
});
// What MQTT.js hands us next waits until this one is committed.
client.handleMessage = ({ topic, payload }, onCommitted) => keep(topic, payload).then(() => onCommitted());
client.on('connect', () => {
  const share = isShared ? '$share/archive/' : '';
  const devices = [`${MQTT_BASE}/+`, `${MQTT_BASE}/+/+`];
  const topics = devices.flatMap((device) =>
    ['beat', 'alert', 'vitals', 'strip/+'].map((path) => `${share}${device}/${path}`),
  );
  client.subscribe(topics, { qos: 1 }, (error) => {
    console.error(error ? `cannot subscribe: ${error.message}` : `archiving from ${new URL(MQTT_URL).host}`);
  });
});
client.on('error', (error) => console.error(`broker: ${error.message}`));
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => client.end(false, {}, () => process.exit(0)));
