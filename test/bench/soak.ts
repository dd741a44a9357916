/**
 * `npm run bench -- soak [--hours N] [--speed N] [--seed S]`: a day of signal in minutes, and each minute of it something
 * goes wrong. What was promised is looked for at the end.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { until } from '../support/until.ts';
import { FAULTS } from './soak/faults.ts';
import { World } from './soak/world.ts';
import type { BenchTopic } from './topic.ts';

const RECORD = '208';
const DEFAULT_HOURS = '24';
/** A day in 24 minutes; a slower machine is given less. */
const DEFAULT_SPEED = '60';
const MINUTE_MS = 60_000;
/** A backlog that has not become smaller for this long stands still. */
const STANDSTILL_MS = 120_000;
/** From the first quarter, when everything has been loaded, to the last. */
const MEMORY_GROWTH = 1.15;

export const topic: BenchTopic = {
  summary: 'hours of signal, accelerated, with a fault each minute of it',
  async run(args, progress) {
    const options = {
      hours: { type: 'string', default: DEFAULT_HOURS },
      speed: { type: 'string', default: DEFAULT_SPEED },
      seed: { type: 'string', default: '1' },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    const [hours, speed, seed] = [Number(values.hours), Number(values.speed), Number(values.seed)];
    if (!(hours > 0) || !(speed > 0) || !Number.isFinite(seed)) {
      throw new RhythmdError('E_USAGE', 'soak [--hours N] [--speed N] [--seed S]');
    }
    const random = new SeededRandom(seed);
    const world = new World();
    const struck = new Map<string, number>();
    const problems: string[] = [];
    try {
      await world.begin(RECORD, speed);
      await until(() => world.heard.length > 0, 'the first beat', 60_000);
      const periodMs = MINUTE_MS / speed;
      let startMs = performance.now();
      const total = Math.round(hours * 60);
      for (let minute = 0; minute < total; minute++) {
        const fault = FAULTS[Math.floor(random.uniform() * FAULTS.length)]!;
        await fault.strike(world, random, periodMs / 2).catch((error) => {
          problems.push(`minute ${minute}, ${fault.name}: ${describeError(error).split('\n')[0]}`);
        });
        struck.set(fault.name, (struck.get(fault.name) ?? 0) + 1);
        if (world.daemon.process.exitCode !== null) break;
        await sleep(Math.max(0, startMs + (minute + 1) * periodMs - performance.now()));
        if (minute % 60 !== 59) continue;
        const [waited, sinceMs] = [world.health?.outbox?.messages, performance.now()];
        const stuck = await rest(world);
        if (stuck !== null) problems.push(`after ${(minute + 1) / 60} h: ${stuck}`);
        startMs += performance.now() - sinceMs;
        progress(
          `${(minute + 1) / 60} h: ${world.heard.length} messages, ${waited} had waited, ${world.health?.rss_mb} MB`,
        );
      }
      world.time.set(0);
      problems.push(...(await aftermath(world)));
      const json = {
        record: RECORD,
        hours,
        speed,
        seed,
        ...figuresOf(world),
        struck: Object.fromEntries(struck),
        problems,
      };
      if (problems.length > 0)
        throw new RhythmdError('E_BENCH_TARGET', `the soak misses its target: ${JSON.stringify(json)}`);
      return { tables: [tableOf(json)], json };
    } finally {
      await world.end();
    }
  },
};

/** What does not hold once everything is whole again. */
async function aftermath(world: World): Promise<string[]> {
  const { daemon, heard } = world;
  if (daemon.process.exitCode !== null || daemon.process.signalCode !== null)
    return [`the daemon ended:\n${daemon.log.slice(-2000)}`];
  const problems: string[] = [];
  const stuck = await rest(world);
  if (stuck !== null) problems.push(stuck);
  const before = world.healths.length;
  const isWell = () => {
    if (world.healths.length < before + 2) return false;
    const { broker, outbox, recorder, source } = world.health ?? {};
    return (
      broker?.connected === true &&
      (outbox?.messages ?? 99) < 20 &&
      recorder?.state === 'recording' &&
      source?.state === 'streaming'
    );
  };
  await until(isWell, () => JSON.stringify(world.health), 120_000).catch((error) =>
    problems.push(`not well again: ${error.message}`),
  );
  const last = heard.reduce((most, { seq }) => Math.max(most, seq ?? 0), 0);
  const seen = new Set(heard.flatMap(({ topic, seq }) => (topic === 'beat' ? [seq] : [])));
  const first = [...seen].reduce((least, seq) => Math.min(least, seq), last);
  const missing = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(
    (seq) => !seen.has(seq),
  );
  if (missing.length > 0) problems.push(`${missing.length} beats never arrived: ${missing.slice(0, 5)}`);
  const lost = world.health?.outbox?.dropped ?? 0;
  if (lost > 0) problems.push(`the outbox gave up ${lost}`);
  const begun = new Set<string>();
  for (const { topic, id, phase } of heard) {
    if (topic !== 'alert') continue;
    if (phase === 'start') begun.add(id);
    else if (!begun.has(id)) problems.push(`alert ${id} ${phase} without its start`);
  }
  const folder = join(world.disk?.folder ?? daemon.stateFolder, 'recordings');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.hea'))) {
    try {
      readRecord(join(folder, name.slice(0, -'.hea'.length)));
    } catch (error) {
      // Given up for room, or dated anew, since the folder was read.
      if (existsSync(join(folder, name))) problems.push(`${name}: ${describeError(error)}`);
    }
  }
  const { rss_early: early, rss_late: late } = figuresOf(world);
  if (late > MEMORY_GROWTH * early) problems.push(`memory grew from ${early} to ${late} MB`);
  return problems;
}

/**
 * The board rests until the broker has what waits: many times as fast as life more beats come than a broker takes that is killed
 * each few seconds. As long as the backlog gets smaller: how fast is the machine's affair.
 * @returns what is wrong, or null
 */
async function rest(world: World): Promise<string | null> {
  world.line.unplug();
  try {
    return await drained(world);
  } finally {
    world.line.plugIn();
  }
}

async function drained(world: World): Promise<string | null> {
  let least = Number.POSITIVE_INFINITY;
  let sinceMs = performance.now();
  for (;;) {
    const waiting = world.health?.outbox?.messages ?? Number.POSITIVE_INFINITY;
    if (waiting === 0) return null;
    if (waiting < least) [least, sinceMs] = [waiting, performance.now()];
    if (performance.now() - sinceMs > STANDSTILL_MS)
      return `the broker does not get what waits: ${JSON.stringify(world.health?.outbox)}`;
    await sleep(1000);
  }
}

function figuresOf({ heard, healths, health }: World) {
  const memory = healths.map(({ rss_mb }) => rss_mb ?? 0);
  const mean = (part: number[]) =>
    Math.round(part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length));
  const quarter = Math.ceil(memory.length / 4);
  const beats = heard.filter(({ topic }) => topic === 'beat');
  return {
    beats: new Set(beats.map(({ seq }) => seq)).size,
    beats_repeated: beats.length - new Set(beats.map(({ seq }) => seq)).size,
    alerts: new Set(heard.filter(({ topic }) => topic === 'alert').map(({ id }) => id)).size,
    rss_early: mean(memory.slice(quarter, 2 * quarter)),
    rss_late: mean(memory.slice(-quarter)),
    queues: health?.queues ?? {},
  };
}

function tableOf(
  json: { hours: number; speed: number; seed: number; struck: Record<string, number> } & ReturnType<
    typeof figuresOf
  >,
) {
  return {
    title: 'Soak',
    columns: ['survived', 'count'],
    rows: [
      ...Object.entries(json.struck),
      ['beats that arrived, none missing', json.beats],
      ['of them more than once, recognisable by id', json.beats_repeated],
      ['alerts', json.alerts],
      ['memory in the second quarter and in the last, MB', `${json.rss_early} / ${json.rss_late}`],
    ] as (string | number)[][],
    note: `${json.hours} h of record ${RECORD} at ${json.speed} times life, seed ${json.seed}; a fault each minute of signal. The daemon was never started again.`,
  };
}
