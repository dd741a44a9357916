/** What a training step costs, ours and PyTorch's in turns, and that every network can learn. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { networkNamed } from '../../trainer/nets/catalog.ts';
import { initialWeights } from '../../trainer/nets/parameters.ts';
import { stepRates } from '../../trainer/train/adam.ts';
import { Stepper } from '../../trainer/train/stepper.ts';
import { buildTrainingModel } from '../../trainer/train/training-model.ts';
import { overfitOneBatch } from '../support/overfit.ts';
import type { BenchTopic } from './topic.ts';

const NETWORKS = ['resnet50', 'resnet101', 'densenet201', 'mobilenetv2', 'efficientnetb0'];
const BATCHES = [31, 128];
/** The paper's own batch is what the targets speak of. */
const TARGET_BATCH = 31;
const TARGET_RATIO: Readonly<Record<string, number>> = { mobilenetv2: 2, efficientnetb0: 2 };
const LEAST_RATIO = 1.2;
const ROUNDS = 3;
const STEPS_PER_ROUND = 4;
/** Lower would not be zero, higher not learned. */
const ZERO_LOSS = 0.02;
const torchFolder = fileURLToPath(new URL('torch/', import.meta.url));

interface Row {
  readonly network: string;
  readonly batch: number;
  /** Medians of processor time. */
  readonly ours_ms: number;
  readonly pytorch_ms: number | null;
  readonly ratio: number | null;
  readonly peak_rss_mb: number;
}

export const topic: BenchTopic = {
  summary: 'processor time of a training step beside PyTorch, and one batch driven to zero loss',
  async run(args, progress) {
    const names = args.length > 0 ? [...args] : NETWORKS;
    const torch = await startTorch();
    progress(torch === null ? 'no PyTorch here (Debian: python3-torch)' : `beside PyTorch ${torch.version}`);
    const rows: Row[] = [];
    for (const name of names) {
      for (const batch of BATCHES) {
        rows.push(await measureSteps(name, batch, torch));
        progress(`${name}, batch ${batch}: ${JSON.stringify(rows.at(-1))}`);
      }
    }
    torch?.process.stdin.end();
    const learned: Record<string, number> = {};
    for (const name of names) {
      learned[name] = (await overfitOneBatch(networkNamed(name), 12, 60)).at(-1)!;
      progress(`${name}: loss of one batch after 60 steps ${learned[name]}`);
    }
    for (const [name, loss] of Object.entries(learned)) {
      if (!(loss < ZERO_LOSS))
        throw new RhythmdError('E_BENCH_TARGET', `${name} does not learn one batch: ${loss}`);
    }
    return {
      tables: [
        {
          title: 'A training step: forward, loss, backward, Adam; one thread, processor time',
          columns: ['network', 'batch', 'ours, ms', 'PyTorch, ms', 'times as fast', 'must be', 'memory, MB'],
          rows: rows.map((row) => [
            row.network,
            row.batch,
            row.ours_ms.toFixed(0),
            row.pytorch_ms?.toFixed(0) ?? null,
            row.ratio?.toFixed(2) ?? null,
            row.batch === TARGET_BATCH ? (TARGET_RATIO[row.network] ?? LEAST_RATIO) : null,
            row.peak_rss_mb,
          ]),
          note: `Medians of ${ROUNDS} rounds of ${STEPS_PER_ROUND} steps, ours and PyTorch ${torch?.version ?? '-'} in turns.`,
        },
      ],
      json: { pytorch: torch?.version ?? null, steps: rows, loss_of_one_batch: learned },
    };
  },
};

async function measureSteps(name: string, batch: number, torch: Torch | null): Promise<Row> {
  const network = networkNamed(name);
  const model = buildTrainingModel({ network, batch, planes: 1 });
  const stepper = await Stepper.open(model, initialWeights(network, 1));
  const inputs = {
    steps: STEPS_PER_ROUND,
    images: Float32Array.from({ length: STEPS_PER_ROUND * batch * model.imageSize }, (_, i) =>
      Math.sin(i * i),
    ),
    targets: Float32Array.from({ length: STEPS_PER_ROUND * 6 * batch }, (_, i) =>
      Math.floor(i / batch) % 6 === (i % batch) % 6 ? 1 : 0,
    ),
    rates: new Float32Array(STEPS_PER_ROUND * 3),
    noiseSeeds: new Uint32Array(STEPS_PER_ROUND),
  };
  for (let step = 0; step < STEPS_PER_ROUND; step++) inputs.rates.set(stepRates(step + 1, 1e-4, 0), step * 3);
  await stepper.run(inputs);
  await torch?.steps(name, batch, 1);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await stepper.run(inputs);
    const { user, system } = process.cpuUsage(before);
    ours.push((user + system) / 1000 / STEPS_PER_ROUND);
    if (torch !== null) theirs.push(...(await torch.steps(name, batch, STEPS_PER_ROUND)));
  }
  const peak = Math.round(process.memoryUsage().rss / 1e6);
  await stepper.close();
  const oursMs = median(ours);
  const pytorchMs = theirs.length === 0 ? null : median(theirs);
  return {
    network: name,
    batch,
    ours_ms: oursMs,
    pytorch_ms: pytorchMs,
    ratio: pytorchMs === null ? null : pytorchMs / oursMs,
    peak_rss_mb: peak,
  };
}

interface Torch {
  readonly version: string;
  readonly process: ChildProcessWithoutNullStreams;
  readonly steps: (name: string, batch: number, steps: number) => Promise<number[]>;
}

async function startTorch(): Promise<Torch | null> {
  const python = ['/usr/bin/python3', 'python3'].find(hasTorch);
  if (python === undefined) return null;
  const child = spawn(python, ['steps.py'], { cwd: torchFolder });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => JSON.parse((await lines.next()).value as string);
  const { torch } = await next();
  return {
    version: String(torch),
    process: child,
    steps: async (name, batch, steps) => {
      child.stdin.write(`${name} ${batch} ${steps}\n`);
      return (await next()).ms as number[];
    },
  };
}

function hasTorch(python: string): boolean {
  try {
    execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
