/**
 * The paper's second question: what a beat takes of the device, for each of its five networks and ours, by the integer executor
 * on both processors. `npm run bench -- paper [NETWORK...]`; the others stay as they were counted before.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { Executor } from '@rhythmd/ecg/network/executor.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { build } from 'esbuild';
import { type Device, ZERO, ZERO_2 } from '../support/emulated/device.ts';
import { repositoryRoot } from '../support/needs.ts';
import { buildCounter } from './instructions/emulator.ts';
import { findParts } from './instructions/parts.ts';
import { parseCounts, perBeat, roundsOf } from './instructions/per-beat.ts';
import { quantizedNetwork } from './paper/quantized.ts';
import type { BenchResult, BenchTopic } from './topic.ts';

/** The paper's, then ours. */
const NETWORKS = [
  'resnet50',
  'resnet101',
  'densenet201',
  'mobilenetv2',
  'efficientnetb0',
  'beatnet',
  'beatnet2',
];
/** What is shipped is counted as it is; the others with the weights that training begins with. */
const SHIPPED: Readonly<Record<string, string>> = { beatnet: 'beatnet', beatnet2: 'beatnet2' };
const DEVICES: Readonly<Record<'a53' | 'arm1176', Device>> = { a53: ZERO_2, arm1176: ZERO };
/** A small network is compiled after some beats (beatnet2 with two branches after more than 60, with three after fewer); a large one during its first. */
const WARM_UP = { small: 300, large: 1 } as const;
const ROUNDS = { small: 3, large: 1 } as const;
const SMALL_BYTES = 1e6;

const run = promisify(execFile);
const resultPath = fileURLToPath(new URL('results/paper.json', import.meta.url));

interface OnDevice {
  readonly network: string;
  readonly fileBytes: number;
  /** Of the executor: weights, and every value of a beat. */
  readonly memoryBytes: number;
  /** A beat by the WebAssembly kernel; why it cannot be run, where it cannot. */
  readonly instructions: Readonly<Record<keyof typeof DEVICES, number>> | null;
  readonly refused: string | null;
}

export const topic: BenchTopic = {
  summary: "instructions and memory of a beat by the paper's networks and ours, on both processors",
  async run(args, progress) {
    for (const name of args) networkNamed(name);
    const chosen = args.length === 0 ? NETWORKS : args;
    const rows = new Map(earlier().map((row) => [row.network, row]));
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-paper-'));
    try {
      const { gcc, versions } = findParts();
      const plugin = join(folder, 'counter.so');
      await buildCounter(gcc, plugin);
      await bundleGuest(join(folder, 'guest.mjs'));
      for (const network of chosen) {
        const row = await onDevices(network, folder, plugin);
        rows.set(network, row);
        progress(`${network}: ${JSON.stringify(row.instructions ?? row.refused)}`);
      }
      const emulator = `QEMU ${versions.qemu}, Node ${versions.node} on the Cortex-A53 and Debian's 18.20 on the ARM1176`;
      return resultOf(
        NETWORKS.flatMap((name) => rows.get(name) ?? []),
        emulator,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function onDevices(network: string, folder: string, plugin: string): Promise<OnDevice> {
  const shipped = SHIPPED[network];
  const onnx =
    shipped === undefined
      ? await quantizedNetwork(network)
      : (await readModelFiles(join(repositoryRoot, 'models', shipped))).onnx;
  const fileBytes = onnx.length;
  let memoryBytes: number;
  try {
    memoryBytes = new Executor(onnx).memoryBytes;
  } catch (error) {
    return { network, fileBytes, memoryBytes: 0, instructions: null, refused: String(error) };
  }
  const path = join(folder, `${network}.onnx`);
  writeFileSync(path, onnx);
  const size = fileBytes < SMALL_BYTES ? 'small' : 'large';
  const counted = await Promise.all(
    Object.entries(DEVICES).map(async ([name, device]) => {
      device.find();
      const [emulator, ...words] = device.command(folder) as [string, ...string[]];
      const out = join(folder, `counts-${name}`);
      const counting = ['-plugin', `${plugin},out=${out},kill=${device.killNumber}`];
      await run(emulator, [
        ...counting,
        ...words,
        join(folder, 'guest.mjs'),
        path,
        String(WARM_UP[size]),
        String(ROUNDS[size]),
      ]);
      return [name, perBeat([roundsOf(parseCounts(readFileSync(out, 'utf8')), 1)]).median] as const;
    }),
  );
  return {
    network,
    fileBytes,
    memoryBytes,
    instructions: Object.fromEntries(counted) as OnDevice['instructions'],
    refused: null,
  };
}

async function bundleGuest(outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('paper/guest.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node18.20',
    logLevel: 'warning',
  });
}

function earlier(): readonly OnDevice[] {
  return existsSync(resultPath) ? JSON.parse(readFileSync(resultPath, 'utf8')).networks : [];
}

function resultOf(networks: readonly OnDevice[], emulator: string): BenchResult {
  const millions = (value: number | undefined) => (value === undefined ? null : (value / 1e6).toFixed(1));
  return {
    tables: [
      {
        title: 'A beat by the integer executor (WebAssembly), emulated; nothing on hardware',
        columns: [
          'network',
          'file, MB',
          'memory, MB',
          'Cortex-A53, million instructions',
          'ARM1176, million instructions',
        ],
        rows: networks.map(({ network, fileBytes, memoryBytes, instructions, refused }) => [
          network,
          (fileBytes / 1e6).toFixed(2),
          refused === null ? (memoryBytes / 1e6).toFixed(1) : refused,
          millions(instructions?.a53),
          millions(instructions?.arm1176),
        ]),
        note: `${emulator}; all threads counted; of small networks the median of ${ROUNDS.small} beats after ${WARM_UP.small}, of large ones the second beat.`,
      },
    ],
    json: { emulator, networks },
  };
}
