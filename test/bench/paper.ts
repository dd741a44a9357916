/**
 * The paper's second question: what a beat takes of the device, for each of its five networks and ours, by the integer executor
 * on both processors. `npm run bench -- paper [NETWORK...]`; the others stay as they were counted before. With `--archives` the
 * compressed networks of trainer/results that have fewer channels, and so costs of their own, each from its run's archive.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { readEveryDraw, writeResult } from '@rhythmd/trainer/evaluate/results.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { repositoryRoot } from '../support/needs.ts';
import { modelOfRow, modelPathOf } from './instructions/published-rows.ts';
import { fewerChannels } from './paper/fewer-channels.ts';
import { DeviceCounter, type Refusable, ROUNDS, WARM_UP } from './paper/on-devices.ts';
import { quantizedNetwork } from './paper/quantized.ts';
import type { BenchResult, BenchTopic } from './topic.ts';

const ARCHIVES = '--archives';
/** The paper's, then ours. */
const NETWORKS = [
  'resnet50',
  'resnet101',
  'densenet201',
  'mobilenetv2',
  'efficientnetb0',
  'beatnet',
  'beatnet-context',
  'beatnet2',
];
/** What is shipped is counted as it is; the others with the weights that training begins with. */
const SHIPPED: Readonly<Record<string, string>> = { beatnet: 'beatnet', beatnet2: 'beatnet2' };
const resultPath = fileURLToPath(new URL('results/paper.json', import.meta.url));

interface OnDevice extends Refusable {
  readonly network: string;
  readonly fileBytes: number;
}

export const topic: BenchTopic = {
  summary: "instructions and memory of a beat by the paper's networks and ours, on both processors",
  async run(args, progress) {
    const names = args.filter((word) => word !== ARCHIVES);
    for (const name of names) networkNamed(name);
    const rows = new Map(earlier().map((row) => [row.network, row]));
    const counter = await DeviceCounter.open();
    try {
      if (args.includes(ARCHIVES)) await countArchives(counter, names, progress);
      else {
        for (const network of names.length === 0 ? NETWORKS : names) {
          const onnx = await wholeNetwork(network);
          const row = { network, fileBytes: onnx.length, ...(await counter.count(onnx)) };
          rows.set(network, row);
          progress(`${network}: ${JSON.stringify(row.instructions ?? row.refused)}`);
        }
      }
      return resultOf(
        NETWORKS.flatMap((name) => rows.get(name) ?? []),
        counter.emulator,
      );
    } finally {
      counter.close();
    }
  },
};

async function wholeNetwork(network: string): Promise<Uint8Array> {
  const shipped = SHIPPED[network];
  if (shipped === undefined) return quantizedNetwork(network);
  return (await readModelFiles(join(repositoryRoot, 'models', shipped))).onnx;
}

/** One row after the other: what was counted before an interruption stays. */
async function countArchives(
  counter: DeviceCounter,
  names: readonly string[],
  progress: (line: string) => void,
): Promise<void> {
  const rows = readEveryDraw();
  const waiting = fewerChannels(rows).filter(
    ({ network, onDevices }) => onDevices === undefined && (names.length === 0 || names.includes(network)),
  );
  for (const row of waiting) {
    const name = [row.network, row.method, row.variant, `seed ${row.seed}`].filter(Boolean).join(' ');
    const model = await modelOfRow(row, [modelPathOf(row)]);
    if (model === null) {
      progress(`${name}: its model file is not here`);
      continue;
    }
    const { memoryBytes, instructions, refused } = await counter.count(model.onnx);
    progress(`${name}: ${JSON.stringify(instructions ?? refused)}`);
    writeResult({ ...row, onDevices: { memoryBytes, instructions } });
  }
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
        note: `${emulator}; all threads counted; of small networks the median of ${ROUNDS.small} beats after ${WARM_UP.small}, of large ones of ${ROUNDS.large} after ${WARM_UP.large}; from run to run V8 may compile a large one otherwise (DenseNet201's archive with fewer channels took 235 or 311 million on the ARM1176).`,
      },
    ],
    json: { emulator, networks },
  };
}
