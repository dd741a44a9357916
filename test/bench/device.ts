/**
 * What the installed daemon takes of a device: `npm run bench -- device [PART...] [--minutes=10] [--on=a53|arm1176] [--executor=integer|onnxruntime]`. Parts: size,
 * memory (with what a card is written), growth, idle, instructions (on both processors, or one); without: all of them. What is not measured now stays as it was measured before.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { findRecord } from '@rhythmd/records/folders.ts';
import { type Device, ZERO, ZERO_2 } from '../support/emulated/device.ts';
import { type Part, symbolsOf } from './device/by-part.ts';
import { type CountedDaemon, countDaemon } from './device/counted-daemon.ts';
import { type Footprint, measureFootprint } from './device/footprint.ts';
import { type Growth, measureGrowth } from './device/growth.ts';
import { countIdle, type Idle } from './device/idle.ts';
import { Installed } from './device/installed.ts';
import { buildCounter } from './instructions/emulator.ts';
import { findParts } from './instructions/parts.ts';
import { type Machine, thisMachine } from './machine.ts';
import type { BenchResult, BenchTopic } from './topic.ts';

const RECORD = '233';
const MINUTES = 10;
const resultPath = fileURLToPath(new URL('results/device.json', import.meta.url));
const DEVICES: Readonly<Record<string, Device>> = { a53: ZERO_2, arm1176: ZERO };
const EXECUTORS = ['integer', 'onnxruntime'] as const;
const PARTS = ['size', 'memory', 'growth', 'idle', 'instructions'] as const;

interface Measured {
  readonly size: { readonly alone: number; readonly withRuntime: number } | null;
  readonly memory: {
    readonly minutes: number;
    readonly machine: Machine;
    readonly rows: readonly Footprint[];
  } | null;
  readonly growth: Growth | null;
  readonly idle: Idle | null;
  readonly instructions: {
    readonly emulator: string;
    readonly rows: Readonly<Record<string, CountedDaemon>>;
  } | null;
}

export const topic: BenchTopic = {
  summary: 'memory, writes, size and instructions of the installed daemon',
  async run(args, progress) {
    const { parts, minutes, devices, executors } = asked(args);
    const record = findRecord(RECORD);
    if (record === null)
      throw new RhythmdError('E_RECORD_NOT_FOUND', `no record ${RECORD}`, 'npm run records -- fetch');
    const source = `wfdb://${record}?speed=1&loop=true`;
    const installed = new Installed();
    let now: Partial<Measured> = {};
    try {
      if (parts.has('size')) now = { ...now, size: installed.sizesMb };
      if (parts.has('memory')) {
        progress(`${minutes} minutes at real time, with onnxruntime and without`);
        const places = [installed.withRuntime, installed.alone];
        const rows = await Promise.all(places.map((place) => measureFootprint(place, source, minutes)));
        now = { ...now, memory: { minutes, machine: thisMachine(), rows } };
      }
      if (parts.has('growth')) {
        progress(`${minutes} minutes faster than life, without onnxruntime`);
        now = { ...now, growth: await measureGrowth(installed.alone, record, minutes) };
      }
      if (parts.has('idle')) now = { ...now, idle: await countIdle(installed.alone) };
      if (parts.has('instructions')) {
        now = { ...now, instructions: await count(installed, source, { devices, executors }, progress) };
      }
    } finally {
      installed.close();
    }
    // Another part may have been measured beside this one.
    return resultOf({ ...earlier(), ...now });
  },
};

interface Asked {
  readonly parts: ReadonlySet<string>;
  readonly minutes: number;
  readonly devices: readonly Device[];
  readonly executors: readonly string[];
}

function asked(args: readonly string[]): Asked {
  const option = (name: string) => args.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const minutes = Number(option('minutes') ?? MINUTES);
  const on = option('on');
  const devices =
    on === undefined ? Object.values(DEVICES) : [DEVICES[on]].filter((one) => one !== undefined);
  const wanted = option('executor');
  const executors = EXECUTORS.filter((one) => wanted === undefined || one === wanted);
  const words = args.filter((word) => !/^--(minutes|on|executor)=/.test(word));
  const unknown = words.find((word) => !(PARTS as readonly string[]).includes(word));
  if (unknown !== undefined || !(minutes >= 2) || devices.length === 0 || executors.length === 0) {
    throw new RhythmdError(
      'E_USAGE',
      `not understood: ${args.join(' ')}`,
      `Parts: ${PARTS.join(', ')}; --minutes=2 or more; --on=${Object.keys(DEVICES).join(' or ')}; --executor=${EXECUTORS.join(' or ')}`,
    );
  }
  return { parts: new Set(words.length === 0 ? PARTS : words), minutes, devices, executors };
}

async function count(
  installed: Installed,
  source: string,
  { devices, executors }: Pick<Asked, 'devices' | 'executors'>,
  progress: (line: string) => void,
): Promise<Measured['instructions']> {
  const { gcc, node, versions } = findParts();
  const plugin = join(installed.folder, 'counter.so');
  await buildCounter(gcc, plugin);
  const runs: readonly (readonly [Device, (typeof EXECUTORS)[number]])[] = [
    [ZERO_2, 'onnxruntime'],
    [ZERO_2, 'integer'],
    [ZERO, 'integer'],
  ];
  const rows: Record<string, CountedDaemon> = { ...earlier().instructions?.rows };
  const chosen = runs.filter(
    ([device, executor]) => devices.includes(device) && executors.includes(executor),
  );
  for (const [device, executor] of chosen) {
    device.find();
    const place = executor === 'integer' ? installed.alone : installed.withRuntime;
    // Debian's Node has no symbols.
    const symbols = device === ZERO_2 ? symbolsOf(node) : null;
    const counted = await countDaemon({
      device,
      folder: installed.folder,
      plugin,
      place,
      source,
      symbols,
    });
    rows[`${device.name}, ${counted.executor}`] = counted;
    progress(
      `${device.name}, ${counted.executor}: ${millions(counted.perSecond)} million a second of signal`,
    );
  }
  return { emulator: `QEMU ${versions.qemu}, Node ${versions.node} and Debian's 18.20 on the ARM1176`, rows };
}

function earlier(): Measured {
  const none: Measured = { size: null, memory: null, growth: null, idle: null, instructions: null };
  return existsSync(resultPath) ? { ...none, ...JSON.parse(readFileSync(resultPath, 'utf8')) } : none;
}

const millions = (value: number): string => (value / 1e6).toFixed(1);

function resultOf({ size, memory, growth, idle, instructions }: Measured): BenchResult {
  const rows: (readonly (string | number | null)[])[] = [];
  if (size !== null) {
    rows.push(['installed, MB: package alone', size.alone.toFixed(1), 5]);
    rows.push(['installed, MB: with onnxruntime for arm64', size.withRuntime.toFixed(1), 35]);
  }
  for (const row of memory?.rows ?? []) {
    const one = row.executor;
    rows.push([
      `RSS after ${memory!.minutes} min, MB: ${one}`,
      row.rssMb.toFixed(0),
      one === 'integer' ? 75 : 110,
    ]);
    rows.push([`its growth in the second half, MB an hour: ${one}`, row.growthMbPerHour.toFixed(1), null]);
    rows.push([`written to the disk, MB an hour: ${one}`, row.writtenMbPerHour.toFixed(1), 20]);
    rows.push([`waits for the disk an hour: ${one}`, rounded(row.waitsPerHour), 1200]);
    rows.push([`renames an hour: ${one}`, rounded(row.renamesPerHour), 20]);
  }
  if (growth !== null) {
    const ranges = growth.parts.map(
      ({ lowestMb, highestMb }) => `${lowestMb.toFixed(0)} to ${highestMb.toFixed(0)}`,
    );
    const hours = (growth.signalHours / growth.parts.length).toFixed(1);
    rows.push([
      `RSS in every ${hours} h of signal at ${growth.speed} x, MB: ${growth.executor}`,
      ranges.join(', '),
      null,
    ]);
  }
  if (idle !== null) {
    rows.push(['wakings a second of the main thread, nothing connected', idle.mainPerSecond.toFixed(1), 10]);
    rows.push(['wakings a second of all threads, nothing connected', idle.allPerSecond.toFixed(1), null]);
  }
  for (const [name, row] of Object.entries(instructions?.rows ?? {})) {
    const target = name.includes('A53') ? 8 : 15;
    const range = `${millions(row.perSecond)} (${millions(row.lowest)} to ${millions(row.highest)})`;
    rows.push([`million instructions a second of signal: ${name}`, range, target]);
    rows.push([
      `million instructions from the first start to the first beat: ${name}`,
      millions(row.untilFirstBeat),
      null,
    ]);
    rows.push([
      `million instructions from a later start to the first beat: ${name}`,
      row.untilFirstBeatAgain === undefined ? null : millions(row.untilFirstBeatAgain),
      2000,
    ]);
  }
  return {
    tables: [
      {
        title: 'The installed daemon: two leads, recording; nothing on hardware',
        columns: ['what', 'measured', 'must be at most'],
        rows,
        note:
          'Memory and writes on this machine (x86-64), at real time, with a page and two subscribers; writes as /proc/PID/io counts ' +
          `them, waits and renames by strace. Instructions: ${instructions?.emulator ?? 'not counted'}.`,
      },
      ...Object.entries(instructions?.rows ?? {}).flatMap(([name, row]) => partsTable(name, row)),
    ],
    json: { size, memory, growth, idle, instructions },
  };
}

/** Parts below it are not told. */
const LEAST_SHARE = 0.005;

function partsTable(name: string, { parts }: CountedDaemon): BenchResult['tables'] {
  if (!parts) return [];
  const key = ({ name: part, isMain }: Part) => `${part}${isMain ? '' : ' (other threads)'}`;
  const start = new Map(parts.untilFirstBeat.map((part) => [key(part), part.instructions]));
  const running = new Map(parts.perSecond.map((part) => [key(part), part.instructions]));
  const total = (of: ReadonlyMap<string, number>) => [...of.values()].reduce((sum, count) => sum + count, 0);
  const [all, second] = [total(start), total(running)];
  const told = [...new Set([...running.keys(), ...start.keys()])].filter(
    (part) => (start.get(part) ?? 0) > LEAST_SHARE * all || (running.get(part) ?? 0) > LEAST_SHARE * second,
  );
  return [
    {
      title: `Where they go: ${name}, million instructions`,
      columns: ['part', 'a second of signal', 'until the first beat'],
      rows: told.map((part) => [
        part,
        ((running.get(part) ?? 0) / 1e6).toFixed(2),
        millions(start.get(part) ?? 0),
      ]),
    },
  ];
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
