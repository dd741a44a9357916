/** The archive of config/deploy/archive with a real mosquitto, a real RabbitMQ and a real PostgreSQL, and the queries of the Grafana dashboards against it. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connectAsync } from 'mqtt';
import { alertEvent, beatEvent, vitalsEvent } from '../../support/delivery/events.ts';
import { startMosquitto } from '../../support/delivery/sink.ts';
import { ExampleBrokers } from '../../support/example-brokers.ts';
import { needsFile, needsProgram, repositoryRoot } from '../../support/needs.ts';
import { Postgres, postgresPrograms } from '../../support/postgres.ts';
import { until } from '../../support/until.ts';

const deploy = join(repositoryRoot, 'config/deploy');
const BEATS = 200;

async function startArchive(
  t: TestContext,
  url: string,
  database: Postgres,
  name: string,
): Promise<ChildProcess> {
  return startProgram(t, 'archive.mjs', database, { MQTT_URL: url, ARCHIVE_NAME: name });
}

async function startProgram(
  t: TestContext,
  name: string,
  database: Postgres,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const environment = { ...database.environment, ...settings };
  const child = spawn(process.execPath, [join(deploy, 'archive', name)], { env: environment });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until(
    () => said.includes('archiving'),
    () => `${name}: ${said}`,
  );
  return child;
}

const programs = { ...needsFile(postgresPrograms(), 'postgresql'), ...needsProgram('mosquitto', 'psql') };

test(
  'the archive: nothing lost by a kill, nothing kept twice, nothing bent by what strangers send',
  programs,
  async (t) => {
    const database = new Postgres();
    t.after(() => database.remove());
    await database.start();
    for (const file of ['schema.sql', 'upkeep.sql']) await database.file(join(deploy, 'archive', file));
    const mosquitto = await startMosquitto(t);
    const first = await startArchive(t, mosquitto.url, database, 'archive-1');
    await startArchive(t, mosquitto.url, database, 'archive-2');
    const device = await connectAsync(mosquitto.url, {}, false);
    t.after(() => device.endAsync(true));
    const say = (path: string, event: object | string) =>
      device.publishAsync(
        `ecg/ward-3/d1/${path}`,
        typeof event === 'string' ? event : JSON.stringify(event),
        { qos: 1 },
      );
    const nowMs = Date.now();
    for (let seq = 1; seq <= BEATS; seq++) {
      await say('beat', { ...beatEvent(seq), t_ms: nowMs });
      if (seq === BEATS / 2) first.kill('SIGKILL');
      if (seq % 20 === 0) await say('beat', { ...beatEvent(seq), t_ms: nowMs });
    }
    await startArchive(t, mosquitto.url, database, 'archive-1');
    for (const phase of ['start', 'end', 'end'] as const)
      await say('alert', { ...alertEvent('a1', phase), t_ms: nowMs });
    await say('vitals', { ...vitalsEvent(null), t_ms: nowMs });
    await say('vitals', { ...vitalsEvent(72), t_ms: nowMs + 1000 });
    await say('strip/a1', { alert_id: 'a1', t_ms: nowMs });
    for (const odd of [
      "'); DROP TABLE rhythmd.beat; --",
      '{"t_ms":"soon"}',
      '[]',
      '{"id":"x\\u0000"}',
      '\\echo done',
      '{"t_ms":1e300}',
    ])
      await say('beat', odd);
    await until(
      async () => (await database.sql('SELECT count(*) FROM rhythmd.odd')) === '6',
      () => 'six odd ones',
    );
    await until(
      async () =>
        (await database.sql('SELECT count(DISTINCT seq), count(*) FROM rhythmd.beat')) ===
        `${BEATS}|${BEATS}`,
      'all beats, once',
    );
    assert.equal(await database.sql('SELECT DISTINCT device FROM rhythmd.beat'), 'ecg/ward-3/d1');
    assert.equal(await database.sql('SELECT count(*) FROM rhythmd.alert'), '2');
    assert.equal(
      await database.sql('SELECT count(*), count(hr_bpm) FROM rhythmd.vitals'),
      '2|1',
      'unknown is null',
    );
    assert.equal(await database.sql('SELECT count(*) FROM rhythmd.strip'), '1');

    for (let again = 0; again < 2; again++) await database.sql('SELECT rhythmd.sum_up()');
    assert.equal(
      await database.sql('SELECT sum(beats), sum(alerts_high), sum(seconds_known) FROM rhythmd.hour'),
      `${BEATS}|1|1`,
    );
    await assert.rejects(database.sql("SELECT rhythmd.forget('1 day')"), /9 days/);
    await database.sql(
      "UPDATE rhythmd.beat SET t = t - interval '100 days' WHERE seq <= 50; SELECT rhythmd.forget('90 days')",
    );
    assert.equal(await database.sql('SELECT count(*) FROM rhythmd.beat'), String(BEATS - 50));

    for (const name of readdirSync(join(deploy, 'grafana'))) {
      for (const query of queriesOf(JSON.parse(readFileSync(join(deploy, 'grafana', name), 'utf8'))))
        await database.sql(query).catch((error: Error) => assert.fail(`${name}: ${query}: ${error.message}`));
    }
  },
);

test('the archive by AMQP: a second one stands by and takes over when the first is killed; in order, nothing lost, nothing twice', {
  ...needsFile(postgresPrograms(), 'postgresql'),
  ...needsProgram('/usr/lib/rabbitmq/bin/rabbitmq-server', 'haproxy', 'openssl', 'psql'),
}, async (t) => {
  const database = new Postgres();
  t.after(() => database.remove());
  await database.start();
  for (const file of ['schema.sql', 'upkeep.sql']) await database.file(join(deploy, 'archive', file));
  const brokers = new ExampleBrokers('cluster', 1);
  t.after(() => brokers.remove());
  await brokers.start();
  const settings = {
    // The first node is not there: the next address is taken.
    AMQP_URLS: `amqp://127.0.0.1:1, amqp://127.0.0.1:${brokers.port(5681)}`,
    AMQP_PASSWORD_FILE: join(brokers.folder, 'users/archive/mqtt-password'),
  };
  const first = await startProgram(t, 'archive-amqp.mjs', database, settings);
  await startProgram(t, 'archive-amqp.mjs', database, settings);
  const as = { ...brokers.as('bed-1'), reconnectPeriod: 0 };
  const device = await connectAsync(brokers.mqtts(), as, false);
  t.after(() => device.endAsync(true));
  const nowMs = Date.now();
  for (let seq = 1; seq <= BEATS; seq++) {
    const beat = JSON.stringify({ ...beatEvent(seq), t_ms: nowMs });
    await device.publishAsync('ecg/ward-3/bed-1/beat', beat, { qos: 1 });
    if (seq === BEATS / 2) first.kill('SIGKILL');
  }
  await until(
    async () => (await database.sql('SELECT count(*) FROM rhythmd.beat')) === String(BEATS),
    'all beats, once',
  );
  assert.equal(await database.sql('SELECT DISTINCT device FROM rhythmd.beat'), 'ecg/ward-3/bed-1');
});

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly rawSql: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly type: string; readonly query: string }[] };
}

/** Every query of a dashboard, with what Grafana puts into it. */
function queriesOf({ panels, templating }: Dashboard): string[] {
  const variables = templating.list.filter(({ type }) => type === 'query').map(({ query }) => query);
  return [...variables, ...panels.flatMap(({ targets }) => targets.map(({ rawSql }) => rawSql))].map((sql) =>
    sql
      .replace(/\$__timeFilter\((\w+)\)/g, "$1 BETWEEN now() - interval '1 day' AND now()")
      .replaceAll('$device', 'ecg/ward-3/d1'),
  );
}

for (const [what, environment, line, status] of [
  ['without its password', {}, /^AMQP_PASSWORD_FILE: not set\. Set it to a file/, 2],
  ['with a file that is not there', { AMQP_PASSWORD_FILE: '/nowhere' }, /^AMQP_PASSWORD_FILE: ENOENT/, 2],
  ['without psql', { AMQP_PASSWORD_FILE: '/dev/null' }, /^psql cannot be started: .*postgresql-client\.$/, 1],
] as const) {
  test(`the archive of a cluster ${what} says one line and ends`, () => {
    const { stderr, status: ended } = spawnSync(
      process.execPath,
      [join(deploy, 'archive/archive-amqp.mjs')],
      // Nothing is found along this path, and nobody listens on that port.
      {
        env: { PATH: '/nowhere', AMQP_URLS: 'amqp://127.0.0.1:1', ...environment },
        encoding: 'utf8',
        timeout: 60_000,
      },
    );
    const lines = stderr.trim().split('\n');
    assert.equal(ended, status, stderr);
    assert.ok(
      lines.some((each) => line.test(each)),
      stderr,
    );
    assert.ok(!/^\s+at /m.test(stderr), stderr);
  });
}
