/**
 * `npm run bench -- scale [--seconds N] [--record NAME]`: what a device says, counted, and from that the alarm path of up to a million of them by
 * queues (scale/alarm-path.ts). Nothing here measures a speed of this machine. docs/scale.md reads these tables.
 */
import { parseArgs } from 'node:util';
import {
  alarmStorm,
  Delays,
  loadOf,
  quietTime,
  returnOfAll,
  type Shard,
  seeded,
} from './scale/alarm-path.ts';
import { countSaid } from './scale/said.ts';
import type { BenchTopic, ResultTable } from './topic.ts';

/** In, to a ward page, and to the archive. */
const PACKETS_PER_MESSAGE = 3;
const DEVICES = [100, 10_000, 1_000_000];
/** Devices a shard at most: a ward page's broker, and a node of a large cluster. */
const SHARDS = [
  {
    // 7,350 messages a second took 16 % of a core (mosquitto 2.0.11, x86-64, autosave off; counted by its own $SYS): 45,900 a core.
    name: 'mosquitto, one core',
    packetsPerSecond: 45_900,
    most: 1000,
  },
  {
    // 500,000 messages of QoS 1 a second on five nodes of 32 cores (EMQX 4.3 test report).
    name: 'EMQX, a node of 32 cores',
    packetsPerSecond: 100_000,
    most: 5000,
  },
] as const;
const QUIET_S = 10;
const STORM_PART = 0.1;
const OUTAGE_S = 30;
/** The daemon's pauses grow to 15 s (daemon/sink/mqtt/reconnecting.ts), and 16 of its messages are on their way at most. */
const SPREAD_S = 15;
const WINDOW = 16;
const SEED = 17;

export const topic: BenchTopic = {
  summary: 'messages and bytes a device a second, and the alarm path of up to a million devices by queues',
  async run(args, progress) {
    const { values } = parseArgs({
      args: [...args],
      options: { seconds: { type: 'string', default: '120' }, record: { type: 'string', default: '208' } },
    });
    const seconds = Number(values.seconds);
    progress(`record ${values.record} in real time for ${seconds} s`);
    const said = await countSaid(values.record, seconds);
    const usual = said.filter(({ path }) => path !== 'wave');
    const sum = (of: (row: (typeof said)[number]) => number) =>
      usual.reduce((total, row) => total + of(row), 0);
    const messagesPerSecond = sum((row) => row.messagesPerSecond);
    const alertsPerSecond = usual.find(({ path }) => path === 'alert')?.messagesPerSecond ?? 0;
    const paths = [];
    for (const { name, packetsPerSecond, most } of SHARDS) {
      for (const devices of DEVICES) {
        const shards = Math.ceil(devices / most);
        const shard = {
          devices: Math.ceil(devices / shards),
          packetsPerSecond,
          packetsPerMessage: PACKETS_PER_MESSAGE,
          messagesPerSecond,
          alertsPerSecond: Math.max(alertsPerSecond, 0.01),
        };
        progress(`${name}: ${shards} shards of ${shard.devices}`);
        paths.push({ name, devices, shards, load: loadOf(shard), ...delaysOf(shard, shards) });
      }
    }
    return {
      json: { seconds, record: values.record, said, paths },
      tables: [saidTable(said, values.record, seconds), pathTable(paths)],
    };
  },
};

function delaysOf(shard: Shard, shards: number) {
  const random = seeded(SEED);
  const [quiet, storm, after] = [new Delays(), new Delays(), new Delays()];
  // Each shard for itself: they share nothing.
  for (let index = 0; index < shards; index++) quietTime(shard, QUIET_S, random, quiet);
  alarmStorm(shard, STORM_PART, random, storm);
  const untilDoneS = returnOfAll(shard, OUTAGE_S, SPREAD_S, WINDOW, random, after);
  return {
    quietAlerts: quiet.count,
    quietP50Ms: quiet.percentile(0.5),
    quietP99Ms: quiet.percentile(0.99),
    quietP9999Ms: quiet.percentile(0.9999),
    stormP99Ms: storm.percentile(0.99),
    afterOutageP50Ms: after.percentile(0.5),
    afterOutageP99Ms: after.percentile(0.99),
    untilDoneS,
  };
}

function saidTable(
  said: Awaited<ReturnType<typeof countSaid>>,
  record: string,
  seconds: number,
): ResultTable {
  const usual = said.filter(({ path }) => path !== 'wave');
  const total = (of: (row: (typeof said)[number]) => number) => usual.reduce((sum, row) => sum + of(row), 0);
  return {
    title: 'What one device says',
    columns: ['topic', 'messages a second', 'bytes a second'],
    rows: [
      ...said.map(({ path, messagesPerSecond, bytesPerSecond }) => [
        path,
        messagesPerSecond.toFixed(2),
        Math.round(bytesPerSecond),
      ]),
      [
        'all but wave',
        total((row) => row.messagesPerSecond).toFixed(2),
        Math.round(total((row) => row.bytesPerSecond)),
      ],
    ],
    note: `Record ${record}, ${seconds} s in real time, payloads and topics, as a subscriber of mosquitto counts them, a second by the device's own vitals; state, info, lead and alert/active are said again every ten seconds.`,
  };
}

function pathTable(
  paths: readonly ({ name: string; devices: number; shards: number; load: number } & ReturnType<
    typeof delaysOf
  >)[],
): ResultTable {
  const ms = (value: number | null) =>
    value === null ? null : value < 10 ? value.toFixed(1) : Math.round(value);
  return {
    title: 'Waiting of an alert in the broker, by queues',
    columns: [
      'broker',
      'devices',
      'shards',
      'load',
      'quiet p50 ms',
      'p99 ms',
      'p99.99 ms',
      'storm p99 ms',
      'return p50 ms',
      'return p99 ms',
      'return done s',
    ],
    rows: paths.map((path) => [
      path.name,
      path.devices,
      path.shards,
      path.load.toFixed(3),
      ms(path.quietP50Ms),
      ms(path.quietP99Ms),
      ms(path.quietP9999Ms),
      ms(path.stormP99Ms),
      ms(path.afterOutageP50Ms),
      ms(path.afterOutageP99Ms),
      path.untilDoneS.toFixed(1),
    ]),
    note:
      `Quiet: ${QUIET_S} s of every shard. Storm: ${STORM_PART * 100} % of a shard alarm within a second. Return: all of a shard come back within ${SPREAD_S} s ` +
      `after ${OUTAGE_S} s without a broker, ${WINDOW} messages each on their way. ${PACKETS_PER_MESSAGE} packets a message: in, to a page, to an archive. Seed ${SEED}.`,
  };
}
