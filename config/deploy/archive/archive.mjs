/**
 * From MQTT into PostgreSQL: node archive.mjs. A message is acknowledged when it is committed, so none is lost, whatever is killed; one that
 * comes twice is kept once (schema.sql). Several of these share the work on mosquitto ($share); on RabbitMQ 3.10 `$share` delivers
 * nothing: run one there, with ARCHIVE_SHARE=no, whose session is a quorum queue of its own.
 *
 * MQTT_URL=mqtts://broker:8883  MQTT_USER=archive  MQTT_PASSWORD_FILE=...  MQTT_CA_FILE=...   a user with the role `integrator`
 * ARCHIVE_NAME=archive-1        the session's name: another for each that runs
 * PGHOST, PGDATABASE, ...       as psql reads them
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import mqtt from 'mqtt';

const { MQTT_URL = 'mqtt://127.0.0.1:1883', ARCHIVE_NAME = 'archive-1', ARCHIVE_SHARE = 'yes' } = process.env;
const { MQTT_USER, MQTT_PASSWORD_FILE, MQTT_CA_FILE, MQTT_BASE = 'ecg' } = process.env;
/** Longer than any message of ours: a strip has some 30 kB. */
const MAX_BYTES = 1_000_000;
const isShared = ARCHIVE_SHARE === 'yes';

const psql = spawn('psql', ['-qAtX', '-v', 'ON_ERROR_STOP=1'], { stdio: ['pipe', 'pipe', 'inherit'] });
/** One statement at a time: what MQTT.js hands us next waits until this one is answered. */
let answered = null;
createInterface({ input: psql.stdout }).on('line', (line) => {
  if (line === 'done') answered?.();
});
psql.stdin.on('error', () => {});
// Without the database nothing is acknowledged: the service manager starts us again, and the broker sends it again.
psql.on('exit', (status) => {
  console.error(`psql ended (${status}); what was not committed comes again`);
  process.exit(1);
});

/** As hexadecimal, nothing in it means anything to SQL. */
const literal = (bytes) => `convert_from('\\x${Buffer.from(bytes).toString('hex')}', 'UTF8')`;

const isUtf8 = (bytes) => {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(bytes).includes('\0');
  } catch {
    return false;
  }
};

function take({ topic, payload }, onCommitted) {
  const isReadable = payload.length <= MAX_BYTES && isUtf8(payload);
  const shown = isReadable ? payload : 'not text, or too long';
  answered = onCommitted;
  psql.stdin.write(`SELECT rhythmd.take(${literal(topic)}, ${literal(shown)});\n\\echo done\n`);
}

const client = mqtt.connect(MQTT_URL, {
  clientId: ARCHIVE_NAME,
  clean: false,
  protocolVersion: isShared ? 5 : 4,
  reconnectPeriod: 500,
  // The session outlives us by two weeks, in seconds.
  ...(isShared ? { properties: { sessionExpiryInterval: 1_209_600, receiveMaximum: 100 } } : {}),
  username: MQTT_USER,
  password: MQTT_PASSWORD_FILE && readFileSync(MQTT_PASSWORD_FILE, 'utf8').trim(),
  ca: MQTT_CA_FILE && readFileSync(MQTT_CA_FILE),
});
client.handleMessage = take;
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
